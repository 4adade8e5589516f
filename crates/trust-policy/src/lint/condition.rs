//! A condition as the rules need it: its claim and provider, its operator, and the texts that match its values.

use super::{
    language::{HOLE, Holes, Language},
    operator::{Comparison, Operator},
    variable::{self, Part},
};

/// One operator on one key, with its values.
#[derive(Debug, Clone, Copy)]
pub(super) struct Condition<'a> {
    /// The index of its statement.
    pub(super) statement: usize,
    pub(super) operator_name: &'a str,
    pub(super) operator: Operator,
    /// As the policy writes it.
    pub(super) key: &'a str,
    pub(super) key_kind: KeyKind<'a>,
    pub(super) values: &'a [String],
    /// Whether `${…}` in a value is a variable.
    pub(super) variables: bool,
}

/// What a condition's key belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyKind<'a> {
    /// A claim of the token, under the provider's URL.
    Claim {
        /// The provider's URL, as the key has it.
        provider: &'a str,
        /// As the policy writes it; IAM ignores its case.
        name: &'a str,
    },
    /// The request or the caller: `aws:…`, `sts:…` and the like.
    Request,
    /// The key or the operator isn't literal.
    Unknown,
}

impl<'a> Condition<'a> {
    pub(super) fn new(operator_name: &'a str, key: &'a str, values: &'a [String], variables: bool) -> Self {
        let key_kind = match key.rsplit_once(':') {
            _ if operator_name.contains(HOLE) => KeyKind::Unknown,
            Some((_, name)) if name.contains(HOLE) => KeyKind::Unknown,
            None if key.contains(HOLE) => KeyKind::Unknown,
            // `aws`, `sts`, `ec2`…: the name of a service, not a host.
            Some((prefix, _)) if is_service(prefix) => KeyKind::Request,
            Some((provider, name)) => KeyKind::Claim { provider, name },
            None => KeyKind::Claim { provider: "", name: key },
        };
        let operator = Operator::parse(operator_name);
        Self { statement: 0, operator_name, operator, key, key_kind, values, variables }
    }

    /// Whether it is about the claim `name` of any provider.
    pub(super) fn is_on(&self, name: &str) -> bool {
        matches!(self.key_kind, KeyKind::Claim { name: own, .. } if own.eq_ignore_ascii_case(name))
    }

    /// Whether its key belongs to the provider at `url`, or may belong to it.
    pub(super) fn may_be_of(&self, url: &str) -> bool {
        let KeyKind::Claim { provider, .. } = self.key_kind else { return true };
        provider.contains([HOLE, '$']) || url.contains([HOLE, '$']) || provider.eq_ignore_ascii_case(url)
    }

    /// Whether every value is literal. What the caller chooses is not a hole: it may be any text.
    pub(super) fn is_literal(&self) -> bool {
        !self.values.iter().any(|value| {
            value.contains(HOLE) || variable::parts(value, self.variables).contains(&Part::Fixed)
        })
    }

    /// The first value with a policy variable.
    pub(super) fn variable_value(&self) -> Option<&'a String> {
        self.values.iter().find(|value| self.variables && variable::has_variable(value))
    }

    /// Whether it holds for every value of its key, because one of its own values is filled with that very value.
    pub(super) fn always_holds(&self) -> bool {
        // As a claim's value no text of a token is the one character that only a wildcard matches.
        self.operator.limits()
            && self.variable_value().is_some()
            && self.matching_text("\u{1}%", Holes::AreNames).is_some()
    }

    /// Whether each value has a wildcard that the operator compares as a character; `literal-wildcard` reports it.
    pub(super) fn misreads_wildcards(&self) -> bool {
        self.operator.comparison != Comparison::Like
            && !self.values.is_empty()
            && self.values.iter().all(|value| value.contains(['*', '?']))
    }

    /// Each value, and its text with marks for wildcards and holes (`variable::marked`).
    pub(super) fn marked_values(&self) -> impl Iterator<Item = (&'a str, String)> {
        let has_wildcards = self.operator.comparison == Comparison::Like;
        let variables = self.variables;
        self.values.iter().map(move |value| (&**value, variable::marked(value, has_wildcards, variables)))
    }

    /// A text of this shape that one of the values matches.
    pub(super) fn matching_text(&self, shape: &str, holes: Holes) -> Option<String> {
        let shape = Language::of_shape(shape);
        self.languages(holes).find_map(|language| language.common_text(&shape))
    }

    /// Whether one of the values matches this text.
    pub(super) fn matches_text(&self, text: &str, holes: Holes) -> bool {
        let text = Language::of_value(text, Comparison::Equal, false, holes);
        self.languages(holes).any(|language| language.common_text(&text).is_some())
    }

    fn languages(&self, holes: Holes) -> impl Iterator<Item = Language> {
        self.values
            .iter()
            .map(move |value| Language::of_value(value, self.operator.comparison, self.variables, holes))
    }
}

fn is_service(prefix: &str) -> bool {
    !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_claim_under_a_url_or_about_the_request() {
        let claim = |provider, name| KeyKind::Claim { provider, name };
        for (key, key_kind) in [
            ("oidc.circleci.com/org/O:sub", claim("oidc.circleci.com/org/O", "sub")),
            ("https://oidc.circleci.com/org/O:sub", claim("https://oidc.circleci.com/org/O", "sub")),
            (
                "oidc.circleci.com/org/O:oidc.circleci.com/project-id",
                claim("oidc.circleci.com/org/O", "oidc.circleci.com/project-id"),
            ),
            ("\u{FDD0}:sub", claim("\u{FDD0}", "sub")),
            ("sub", claim("", "sub")),
            ("aws:SourceIp", KeyKind::Request),
            ("sts:RoleSessionName", KeyKind::Request),
            ("oidc.circleci.com/org/O:\u{FDD0}", KeyKind::Unknown),
            ("\u{FDD0}", KeyKind::Unknown),
        ] {
            assert_eq!(Condition::new("StringLike", key, &[], true).key_kind, key_kind, "{key}");
        }
        assert_eq!(Condition::new("\u{FDD0}", "i:sub", &[], true).key_kind, KeyKind::Unknown);
    }
}
