//! Two texts that nearly match: what differs, whatever they mean.

use crate::{one_line::one_line, operator::Comparison, pattern};

/// What keeps `found` from matching one of `asked`, if it is little.
pub(super) fn difference(asked: &[String], found: &str) -> Option<String> {
    asked.iter().find_map(|asked| little(asked, found))
}

fn little(asked: &str, found: &str) -> Option<String> {
    let (told_asked, told_found) = (one_line(asked), one_line(found));
    let pair = format!("the policy's `{told_asked}` and the token's `{told_found}` differ");
    let without_slash = |text: &str| text.trim_end_matches('/').to_owned();
    if pattern::matches(&asked.to_lowercase(), &found.to_lowercase()) {
        return Some(format!("{pair} in upper and lower case only"));
    }
    if pattern::matches(asked.trim(), found.trim()) {
        return Some(format!("{pair} in white space at the ends only"));
    }
    if pattern::matches(&without_slash(asked), &without_slash(found)) {
        return Some(format!("{pair} in a closing slash only"));
    }
    let rest = found.strip_prefix(asked).filter(|_| !asked.is_empty())?;
    let ends_a_word = asked.ends_with(SEPARATORS) || rest.starts_with(SEPARATORS);
    ends_a_word.then(|| {
        let rest = one_line(rest);
        format!("the token goes on with `{rest}` where the policy's `{told_asked}` ends: under `StringLike` a `*` at the end takes that in")
    })
}

/// Between the parts of a subject, of a ref, of an audience.
const SEPARATORS: [char; 3] = ['/', ':', '@'];

/// The wildcard that an operator without wildcards has among its values.
pub(super) fn literal_wildcard(comparison: Comparison, values: &[String]) -> Option<char> {
    let is_plain = matches!(comparison, Comparison::Text | Comparison::TextIgnoringCase);
    let first = values.iter().find_map(|value| value.chars().find(|one| matches!(one, '*' | '?')));
    first.filter(|_| is_plain)
}

/// The operator's name with `Like` in the place of `Equals`.
pub(super) fn with_wildcards(operator: &str) -> String {
    operator.replace("EqualsIgnoreCase", "Like").replace("Equals", "Like")
}

/// Values for a sentence.
pub(super) fn list(values: &[String]) -> String {
    let told: Vec<String> = values.iter().map(|value| format!("`{}`", one_line(value))).collect();
    match &told[..] {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
