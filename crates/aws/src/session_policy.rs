//! Session policies: a session may do what both the role and these policies allow. The inline one as text and the
//! managed ones are together, because a request has both (facts/aws.md 1.3).

use std::str::FromStr;

use crate::PolicyArn;

/// The text of an inline policy, within STS's limits. Whether it is JSON is not checked here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionPolicy(String);

/// Why a text is not an inline policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSessionPolicy {
    /// An empty policy, or one over the limit.
    #[error("the session policy has {0} characters; STS accepts 1 to 2048")]
    Length(usize),
    /// A character outside of tab, line ends and U+0020 to U+00FF.
    #[error("the session policy holds `{0}`; STS accepts line ends, tabs and the characters of Latin-1")]
    Character(String),
}

/// All policies that limit one session; none by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionPolicies {
    inline: Option<SessionPolicy>,
    managed: Vec<PolicyArn>,
}

/// More managed policies than STS accepts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} policy ARNs are too many; STS accepts at most 10")]
pub struct TooManyPolicies(usize);

impl SessionPolicy {
    /// The same limit for both operations: for one it is in AWS's API model, for the other in its documentation.
    const MAX: usize = 2048;

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SessionPolicy {
    type Err = InvalidSessionPolicy;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_legal = |character| matches!(character, '\t' | '\n' | '\r' | ' '..='\u{ff}');
        if let Some(found) = text.chars().find(|character| !is_legal(*character)) {
            return Err(InvalidSessionPolicy::Character(found.escape_default().to_string()));
        }
        match text.chars().count() {
            1..=Self::MAX => Ok(Self(text.to_owned())),
            length => Err(InvalidSessionPolicy::Length(length)),
        }
    }
}

impl SessionPolicies {
    const MAX_MANAGED: usize = 10;

    /// No policy.
    pub const NONE: Self = Self { inline: None, managed: Vec::new() };

    /// An inline policy and managed ones.
    pub fn new(inline: Option<SessionPolicy>, managed: Vec<PolicyArn>) -> Result<Self, TooManyPolicies> {
        if managed.len() > Self::MAX_MANAGED {
            return Err(TooManyPolicies(managed.len()));
        }
        Ok(Self { inline, managed })
    }

    /// The inline policy.
    pub fn inline(&self) -> Option<&SessionPolicy> {
        self.inline.as_ref()
    }

    /// The managed policies.
    pub fn managed(&self) -> &[PolicyArn] {
        &self.managed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_kept_as_it_was_given() {
        let text = "{\n\t\"Statement\": [], \"Id\": \"Größe\"\r\n}";
        assert_eq!(text.parse::<SessionPolicy>().unwrap().as_str(), text);
        assert!("é".repeat(2048).parse::<SessionPolicy>().is_ok(), "characters count, not bytes");
    }

    #[test]
    fn what_sts_would_refuse_is_refused_here() {
        for (text, error) in [
            ("", InvalidSessionPolicy::Length(0)),
            (&" ".repeat(2049), InvalidSessionPolicy::Length(2049)),
            ("{\"Id\": \"–\"}", InvalidSessionPolicy::Character(r"\u{2013}".to_owned())),
            ("{\u{1b}}", InvalidSessionPolicy::Character(r"\u{1b}".to_owned())),
        ] {
            assert_eq!(text.parse::<SessionPolicy>(), Err(error), "{text:.9}");
        }
    }

    #[test]
    fn ten_managed_policies_are_the_most() {
        let arn: PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess".parse().unwrap();
        let inline: SessionPolicy = "{}".parse().unwrap();
        let policies = SessionPolicies::new(Some(inline.clone()), vec![arn.clone(); 10]).unwrap();
        assert_eq!((policies.inline(), policies.managed().len()), (Some(&inline), 10));
        assert_eq!(SessionPolicies::new(None, vec![arn; 11]), Err(TooManyPolicies(11)));
    }
}
