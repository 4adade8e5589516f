//! The command line and the environment: a setting's value is that of its flag, else of its variable. A blank value
//! counts as absent in both.

use std::error::Error;
use std::str::FromStr;

use crate::io::environment::Environment;
use crate::io::secrets;
use crate::settings::expansion::expand;
use crate::settings::flags::Flags;
use crate::settings::setting::{Separator, Setting, Shape};
use crate::settings::settings_error::{SettingsError, invalid};
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
    pub(crate) expanded: bool,
}

/// A word that is not one of the setting's.
#[derive(Debug, thiserror::Error)]
#[error("invalid value `{}`; expected {words}", text.escape_debug())]
struct UnknownWord {
    text: String,
    words: String,
}

/// The value of a setting, unless it holds an identity token: values are sent to AWS, printed and written to files.
fn without_token(name: &'static str, text: String) -> Result<String, SettingsError> {
    if secrets::hold_token(&text) { Err(SettingsError::HoldsToken(name)) } else { Ok(text) }
}

impl Inputs<'_> {
    /// Checks what all commands share: the names of the variables, and the output settings, which the report has read
    /// leniently.
    pub(crate) fn checked(self) -> Result<Self, SettingsError> {
        if let Some(name) = table::unknown(self.environment).next() {
            return Err(SettingsError::Unknown(name.to_owned()));
        }
        self.check_output()?;
        Ok(self)
    }

    /// Checks the output settings.
    pub(crate) fn check_output(self) -> Result<(), SettingsError> {
        self.one_of(&table::COLOR, &["auto", "always", "never"].map(|word| (word, ())))?;
        self.is_on(&table::QUIET).map(drop)
    }

    /// The flag's value unchanged, else the variable's with `$NAME` expanded.
    pub(crate) fn value(self, setting: &Setting) -> Result<Option<Value>, SettingsError> {
        let present = |value: &Value| !value.text.trim().is_empty();
        if let Some(text) = self.flags.one(setting) {
            let text = without_token(setting.flag, text.to_owned())?;
            let value = Value { text, name: setting.flag, expanded: false };
            return Ok(Some(value).filter(present));
        }
        let name = setting.variable;
        let Some(text) = self.environment.non_blank(name) else { return Ok(None) };
        let expanded = expand(text, &|name| self.environment.raw(name))
            .map_err(|source| SettingsError::Expand { name, source })?;
        let text = without_token(name, expanded.text)?;
        Ok(Some(Value { text, name, expanded: expanded.changed }).filter(present))
    }

    /// Every value of a list, each with the flag or variable that holds it.
    pub(crate) fn list(self, setting: &Setting) -> Result<Vec<(&'static str, String)>, SettingsError> {
        let flags = self.flags.all(setting);
        if !flags.is_empty() {
            let values = flags.iter().map(|text| without_token(setting.flag, text.trim().to_owned()));
            return values.map(|text| Ok((setting.flag, text?))).collect();
        }
        let Some(value) = self.value(setting)? else { return Ok(Vec::new()) };
        let commas = matches!(setting.shape, Shape::List(_, Separator::Commas));
        let is_separator =
            |character: char| if commas { character == ',' } else { character.is_whitespace() };
        let parts = value.text.split(is_separator).map(str::trim).filter(|part| !part.is_empty());
        Ok(parts.map(|part| (value.name, part.to_owned())).collect())
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
        Err(invalid(value.name, UnknownWord { text: value.text, words: words.join(", ") }))
    }

    /// The value, parsed.
    pub(crate) fn parsed<T>(self, setting: &Setting) -> Result<Option<T>, SettingsError>
    where
        T: FromStr,
        T::Err: Error + Send + Sync + 'static,
    {
        let Some(value) = self.value(setting)? else { return Ok(None) };
        value.text.trim().parse().map(Some).map_err(|flaw| invalid(value.name, flaw))
    }

    /// Every value of a list, parsed.
    pub(crate) fn parsed_list<T>(self, setting: &Setting) -> Result<Vec<T>, SettingsError>
    where
        T: FromStr,
        T::Err: Error + Send + Sync + 'static,
    {
        let values = self.list(setting)?.into_iter();
        values.map(|(name, text)| text.parse().map_err(|flaw| invalid(name, flaw))).collect()
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
        value.map(|value| (value.text, value.name, value.expanded))
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
