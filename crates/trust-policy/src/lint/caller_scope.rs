//! Whether a condition says which callers of all AWS accounts are meant.

use super::{
    condition::{Condition, KeyKind},
    language::Holes,
    operator::Comparison,
};

/// What each caller chooses, or what callers of every account can have. AWS does not treat an external ID as a secret.
const OF_ANYONE: [&str; 15] = [
    "aws:currenttime",
    "aws:epochtime",
    "aws:multifactorauthage",
    "aws:multifactorauthpresent",
    "aws:principaltype",
    "aws:referer",
    "aws:requestedregion",
    "aws:securetransport",
    "aws:tagkeys",
    "aws:tokenissuetime",
    "aws:useragent",
    "sts:externalid",
    "sts:rolesessionname",
    "sts:sourceidentity",
    "sts:transitivetagkeys",
];

/// Tags, which a caller chooses or an account's administrator writes.
const TAGS: [&str; 2] = ["aws:principaltag/", "aws:requesttag/"];

/// Every signed call has these, so that an operator cannot be passed without them.
const ALWAYS_PRESENT: [&str; 3] = ["aws:principalaccount", "aws:principalarn", "aws:userid"];

/// Whether it may be met by callers of some accounts only. What is not literal may.
pub(super) fn names_callers(condition: &Condition<'_>) -> bool {
    if condition.key_kind == KeyKind::Unknown {
        return true;
    }
    let key = condition.key.to_ascii_lowercase();
    let operator = condition.operator;
    let is_of_anyone = OF_ANYONE.contains(&key.as_str()) || TAGS.iter().any(|start| key.starts_with(start));
    let passes_when_absent =
        (operator.if_exists || operator.for_all) && !ALWAYS_PRESENT.contains(&key.as_str());
    let names_none = operator.negated || operator.comparison == Comparison::Presence || passes_when_absent;
    !is_of_anyone && !names_none && !is_open(condition, key == "aws:principalarn")
}

/// Whether a value is met by callers of any account: it is only wildcards, or has one for the account.
fn is_open(condition: &Condition<'_>, is_arn: bool) -> bool {
    let is_pattern =
        condition.operator.comparison == Comparison::Like || condition.operator_name.contains("Arn");
    let has_open_account = |value: &str| {
        let account = if is_arn {
            value.split(':').nth(4).unwrap_or(value)
        } else {
            value.strip_prefix("o-").unwrap_or(value)
        };
        !account.is_empty() && account.chars().all(|character| "*?".contains(character))
            || is_arn && value.split(':').count() < 5 && value.contains('*')
    };
    // A variable with a name of the caller's compares the caller with itself.
    let mut values = condition.values.iter().map(|value| (value, own_values_as_wildcards(condition, value)));
    values.any(|(value, open)| (is_pattern || *value != open) && has_open_account(&open))
        || condition.operator.limits() && condition.matching_text("\u{1}%", Holes::AreNames).is_some()
}

/// The value with `*` for each variable that AWS fills with a name of the caller's own.
fn own_values_as_wildcards(condition: &Condition<'_>, value: &str) -> String {
    let mut open = value.to_owned();
    let variables = ALWAYS_PRESENT.map(|key| format!("${{{key}}}"));
    for variable in variables.iter().filter(|_| condition.variables) {
        while let Some(at) = open.to_ascii_lowercase().find(variable) {
            open.replace_range(at..at + variable.len(), "*");
        }
    }
    open
}
