//! Reads a policy: JSON → statements, within IAM's limits. It checks the form only; `evaluate` decides what a
//! statement means for a request.

mod parts;

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use parts::one_or_many;
pub use parts::{Pairs, Principal, Values};

/// AWS's default quota is 2,048 characters and can be raised; this is the highest value reported.
const LARGEST: usize = 8192;

/// The version that has policy variables.
pub(crate) const VERSION_WITH_VARIABLES: &str = "2012-10-17";
const VERSIONS: [&str; 2] = ["2008-10-17", VERSION_WITH_VARIABLES];

/// A role's trust policy.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct TrustPolicy {
    /// `2012-10-17` makes `${…}` in a value a variable; the older default leaves it as text.
    pub version: Option<String>,
    /// A name without a meaning to IAM.
    pub id: Option<String>,
    /// In the order of the policy, which has no meaning to IAM.
    #[serde(rename = "Statement", deserialize_with = "one_or_many")]
    pub statements: Vec<Statement>,
}

/// One statement of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Statement {
    /// A name without a meaning to IAM.
    pub sid: Option<String>,
    /// What it does if it applies.
    pub effect: Effect,
    /// The principals that it applies to.
    pub principal: Principal,
    /// The actions that it applies to, with wildcards, in any case. Empty if it has a `NotAction`.
    #[serde(rename = "Action", default, deserialize_with = "one_or_many")]
    pub actions: Vec<String>,
    /// `NotAction`: it applies to all other actions.
    #[serde(rename = "NotAction", default, deserialize_with = "one_or_many")]
    pub excluded_actions: Vec<String>,
    /// Operator → key → values; all must hold.
    #[serde(default)]
    pub condition: Pairs<Pairs<Values>>,
}

/// Whether a statement allows or denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Effect {
    /// Allows, unless another statement denies.
    Allow,
    /// Denies, whatever other statements allow.
    Deny,
}

/// Whether `${…}` in a condition's value is a variable. The policy's version decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PolicyVariables {
    Expanded,
    LeftAsText,
}

/// Why a text is not a trust policy.
#[derive(Debug, thiserror::Error)]
pub enum InvalidTrustPolicy {
    /// IAM counts all characters except white space.
    #[error("the policy has {0} characters without white space; the limit is {LARGEST}")]
    TooLarge(usize),
    /// Outside tab, line ends and U+0020 to U+00FF.
    #[error("the policy contains `{}`, which IAM does not allow", .0.escape_default())]
    ForbiddenCharacter(char),
    /// Neither `2012-10-17` nor `2008-10-17`.
    #[error("invalid `Version` `{}`; expected `2012-10-17` or `2008-10-17`", .0.escape_debug())]
    UnknownVersion(String),
    /// It has neither or both of the two lists.
    #[error("statement {0} needs either `Action` or `NotAction`, with at least one name")]
    Actions(usize),
    /// Not JSON, or not the JSON of a policy.
    #[error("the policy is not a trust policy document")]
    Malformed(#[source] serde_json::Error),
}

impl FromStr for TrustPolicy {
    type Err = InvalidTrustPolicy;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let size = text.chars().filter(|character| !character.is_whitespace()).count();
        if size > LARGEST {
            return Err(InvalidTrustPolicy::TooLarge(size));
        }
        let allowed = |character| matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FF}');
        if let Some(character) = text.chars().find(|&character| !allowed(character)) {
            return Err(InvalidTrustPolicy::ForbiddenCharacter(character));
        }
        let policy: Self = serde_json::from_str(text).map_err(InvalidTrustPolicy::Malformed)?;
        if let Some(version) = policy.version.as_ref().filter(|version| !VERSIONS.contains(&version.as_str()))
        {
            return Err(InvalidTrustPolicy::UnknownVersion(version.clone()));
        }
        let has_one_list = |one: &Statement| one.actions.is_empty() != one.excluded_actions.is_empty();
        match policy.statements.iter().position(|statement| !has_one_list(statement)) {
            Some(at) => Err(InvalidTrustPolicy::Actions(at + 1)),
            None => Ok(policy),
        }
    }
}

