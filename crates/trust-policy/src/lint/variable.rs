//! Policy variables in a condition's value: `${KEY}` is filled from the request. What the caller chooses may be any
//! text, so to the rules it is a wildcard; what AWS sets is a hole.

use super::language::HOLE;
use crate::{
    condition::variables,
    key_value::{REQUEST_TAG, SESSION_NAME, SOURCE_IDENTITY},
};

/// A part of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'a> {
    Text(&'a str),
    /// `${*}`, `${?}` and `${$}`: the character itself.
    Sign(&'a str),
    /// The token or the caller supplies it, so it may be any text.
    Chosen,
    /// AWS supplies it.
    Fixed,
}

/// The parts of a value, in their order. Without `variables` the value is one text.
pub(super) fn parts(value: &str, variables: bool) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = value;
    while let Some((before, variable)) = rest.split_once("${").filter(|_| variables) {
        if !before.is_empty() {
            parts.push(Part::Text(before));
        }
        // A variable without an end is not described.
        let (variable, after) = variables::split_end(variable).unwrap_or((variable, ""));
        parts.push(part(variable));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

/// Stands for a wildcard in [`marked`]; as a noncharacter of Unicode, like a hole.
pub(super) const WILDCARD: char = '\u{FDD1}';

/// The value with [`WILDCARD`] for each part that may be any text, and a hole for what AWS supplies. What is left is
/// compared as it stands.
pub(super) fn marked(value: &str, has_wildcards: bool, variables: bool) -> String {
    let mut text = String::new();
    for part in parts(value, variables) {
        match part {
            Part::Text(part) if has_wildcards => {
                text.extend(part.chars().map(|character| match character {
                    '*' | '?' => WILDCARD,
                    _ => character,
                }));
            }
            Part::Text(part) | Part::Sign(part) => text.push_str(part),
            Part::Chosen => text.push(WILDCARD),
            Part::Fixed => text.push(HOLE),
        }
    }
    text
}

/// Whether a value has a variable, other than the three signs.
pub(super) fn has_variable(value: &str) -> bool {
    parts(value, true).iter().any(|part| matches!(part, Part::Chosen | Part::Fixed))
}

fn part(variable: &str) -> Part<'_> {
    if matches!(variable, "*" | "?" | "$") {
        return Part::Sign(variable);
    }
    let name = variable.split(',').next().unwrap_or_default().trim().to_lowercase();
    let is_of_caller =
        [SESSION_NAME, SOURCE_IDENTITY].contains(&name.as_str()) || name.starts_with(REQUEST_TAG);
    if is_of_caller || is_of_token(&name) { Part::Chosen } else { Part::Fixed }
}

/// Whether a key is a claim: its prefix is the URL of an issuer, not the name of a service.
fn is_of_token(key: &str) -> bool {
    key.rsplit_once(':').is_some_and(|(prefix, _)| prefix.contains(['.', '/']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_and_a_session_name_are_chosen_by_the_caller() {
        for (value, expected) in [
            ("a", vec![Part::Text("a")]),
            ("${oidc.circleci.com/org/O:sub}", vec![Part::Chosen]),
            (
                "x${oidc.circleci.com/org/O:oidc.circleci.com/project-id}*",
                vec![Part::Text("x"), Part::Chosen, Part::Text("*")],
            ),
            ("${STS:RoleSessionName, 'a}b'}c", vec![Part::Chosen, Part::Text("c")]),
            ("${aws:RequestTag/x}", vec![Part::Chosen]),
            ("${aws:userid}${*}", vec![Part::Fixed, Part::Sign("*")]),
            ("${aws:userid", vec![Part::Fixed]),
        ] {
            assert_eq!(parts(value, true), expected, "{value}");
            assert_eq!(parts(value, false), [Part::Text(value)], "{value}");
        }
        assert!(has_variable("a${aws:userid}") && !has_variable("a${*}${$}"));
    }

    #[test]
    fn wildcards_and_unknown_parts_are_marked() {
        let value = "a*?${*}${aws:userid}${sts:RoleSessionName}";
        assert_eq!(marked(value, true, true), "a\u{FDD1}\u{FDD1}*\u{FDD0}\u{FDD1}");
        assert_eq!(marked("a*${*}", false, true), "a**");
        assert_eq!(marked("a${*}", true, false), "a${\u{FDD1}}");
    }
}
