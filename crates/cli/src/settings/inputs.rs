//! The command line and the environment: a setting's value is that of its flag, else of its variable. A blank value
//! counts as absent in both.

use std::cell::Cell;
use std::error::Error;
use std::path::PathBuf;
use std::str::FromStr;

use crate::io::environment::Environment;
use crate::io::files::user_path;
use crate::io::secrets;
use crate::settings::expansion::{Expanded, Variables, expand};
use crate::settings::flags::Flags;
use crate::settings::list::{self, Element};
use crate::settings::setting::{Elements, Setting, Shape};
use crate::settings::settings_error::{Advice, SettingsError};
use crate::settings::table;

/// The command line and the environment of one run.
#[derive(Clone, Copy)]
pub(crate) struct Inputs<'a> {
    /// The flags.
    pub(crate) flags: &'a Flags,
    /// The snapshot of the environment.
    pub(crate) environment: &'a Environment,
}

/// One value, with what its errors need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Value {
    /// The text, variables expanded.
    pub(crate) text: String,
    /// The flag or variable that holds it.
    pub(crate) name: &'static str,
    /// Whether variables were expanded: then a part of it is not what the user typed.
    pub(crate) has_variables: bool,
}

impl Value {
    /// A value with its variables filled in.
    pub(crate) fn of(name: &'static str, expanded: &Expanded) -> Self {
        Self { text: expanded.text(), name, has_variables: expanded.has_variables() }
    }
}

/// When to print in color.
pub(crate) const COLORS: [&str; 3] = ["auto", "always", "never"];

/// A word that is not one of the setting's.
#[derive(Debug, thiserror::Error)]
#[error("invalid value `{}`; expected {words}", text.escape_debug())]
struct UnknownWord {
    text: String,
    words: String,
}

/// Refuses a value that holds an identity token: values are sent to AWS, printed and written to files.
fn refuse_token(name: &'static str, text: &str) -> Result<(), SettingsError> {
    if secrets::hold_token(text) { Err(SettingsError::HoldsToken(name)) } else { Ok(()) }
}

