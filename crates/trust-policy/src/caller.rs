//! The callers that this evaluator supports: the identity provider of a web identity, and a role's session.
//! Separate from `evaluate`, because a statement names each kind in its own ways.

use aws::Arn;

use crate::{
    document::{Effect, Principal, Statement},
    key_value::Lookup,
    match_result::MatchResult,
};

/// The caller of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Caller<'a> {
    /// The identity provider of the role's account, by its ARN.
    Provider(&'a str),
    /// A role's session.
    Session(&'a RoleSession),
}

/// A role's session, by the names that a policy can use for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleSession {
    /// `arn:…:iam::…:role/…`, with the role's path.
    pub role_arn: String,
    /// `arn:…:sts::…:assumed-role/…/…`, without the path.
    pub session_arn: String,
}

impl<'a> Caller<'a> {
    /// Whether the statement's principal includes this caller.
    pub(crate) fn is_named_by(self, statement: &Statement) -> MatchResult {
        match (&statement.principal, self) {
            (Principal::Anyone, Self::Provider(_)) => of_wildcard(statement.effect),
            (Principal::Anyone, Self::Session(_)) => MatchResult::Met,
            (Principal::Named(kinds), caller) => {
                MatchResult::any(kinds.0.iter().flat_map(|(kind, names)| {
                    names.0.iter().map(move |name| match caller {
                        Self::Provider(arn) => is_provider(arn, kind, name, statement.effect),
                        Self::Session(session) => MatchResult::of(kind == "AWS" && session.is(name)),
                    })
                }))
            }
        }
    }

    /// The caller's ARN in a reason.
    pub(crate) fn arn(self) -> &'a str {
        match self {
            Self::Provider(arn) => arn,
            Self::Session(session) => &session.session_arn,
        }
    }

    /// The condition keys that AWS makes of a caller, by their names in lower case.
    pub(crate) fn find(self, name: &str) -> Option<Lookup<'a>> {
        let (arn, kind) = match self {
            Self::Provider(arn) => (arn, "User"),
            Self::Session(session) => (session.role_arn.as_str(), "AssumedRole"),
        };
        Some(match (name, self) {
            ("aws:principaltype", _) => Lookup::Present(kind),
            ("aws:principalaccount", _) => Lookup::Present(account(arn)),
            ("aws:principalarn", Self::Session(_))
            | ("aws:federatedprovider" | "aws:userid", Self::Provider(_)) => Lookup::Present(arn),
            _ => return None,
        })
    }
}

/// Whether `*` includes a provider. It denies every caller. AWS does not document whether it allows a web identity: what
/// others have seen (facts/aws.md 10.1) is not AWS's word, so it is not known.
fn of_wildcard(effect: Effect) -> MatchResult {
    match effect {
        Effect::Deny => MatchResult::Met,
        Effect::Allow => MatchResult::Unknown,
    }
}

/// Whether a name that a statement has for a `kind` of principal includes this provider.
fn is_provider(arn: &str, kind: &str, name: &str, effect: Effect) -> MatchResult {
    match (kind, effect) {
        ("Federated", _) if name == arn => MatchResult::Met,
        ("Federated" | "AWS", effect) if name == "*" => of_wildcard(effect),
        // AWS does not document whether the principals of an account include its providers.
        ("AWS", Effect::Deny) if is_account(name, arn) => MatchResult::Unknown,
        _ => MatchResult::NotMet,
    }
}

/// Whether `name` stands for the whole account of `arn`.
fn is_account(name: &str, arn: &str) -> bool {
    let Some(Arn { partition, account, .. }) = Arn::parse(arn) else { return false };
    name == account || name == format!("arn:{partition}:iam::{account}:root")
}

/// The account of an ARN; empty where there is none.
fn account(arn: &str) -> &str {
    Arn::parse(arn).map_or("", |arn| arn.account)
}

impl RoleSession {
    /// `*`, the account, the role, or the session itself. IAM supports no wildcard inside a name.
    fn is(&self, name: &str) -> bool {
        name == "*" || name == self.role_arn || name == self.session_arn || is_account(name, &self.role_arn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::TrustPolicy;

    fn is_named(effect: &str, principal: &str) -> MatchResult {
        let session = RoleSession {
            role_arn: "arn:aws:iam::123456789012:role/ci/tooling".to_owned(),
            session_arn: "arn:aws:sts::123456789012:assumed-role/tooling/job".to_owned(),
        };
        let policy: TrustPolicy = format!(
            r#"{{"Statement": {{"Effect": "{effect}", "Principal": {principal}, "Action": "sts:AssumeRole"}}}}"#
        )
        .parse()
        .unwrap();
        Caller::Session(&session).is_named_by(&policy.statements[0])
    }

    #[test]
    fn a_session_has_the_names_of_its_account_and_role() {
        for (principal, named) in [
            (r#"{"AWS": "123456789012"}"#, true),
            (r#"{"AWS": "arn:aws:iam::123456789012:root"}"#, true),
            (r#"{"AWS": "arn:aws:iam::123456789012:role/ci/tooling"}"#, true),
            (r#"{"AWS": "arn:aws:sts::123456789012:assumed-role/tooling/job"}"#, true),
            (r#"{"AWS": ["210987654321", "123456789012"]}"#, true),
            (r#"{"AWS": "*"}"#, true),
            (r#""*""#, true),
            (r#"{"AWS": "210987654321"}"#, false),
            (r#"{"AWS": "arn:aws-cn:iam::123456789012:root"}"#, false),
            (r#"{"AWS": "arn:aws:iam::123456789012:role/tooling"}"#, false),
            (r#"{"AWS": "arn:aws:sts::123456789012:assumed-role/tooling/other"}"#, false),
            (r#"{"AWS": "arn:aws:sts::123456789012:assumed-role/tooling/*"}"#, false),
            (r#"{"AWS": ""}"#, false),
            (r#"{"Federated": "*"}"#, false),
            (r#"{"Service": "ec2.amazonaws.com"}"#, false),
        ] {
            for effect in ["Allow", "Deny"] {
                assert_eq!(is_named(effect, principal), MatchResult::of(named), "{effect} {principal}");
            }
        }
    }
}
