//! `$NAME` in values of variables: expanded once, without a shell. The forms are those of `circleci env subst`
//! (facts/circleci.md 6.1), but an unset variable is an error, not an empty text, and what would be read in two ways is
//! refused. The result remembers what the config's author wrote and what a variable filled in: a list, a policy or a
//! roles text keeps the structure that its author wrote, whatever a variable holds.

/// Why a value could not be expanded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ExpandError {
    /// `$NAME` of a variable that is not set.
    #[error("`${0}` is not set in this step")]
    Unset(String),
    /// The variable that holds the value.
    #[error("`${0}` names itself: in this step {0} holds this value")]
    NamesItself(String),
    /// `${NAME` without its closing brace.
    #[error("`${{{0}` has no closing brace")]
    Unclosed(String),
    /// Braces inside of braces.
    #[error("`${{{0}}}` has braces inside of braces; expected {FORMS}")]
    Nested(String),
    /// A variable where only a text can be.
    #[error("`${{{0}}}` has a variable after `+`; expected {FORMS}")]
    VariableAsAlternative(String),
    /// `${…}` in an unknown form.
    #[error("invalid value `${{{0}}}`; expected {FORMS}")]
    UnknownForm(String),
}

/// What an error lists. `=` is the same as `-`.
const FORMS: &str = "$NAME, ${NAME}, ${NAME:-default}, where the default may hold $OTHER, or ${NAME:+text}";

/// The variables of one expansion.
#[derive(Clone, Copy)]
pub(crate) struct Variables<'a> {
    /// The variable that holds the value. It cannot be expanded in itself.
    pub(crate) holder: &'a str,
    /// Looks up a variable's value; `None` if it is not set.
    pub(crate) lookup: &'a dyn Fn(&str) -> Option<&'a str>,
}

/// A part of an expanded value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A text of the config's author.
    Written(String),
    /// What a variable has filled in.
    Filled {
        /// The variable's name.
        variable: String,
        /// Its value, or the default.
        text: String,
        /// Whether the author wrote that it may be empty, as in `${NAME:-}`.
        optional: bool,
    },
}

/// A value after expansion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Expanded(pub(crate) Vec<Piece>);

impl Piece {
    /// The text, wherever it is from.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Written(text) | Self::Filled { text, .. } => text,
        }
    }
}

impl Expanded {
    /// A text without variables.
    pub(crate) fn written(text: &str) -> Self {
        let mut value = Self::default();
        value.write(text);
        value
    }

    /// The whole text.
    pub(crate) fn text(&self) -> String {
        self.0.iter().map(Piece::text).collect()
    }

    /// Whether there was a variable to expand: then a part of the text is not what the author wrote.
    pub(crate) fn has_variables(&self) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Filled { .. }))
    }

    /// Whether the author's own text begins with this character, after white space.
    pub(crate) fn is_written_with(&self, first: char) -> bool {
        match self.0.first() {
            Some(Piece::Written(text)) => text.trim_start().starts_with(first),
            _ => false,
        }
    }

    /// Adds a text of the author.
    pub(crate) fn write(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Piece::Written(before)) => before.push_str(text),
            _ if text.is_empty() => {}
            _ => self.0.push(Piece::Written(text.to_owned())),
        }
    }
}

/// Expands every variable in `value`. The value of a variable is not expanded again.
pub(crate) fn expand(value: &str, variables: Variables<'_>) -> Result<Expanded, ExpandError> {
    let mut expanded = Expanded::default();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('$') {
        expanded.write(before);
        if let Some(inside) = after.strip_prefix('{') {
            let (form, after) =
                inside.split_once('}').ok_or_else(|| ExpandError::Unclosed(inside.to_owned()))?;
            expanded.0.push(expand_form(form, variables)?);
            rest = after;
        } else if let Some(escaped) = after.strip_prefix('$') {
            // `$$NAME` is the text `$NAME`.
            let (name, after) = split_name(escaped);
            expanded.write("$");
            expanded.write(name);
            rest = after;
        } else {
            let (name, after) = split_name(after);
            if name.is_empty() || name == "_" {
                expanded.write("$");
                expanded.write(name);
            } else {
                expanded.0.push(variables.fill(name)?);
            }
            rest = after;
        }
    }
    expanded.write(rest);
    Ok(expanded)
}

/// Expands the text between the braces: a name, and perhaps an operator with a default.
fn expand_form(form: &str, variables: Variables<'_>) -> Result<Piece, ExpandError> {
    let unknown = || ExpandError::UnknownForm(form.to_owned());
    if form.contains("${") {
        return Err(ExpandError::Nested(form.to_owned()));
    }
    let (name, operation) = split_name(form);
    if name.is_empty() {
        return Err(unknown());
    }
    if operation.is_empty() {
        return variables.fill(name);
    }
    let value = variables.value(name)?;
    let filled = |text: String, optional| Piece::Filled { variable: name.to_owned(), text, optional };
    let not_empty = value.filter(|value| !value.is_empty());
    for (operator, value) in [(":-", not_empty), (":=", not_empty), ("-", value), ("=", value)] {
        if let Some(default) = operation.strip_prefix(operator) {
            let text = match value {
                Some(value) => value.to_owned(),
                None => expand(default, variables)?.text(),
            };
            return Ok(filled(text, default.is_empty()));
        }
    }
    // The library behind `circleci env subst` treats `+` and `:+` alike.
    for operator in [":+", "+"] {
        if let Some(alternative) = operation.strip_prefix(operator) {
            if alternative.contains('$') {
                return Err(ExpandError::VariableAsAlternative(form.to_owned()));
            }
            let text = value.map_or_else(String::new, |_| alternative.to_owned());
            return Ok(filled(text, true));
        }
    }
    Err(unknown())
}

