//! `$NAME` in values that came from a config: expanded once, by no shell. The forms are those that
//! `circleci env subst` knows (facts/circleci.md 6.1), but an unset variable is an error and not silence.

/// Why a value could not be expanded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ExpandError {
    /// `$NAME` where there is no such variable.
    #[error("`${0}` is not set in this step")]
    Unset(String),
    /// `${NAME` without its end.
    #[error("`${{{0}` has no closing brace")]
    Unclosed(String),
    /// `${…}` with something in it that is no known form.
    #[error("`${{{0}}}` is not a form that is known here: write ${{NAME}} or ${{NAME:-default}}")]
    UnknownForm(String),
}

/// Where a variable's value is looked up; `None` where there is no such variable.
pub(crate) type Values<'a> = &'a dyn Fn(&str) -> Option<&'a str>;

/// A value after expansion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expanded {
    /// The text with every variable filled in.
    pub(crate) text: String,
    /// Whether a variable was filled in at all.
    pub(crate) changed: bool,
}

/// Fills in every variable of `value`. What comes out of a variable is not expanded again.
pub(crate) fn expand(value: &str, values: Values<'_>) -> Result<Expanded, ExpandError> {
    let mut text = String::new();
    let mut rest = value;
    let mut changed = false;
    while let Some((before, after)) = rest.split_once('$') {
        text.push_str(before);
        if let Some(inside) = after.strip_prefix('{') {
            let (form, after) =
                inside.split_once('}').ok_or_else(|| ExpandError::Unclosed(inside.to_owned()))?;
            text.push_str(&expand_form(form, values)?);
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
                text.push_str(value_of(name, values)?);
                changed = true;
            }
            rest = after;
        }
    }
    text.push_str(rest);
    Ok(Expanded { text, changed })
}

/// What stands between the braces: a name, and perhaps what to take instead.
fn expand_form(form: &str, values: Values<'_>) -> Result<String, ExpandError> {
    let unknown = || ExpandError::UnknownForm(form.to_owned());
    let (name, operation) = split_name(form);
    if name.is_empty() {
        return Err(unknown());
    }
    let value = values(name);
    let filled = value.filter(|value| !value.is_empty());
    let otherwise = |value: Option<&str>, default: &str| match value {
        Some(value) => Ok(value.to_owned()),
        None => expand(default, values).map(|expanded| expanded.text),
    };
    if operation.is_empty() {
        return value_of(name, values).map(str::to_owned);
    }
    for (operator, value) in [(":-", filled), (":=", filled), ("-", value), ("=", value)] {
        if let Some(default) = operation.strip_prefix(operator) {
            return otherwise(value, default);
        }
    }
    // The library treats `+` and `:+` alike.
    for operator in [":+", "+"] {
        if let Some(alternative) = operation.strip_prefix(operator) {
            return Ok(value.map_or_else(String::new, |_| alternative.to_owned()));
        }
    }
    Err(unknown())
}

fn value_of<'a>(name: &str, values: Values<'a>) -> Result<&'a str, ExpandError> {
    values(name).ok_or_else(|| ExpandError::Unset(name.to_owned()))
}

fn split_name(text: &str) -> (&str, &str) {
    let end =
        text.find(|character: char| !character.is_alphanumeric() && character != '_').unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled_in(value: &str) -> Result<Expanded, ExpandError> {
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
            assert_eq!(filled_in(value).unwrap().text, text, "{value}");
        }
    }

    #[test]
    fn only_a_filled_in_variable_counts_as_a_change() {
        for (value, changed) in
            [("plain", false), ("$$A", false), ("5$", false), ("$A", true), ("${NONE:-x}", true)]
        {
            assert_eq!(filled_in(value).unwrap().changed, changed, "{value}");
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
            assert_eq!(filled_in(value).unwrap_err(), error, "{value}");
        }
    }
}
