//! Small differences between two texts, whatever they mean.

use crate::{one_line::one_line, operator::Comparison, pattern};

/// The difference between `found` and one of `required`, if it is a small one.
pub(super) fn difference(required: &[String], found: &str) -> Option<String> {
    required.iter().find_map(|required| small_difference(required, found))
}

fn small_difference(required: &str, found: &str) -> Option<String> {
    let (required_text, found_text) = (one_line(required), one_line(found));
    let pair = format!("the policy's `{required_text}` and the token's `{found_text}` differ");
    let without_slash = |text: &str| text.trim_end_matches('/').to_owned();
    if pattern::matches(&required.to_lowercase(), &found.to_lowercase()) {
        return Some(format!("{pair} in upper and lower case only"));
    }
    if pattern::matches(required.trim(), found.trim()) {
        return Some(format!("{pair} in leading or trailing white space only"));
    }
    if pattern::matches(&without_slash(required), &without_slash(found)) {
        return Some(format!("{pair} in a trailing slash only"));
    }
    let rest = one_line(rest_after(required, found)?);
    Some(format!("the policy's `{required_text}` ends where the token continues with `{rest}`"))
}

/// The value with which `found` begins, at the end of a part.
pub(super) fn beginning<'a>(required: &'a [String], found: &str) -> Option<&'a str> {
    required.iter().map(String::as_str).find(|required| rest_after(required, found).is_some())
}

fn rest_after<'a>(required: &str, found: &'a str) -> Option<&'a str> {
    let rest = found.strip_prefix(required).filter(|_| !required.is_empty())?;
    (required.ends_with(SEPARATORS) || rest.starts_with(SEPARATORS)).then_some(rest)
}

/// Between the parts of a subject, of a ref, of an audience.
const SEPARATORS: [char; 3] = ['/', ':', '@'];

/// A wildcard among the values of an operator without wildcards.
pub(super) fn literal_wildcard(comparison: Comparison, values: &[String]) -> Option<char> {
    let is_plain = matches!(comparison, Comparison::Text | Comparison::TextIgnoringCase);
    let first = values.iter().find_map(|value| value.chars().find(|one| matches!(one, '*' | '?')));
    first.filter(|_| is_plain)
}

/// The operator's name with `Like` in place of `Equals`.
pub(super) fn with_wildcards(operator: &str) -> String {
    operator.replace("EqualsIgnoreCase", "Like").replace("Equals", "Like")
}

/// The values as a list in a sentence.
pub(super) fn list(values: &[String]) -> String {
    let texts: Vec<String> = values.iter().map(|value| format!("`{}`", one_line(value))).collect();
    match &texts[..] {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
