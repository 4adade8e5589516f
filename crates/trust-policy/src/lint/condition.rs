//! A condition as rules look at it: which claim of which provider, by what operator, and which texts meet it.

use super::{
    language::{HOLE, Holes, Language},
    operator::{Comparison, Operator},
};

/// One operator on one key, with its values.
#[derive(Debug, Clone, Copy)]
pub(super) struct Condition<'a> {
    pub(super) operator_name: &'a str,
    pub(super) operator: Operator,
    /// As it is written.
    pub(super) key: &'a str,
    pub(super) subject: Subject<'a>,
    pub(super) values: &'a [String],
    /// Whether `${…}` in a value is a variable.
    pub(super) variables: bool,
}

/// What a condition is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject<'a> {
    /// A claim of the token, under the provider's URL.
    Claim {
        /// The provider's URL as the key has it.
        provider: &'a str,
        /// As it is written; IAM compares it without regard to case.
        name: &'a str,
    },
    /// The request or the caller: `aws:…`, `sts:…` and the like.
    Request,
    /// The key or the operator isn't literal.
    Unknown,
}

impl<'a> Condition<'a> {
    pub(super) fn new(operator_name: &'a str, key: &'a str, values: &'a [String], variables: bool) -> Self {
        let subject = match key.rsplit_once(':') {
            _ if operator_name.contains(HOLE) => Subject::Unknown,
            Some((_, name)) if name.contains(HOLE) => Subject::Unknown,
            None if key.contains(HOLE) => Subject::Unknown,
            // `aws`, `sts`, `ec2` …: the name of a service, and no host.
            Some((prefix, _)) if is_service(prefix) => Subject::Request,
            Some((provider, name)) => Subject::Claim { provider, name },
            None => Subject::Claim { provider: "", name: key },
        };
        Self { operator_name, operator: Operator::parse(operator_name), key, subject, values, variables }
    }

    /// Whether it is about the provider's claim `name`, under whatever URL.
    pub(super) fn is_on(&self, name: &str) -> bool {
        matches!(self.subject, Subject::Claim { name: own, .. } if own.eq_ignore_ascii_case(name))
    }

    /// Whether its key begins as the provider's do, or may do so.
    pub(super) fn may_be_of(&self, url: &str) -> bool {
        let Subject::Claim { provider, .. } = self.subject else { return true };
        provider.contains([HOLE, '$']) || url.contains([HOLE, '$']) || provider.eq_ignore_ascii_case(url)
    }

    /// Whether every value is literal.
    pub(super) fn is_literal(&self) -> bool {
        let has_variable = |value: &str| {
            let mut names = value.split("${").skip(1);
            self.variables && names.any(|name| !["*}", "?}", "$}"].iter().any(|sign| name.starts_with(sign)))
        };
        !self.values.iter().any(|value| value.contains(HOLE) || has_variable(value))
    }

    /// Whether each value has a wildcard that the operator takes for a character, which is a fault of its own.
    pub(super) fn misreads_wildcards(&self) -> bool {
        self.operator.comparison != Comparison::Like
            && !self.values.is_empty()
            && self.values.iter().all(|value| value.contains(['*', '?']))
    }

    /// A text of this shape that one of the values names.
    pub(super) fn names(&self, shape: &str, holes: Holes) -> Option<String> {
        let shape = Language::of_shape(shape);
        self.languages(holes).find_map(|language| language.common_text(&shape))
    }

    /// Whether one of the values names exactly this text.
    pub(super) fn names_text(&self, text: &str, holes: Holes) -> bool {
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
        let claim = |provider, name| Subject::Claim { provider, name };
        for (key, subject) in [
            ("oidc.circleci.com/org/O:sub", claim("oidc.circleci.com/org/O", "sub")),
            ("https://oidc.circleci.com/org/O:sub", claim("https://oidc.circleci.com/org/O", "sub")),
            (
                "oidc.circleci.com/org/O:oidc.circleci.com/project-id",
                claim("oidc.circleci.com/org/O", "oidc.circleci.com/project-id"),
            ),
            ("\u{FDD0}:sub", claim("\u{FDD0}", "sub")),
            ("sub", claim("", "sub")),
            ("aws:SourceIp", Subject::Request),
            ("sts:RoleSessionName", Subject::Request),
            ("oidc.circleci.com/org/O:\u{FDD0}", Subject::Unknown),
            ("\u{FDD0}", Subject::Unknown),
        ] {
            assert_eq!(Condition::new("StringLike", key, &[], true).subject, subject, "{key}");
        }
        assert_eq!(Condition::new("\u{FDD0}", "i:sub", &[], true).subject, Subject::Unknown);
    }
}