impl<'a> Variables<'a> {
    fn value(self, name: &str) -> Result<Option<&'a str>, ExpandError> {
        if name == self.holder {
            return Err(ExpandError::NamesItself(name.to_owned()));
        }
        Ok((self.lookup)(name))
    }

    /// The value of a variable that must be set.
    fn fill(self, name: &str) -> Result<Piece, ExpandError> {
        let text = self.value(name)?.ok_or_else(|| ExpandError::Unset(name.to_owned()))?.to_owned();
        Ok(Piece::Filled { variable: name.to_owned(), text, optional: false })
    }
}

fn split_name(text: &str) -> (&str, &str) {
    let end =
        text.find(|character: char| !character.is_alphanumeric() && character != '_').unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(value: &str) -> Result<Expanded, ExpandError> {
        let lookup = |name: &str| match name {
            "A" => Some("one"),
            "B_2" => Some("two $A `id` $(id)"),
            "EMPTY" => Some(""),
            "SELF" => Some("$SELF"),
            _ => None,
        };
        expand(value, Variables { holder: "SELF", lookup: &lookup })
    }

    #[test]
    fn the_forms_of_env_subst_are_known() {
        for (value, text) in [
            ("plain", "plain"),
            ("$A", "one"),
            ("x-${A}-y", "x-one-y"),
            ("$A$A", "oneone"),
            ("$B_2", "two $A `id` $(id)"),
            ("${NONE-d}", "d"),
            ("${NONE=d}", "d"),
            ("${EMPTY-d}", ""),
            ("${EMPTY:-d}", "d"),
            ("${EMPTY:=d}", "d"),
            ("${NONE:-$A}", "one"),
            ("${A:-d}", "one"),
            ("${A:+o}", "o"),
            ("${EMPTY+o}", "o"),
            ("${NONE:+o}", ""),
            ("$$A", "$A"),
            ("$EMPTY", ""),
            ("cost: 5$", "cost: 5$"),
            ("$_ $( $- $'", "$_ $( $- $'"),
            ("größe-$A", "größe-one"),
        ] {
            assert_eq!(expanded(value).unwrap().text(), text, "{value}");
        }
    }

    #[test]
    fn only_a_filled_in_variable_is_not_what_the_author_wrote() {
        for (value, has) in
            [("plain", false), ("$$A", false), ("5$", false), ("$A", true), ("${NONE:-x}", true)]
        {
            assert_eq!(expanded(value).unwrap().has_variables(), has, "{value}");
        }
        assert_eq!(expanded("a$$A-b").unwrap(), Expanded::written("a$A-b"));
    }

    #[test]
    fn a_form_with_an_empty_default_may_be_empty() {
        let may_be_empty = |value: &str| match expanded(value).unwrap().0.as_slice() {
            [Piece::Filled { optional, .. }] => *optional,
            other => panic!("{other:?}"),
        };
        for (value, expected) in
            [("$A", false), ("${A:-x}", false), ("${A:-}", true), ("${A-}", true), ("${A:+x}", true)]
        {
            assert_eq!(may_be_empty(value), expected, "{value}");
        }
    }

    #[test]
    fn what_cannot_be_expanded_says_why() {
        for (value, error) in [
            ("$NONE", ExpandError::Unset("NONE".to_owned())),
            ("a-${NONE}", ExpandError::Unset("NONE".to_owned())),
            ("$1", ExpandError::Unset("1".to_owned())),
            ("${A", ExpandError::Unclosed("A".to_owned())),
            ("${}", ExpandError::UnknownForm(String::new())),
            ("${A%%x}", ExpandError::UnknownForm("A%%x".to_owned())),
            ("${A:-${B_2}}", ExpandError::Nested("A:-${B_2".to_owned())),
            ("${A:+$B_2}", ExpandError::VariableAsAlternative("A:+$B_2".to_owned())),
            ("${NONE+a$A}", ExpandError::VariableAsAlternative("NONE+a$A".to_owned())),
            ("$SELF", ExpandError::NamesItself("SELF".to_owned())),
            ("${SELF:-x}", ExpandError::NamesItself("SELF".to_owned())),
            ("${NONE:-$SELF}", ExpandError::NamesItself("SELF".to_owned())),
            ("${SELF+x}", ExpandError::NamesItself("SELF".to_owned())),
        ] {
            assert_eq!(expanded(value).unwrap_err(), error, "{value}");
        }
    }

    #[test]
    fn an_unknown_form_is_told_the_known_ones() {
        for value in ["${A:+$B_2}", "${A:-${B_2}}", "${A%%x}"] {
            let said = expanded(value).unwrap_err().to_string();
            assert!(said.contains("$NAME, ${NAME}, ${NAME:-default}"), "{said}");
        }
    }
}