impl Inputs<'_> {
    /// Checks what all commands share: the names of the variables, and the output settings, which the report has read
    /// leniently.
    pub(crate) fn checked(self) -> Result<Self, SettingsError> {
        if let Some(name) = table::unreadable(self.environment) {
            return Err(SettingsError::NotText(name.to_owned()));
        }
        if let Some(name) = table::unknown(self.environment).next() {
            return Err(SettingsError::Unknown(name.to_owned()));
        }
        self.check_output()?;
        Ok(self)
    }

    /// Checks the output settings.
    pub(crate) fn check_output(self) -> Result<(), SettingsError> {
        self.one_of(&table::COLOR, &COLORS.map(|word| (word, ())))?;
        self.is_on(&table::DETAILS)?;
        self.is_on(&table::QUIET).map(drop)
    }

    /// The flag's value unchanged, else the variable's with `$NAME` expanded; and the flag or variable.
    pub(crate) fn expanded(
        self,
        setting: &Setting,
    ) -> Result<Option<(&'static str, Expanded)>, SettingsError> {
        if let Some(text) = self.flags.one(setting) {
            refuse_token(setting.flag, text)?;
            let is_present = !text.trim().is_empty();
            return Ok(is_present.then(|| (setting.flag, Expanded::written(text))));
        }
        let name = setting.variable;
        let Some(text) = self.environment.non_blank(name) else { return Ok(None) };
        // A default would stand in for a value that is there.
        let unreadable = Cell::new(None);
        let lookup = |name: &str| {
            unreadable.set(unreadable.get().or(self.environment.unreadable().find(|odd| *odd == name)));
            self.environment.raw(name)
        };
        let expanded = expand(text, Variables { holder: name, lookup: &lookup });
        if let Some(name) = unreadable.get() {
            return Err(SettingsError::NotText(name.to_owned()));
        }
        let expanded = expanded.map_err(|source| SettingsError::Expand { name, source })?;
        refuse_token(name, &expanded.text())?;
        Ok(Some((name, expanded)))
    }

    /// The same as one text. A blank one counts as absent.
    pub(crate) fn value(self, setting: &Setting) -> Result<Option<Value>, SettingsError> {
        let Some((name, expanded)) = self.expanded(setting)? else { return Ok(None) };
        let value = Value::of(name, &expanded);
        Ok(Some(value).filter(|value| !value.text.trim().is_empty()))
    }

    /// Every element of a list.
    pub(crate) fn list(self, setting: &Setting) -> Result<Vec<Element>, SettingsError> {
        let flags = self.flags.all(setting);
        for text in flags {
            refuse_token(setting.flag, text)?;
        }
        let of_flags = |elements: Vec<Expanded>| Element::all(setting.flag, elements);
        match setting.shape {
            _ if flags.is_empty() => {}
            Shape::List(_, Elements::Words) => {
                let split = |text: &String| list::split(&Expanded::written(text));
                let elements = flags.iter().map(split).collect::<Result<Vec<_>, _>>();
                let elements = elements.map_err(|flaw| SettingsError::of_list(setting.flag, flaw))?;
                return Ok(of_flags(elements.concat()));
            }
            Shape::List(_, Elements::Phrases) => {
                return Ok(of_flags(flags.iter().flat_map(|text| list::split_at_commas(text)).collect()));
            }
            _ => return Ok(of_flags(flags.iter().map(|text| Expanded::written(text.trim())).collect())),
        }
        let Some((name, expanded)) = self.expanded(setting)? else { return Ok(Vec::new()) };
        let elements = list::split(&expanded).map_err(|flaw| SettingsError::of_list(name, flaw))?;
        Ok(Element::all(name, elements))
    }

    /// A value that its setting does not take, with what the user may have meant.
    pub(crate) fn invalid(self, value: &Value, flaw: impl Error + Send + Sync + 'static) -> SettingsError {
        let text = value.text.trim();
        let advice = (!value.has_variables && self.is_name_of_variable(text))
            .then(|| Advice::WriteDollar(text.to_owned()));
        SettingsError::Invalid { name: value.name, flaw: Box::new(flaw), advice }
    }

    /// The same of a value that should be one of these words.
    pub(crate) fn misspelled(
        self,
        value: &Value,
        flaw: impl Error + Send + Sync + 'static,
        words: &[&str],
    ) -> SettingsError {
        let error = self.invalid(value, flaw);
        if value.has_variables { error } else { error.or_meant(&value.text, words) }
    }

    /// The file that a value names: a leading `~/` is the home directory.
    pub(crate) fn path(self, value: &Value) -> Result<PathBuf, SettingsError> {
        let path = user_path::resolve(value.text.trim(), self.environment);
        path.map_err(|flaw| self.invalid(value, flaw))
    }

    /// The same of an element of a list.
    pub(crate) fn invalid_element(
        self,
        element: &Element,
        flaw: impl Error + Send + Sync + 'static,
    ) -> SettingsError {
        let text = element.text();
        let advice = match element.variable_with_separator() {
            Some(variable) => Some(Advice::OneElement(variable.to_owned())),
            None if element.has_variables() => None,
            None if self.is_name_of_variable(&text) => Some(Advice::WriteDollar(text)),
            None => element.is_one_of_several.then_some(Advice::Quote),
        };
        SettingsError::Invalid { name: element.name, flaw: Box::new(flaw), advice }
    }

    /// The same of an element that should be one of these words.
    pub(crate) fn misspelled_element(
        self,
        element: &Element,
        flaw: impl Error + Send + Sync + 'static,
        words: &[&str],
    ) -> SettingsError {
        let error = self.invalid_element(element, flaw);
        if element.has_variables() { error } else { error.or_meant(&element.text(), words) }
    }

    /// Whether the text is a variable's name without its `$`: of a variable that is set, or as variables are named.
    fn is_name_of_variable(self, text: &str) -> bool {
        let of_name = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        let is_name = text.bytes().all(of_name) && text.starts_with(|first: char| !first.is_ascii_digit());
        is_name && (text.contains('_') || self.environment.non_blank(text).is_some())
    }

    /// Whether a switch is on.
    pub(crate) fn is_on(self, setting: &Setting) -> Result<bool, SettingsError> {
        if self.flags.has(setting) {
            return Ok(true);
        }
        let words = [("1", true), ("0", false), ("true", true), ("false", false)];
        Ok(self.one_of(setting, &words)?.unwrap_or(false))
    }

    /// The meaning of the value, which must be one of `words`.
    pub(crate) fn one_of<T: Copy>(
        self,
        setting: &Setting,
        words: &[(&str, T)],
    ) -> Result<Option<T>, SettingsError> {
        let Some(value) = self.value(setting)? else { return Ok(None) };
        if let Some((_, meaning)) = words.iter().find(|(word, _)| *word == value.text.trim()) {
            return Ok(Some(*meaning));
        }
        let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let flaw = UnknownWord { text: value.text.clone(), words: words.join(", ") };
        Err(self.misspelled(&value, flaw, &words))
    }

    /// The value, parsed.
    pub(crate) fn parsed<T>(self, setting: &Setting) -> Result<Option<T>, SettingsError>
    where
        T: FromStr,
        T::Err: Error + Send + Sync + 'static,
    {
        let Some(value) = self.value(setting)? else { return Ok(None) };
        value.text.trim().parse().map(Some).map_err(|flaw| self.invalid(&value, flaw))
    }

    /// Every value of a list, parsed.
    pub(crate) fn parsed_list<T>(self, setting: &Setting) -> Result<Vec<T>, SettingsError>
    where
        T: FromStr,
        T::Err: Error + Send + Sync + 'static,
    {
        let parse =
            |element: &Element| element.text().parse().map_err(|flaw| self.invalid_element(element, flaw));
        self.list(setting)?.iter().map(parse).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::table::{PROFILE, REGION};

    fn value(
        flags: &Flags,
        setting: &Setting,
        environment: &Environment,
    ) -> Option<(String, &'static str, bool)> {
        let value = Inputs { flags, environment }.value(setting).unwrap();
        value.map(|value| (value.text, value.name, value.has_variables))
    }

    #[test]
    fn a_flag_wins_and_is_taken_as_it_is() {
        let environment = Environment::from([("CIRCLECI_AWS_OIDC_REGION", "eu-west-1"), ("X", "y")]);
        let flags = Flags::from([(&REGION, "$X")]);
        assert_eq!(value(&flags, &REGION, &environment), Some(("$X".to_owned(), "--region", false)));
    }

    #[test]
    fn a_variable_is_filled_in_once() {
        let environment = Environment::from([("CIRCLECI_AWS_OIDC_REGION", "${R:-x}"), ("R", "$X")]);
        let expected = Some(("$X".to_owned(), "CIRCLECI_AWS_OIDC_REGION", true));
        assert_eq!(value(&Flags::default(), &REGION, &environment), expected);
    }

    #[test]
    fn blank_is_absent_before_and_after_filling_in() {
        let environment = Environment::from([
            ("CIRCLECI_AWS_OIDC_REGION", "$R"),
            ("R", ""),
            ("CIRCLECI_AWS_OIDC_PROFILE", " "),
        ]);
        assert_eq!(value(&Flags::default(), &REGION, &environment), None);
        assert_eq!(value(&Flags::default(), &PROFILE, &environment), None);
        assert_eq!(value(&Flags::from([(&PROFILE, "")]), &PROFILE, &environment), None);
    }

    #[test]
    fn a_name_that_only_looks_like_ours_is_refused() {
        let environment =
            Environment::from([("CIRCLECI_AWS_OIDC_ROLE_ARN", "x"), ("CIRCLECI_AWS_OIDC_ROLEARN", "x")]);
        let flags = Flags::default();
        let checked = Inputs { flags: &flags, environment: &environment }.checked();
        assert!(matches!(checked, Err(SettingsError::Unknown(name)) if name == "CIRCLECI_AWS_OIDC_ROLEARN"));
    }
}
