//! `$NAME` in values of variables: expanded once, without a shell. The forms are those of `circleci env subst`
//! (facts/circleci.md 6.1), but an unset variable is an error, not an empty text.

/// Why a value could not be expanded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ExpandError {
    /// `$NAME` of a variable that is not set.
    #[error("`${0}` is not set in this step")]
    Unset(String),
    /// `${NAME` without its closing brace.
    #[error("`${{{0}` has no closing brace")]
    Unclosed(String),
    /// `${…}` in an unknown form.
    #[error("invalid value `${{{0}}}`; expected ${{NAME}} or ${{NAME:-default}}")]
    UnknownForm(String),
}

/// Looks up a variable's value; `None` if it is not set.
pub(crate) type Lookup<'a> = &'a dyn Fn(&str) -> Option<&'a str>;

/// A value after expansion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expanded {
    /// The text with every variable expanded.
    pub(crate) text: String,
    /// Whether there was a variable to expand.
    pub(crate) changed: bool,
}

/// Expands every variable in `value`. The value of a variable is not expanded again.
pub(crate) fn expand(value: &str, lookup: Lookup<'_>) -> Result<Expanded, ExpandError> {
    let mut text = String::new();
    let mut rest = value;
    let mut changed = false;
    while let Some((before, after)) = rest.split_once('$') {
        text.push_str(before);
        if let Some(inside) = after.strip_prefix('{') {
            let (form, after) =
                inside.split_once('}').ok_or_else(|| ExpandError::Unclosed(inside.to_owned()))?;
            text.push_str(&expand_form(form, lookup)?);
            changed = true;
            rest = after;
        } else if let Some(escaped) = after.strip_prefix('$') {
            // `$$NAME` is the text `$NAME`.
            let (name, after) = split_name(escaped);
            text.push('$');
            text.push_str(name);
            rest = after;
        } else {
            let (name, after) = split_name(after);
            if name.is_empty() || name == "_" {
                text.push('$');
                text.push_str(name);
            } else {
                text.push_str(value_of(name, lookup)?);
                changed = true;
            }
            rest = after;
        }
    }
    text.push_str(rest);
    Ok(Expanded { text, changed })
}

/// Expands the text between the braces: a name, and perhaps an operator with a default.
fn expand_form(form: &str, lookup: Lookup<'_>) -> Result<String, ExpandError> {
    let unknown = || ExpandError::UnknownForm(form.to_owned());
    let (name, operation) = split_name(form);
    if name.is_empty() {
        return Err(unknown());
    }
    let value = lookup(name);
    let not_empty = value.filter(|value| !value.is_empty());
    let or_default = |value: Option<&str>, default: &str| match value {
        Some(value) => Ok(value.to_owned()),
        None => expand(default, lookup).map(|expanded| expanded.text),
    };
    if operation.is_empty() {
        return value_of(name, lookup).map(str::to_owned);
    }
    for (operator, value) in [(":-", not_empty), (":=", not_empty), ("-", value), ("=", value)] {
        if let Some(default) = operation.strip_prefix(operator) {
            return or_default(value, default);
        }
    }
    // The library behind `circleci env subst` treats `+` and `:+` alike.
    for operator in [":+", "+"] {
        if let Some(alternative) = operation.strip_prefix(operator) {
            return Ok(value.map_or_else(String::new, |_| alternative.to_owned()));
        }
    }
    Err(unknown())
}

fn value_of<'a>(name: &str, lookup: Lookup<'a>) -> Result<&'a str, ExpandError> {
    lookup(name).ok_or_else(|| ExpandError::Unset(name.to_owned()))
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
        expand(value, &|name| match name {
            "A" => Some("one"),
            "B_2" => Some("two $A `id` $(id)"),
            "EMPTY" => Some(""),
            _ => None,
        })
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
            assert_eq!(expanded(value).unwrap().text, text, "{value}");
        }
    }

    #[test]
    fn only_a_filled_in_variable_counts_as_a_change() {
        for (value, changed) in
            [("plain", false), ("$$A", false), ("5$", false), ("$A", true), ("${NONE:-x}", true)]
        {
            assert_eq!(expanded(value).unwrap().changed, changed, "{value}");
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
        ] {
            assert_eq!(expanded(value).unwrap_err(), error, "{value}");
        }
    }
}