impl TrustPolicy {
    /// What `${…}` in a condition's value is.
    pub(crate) fn variables(&self) -> PolicyVariables {
        if self.version.as_deref() == Some(VERSION_WITH_VARIABLES) {
            PolicyVariables::Expanded
        } else {
            PolicyVariables::LeftAsText
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(statement: &str) -> Result<TrustPolicy, InvalidTrustPolicy> {
        format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#).parse()
    }

    const STATEMENT: &str = r#"{"Effect": "Allow", "Principal": {"Federated": "p"}, "Action": "a",
        "Condition": {"StringEquals": {"k": ["v", "w"], "n": 1}, "Null": {"m": true}}}"#;

    #[test]
    fn single_values_and_lists_read_alike() {
        let single = policy(STATEMENT).unwrap();
        assert_eq!(single, policy(&format!("[{}]", STATEMENT.replace("\"a\"", "[\"a\"]"))).unwrap());
        let [(equals, keys), (null, _)] = &single.statements[0].condition.0[..] else { panic!("{single:?}") };
        assert_eq!((equals.as_str(), null.as_str()), ("StringEquals", "Null"));
        let values = |texts: &[&str]| Values(texts.iter().map(|&text| text.to_owned()).collect());
        assert_eq!(keys.0, [("k".to_owned(), values(&["v", "w"])), ("n".to_owned(), values(&["1"]))]);
    }

    #[test]
    fn what_iam_refuses_is_refused() {
        let cases = [
            ("no JSON", "{".to_owned()),
            ("no effect", r#"{"Principal": "*", "Action": "a"}"#.to_owned()),
            ("another effect", STATEMENT.replace("Allow", "allow")),
            ("a resource", STATEMENT.replace("\"Action\"", "\"Resource\": \"*\", \"Action\"")),
            // The guide: `NotPrincipal` can't be used in a role's trust policy.
            ("an inverted principal", STATEMENT.replace("Principal", "NotPrincipal")),
            ("a principal's name alone", STATEMENT.replace("{\"Federated\": \"p\"}", "\"p\"")),
            ("a key twice", STATEMENT.replace("\"n\": 1", "\"k\": 1")),
            ("a null value", STATEMENT.replace("true", "null")),
        ];
        for (name, statement) in cases {
            assert!(matches!(policy(&statement), Err(InvalidTrustPolicy::Malformed(_))), "{name}");
        }
    }

    #[test]
    fn a_statement_has_one_list_of_actions() {
        let other = STATEMENT.replace("Action", "NotAction");
        assert_eq!(policy(&other).unwrap().statements[0].excluded_actions, ["a"]);
        let none = STATEMENT.replace("\"a\"", "[]");
        let both = STATEMENT.replace("\"Action\"", "\"NotAction\": \"b\", \"Action\"");
        for statement in [none.clone(), both, none.replace("\"Action\": [],", "")] {
            let refused = policy(&format!("[{STATEMENT}, {statement}]")).unwrap_err();
            assert!(matches!(refused, InvalidTrustPolicy::Actions(2)), "{statement}: {refused}");
        }
    }

    #[test]
    fn only_iams_versions_are_known() {
        for (version, known) in
            [("2012-10-17", true), ("2008-10-17", true), ("2012-10-18", false), ("", false)]
        {
            let text = format!(r#"{{"Version": "{version}", "Statement": {STATEMENT}}}"#);
            assert_eq!(text.parse::<TrustPolicy>().is_ok(), known, "{version}");
        }
    }

    #[test]
    fn size_counts_without_white_space() {
        let padded = STATEMENT.replace("\"a\"", &format!("{}\"a\"", " ".repeat(LARGEST)));
        assert!(policy(&padded).is_ok());
        let long = STATEMENT.replace("\"a\"", &format!("\"{}\"", "a".repeat(LARGEST)));
        assert!(matches!(policy(&long), Err(InvalidTrustPolicy::TooLarge(size)) if size > LARGEST));
    }

    #[test]
    fn only_latin_1_is_allowed() {
        assert!(policy(&STATEMENT.replace("\"v\"", "\"é\"")).is_ok());
        let refused = policy(&STATEMENT.replace("\"v\"", "\"…\"")).unwrap_err();
        assert_eq!(refused.to_string(), "the policy contains `\\u{2026}`, which IAM does not allow");
    }
}
