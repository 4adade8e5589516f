//! Whom a statement can name, as far as this evaluator knows callers: the provider of a web identity, or the
//! session of a role. Apart from `evaluate`, because each kind is named in its own ways.

use crate::document::{Effect, Principal, Statement};

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Caller<'a> {
    /// The identity provider of the role's account, by its ARN.
    Provider(&'a str),
    /// Somebody with a role's credentials.
    Session(&'a RoleSession),
}

/// A session of a role, by the names that a policy can have for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleSession {
    /// `arn:…:iam::…:role/…`, with the role's path.
    pub role_arn: String,
    /// `arn:…:sts::…:assumed-role/…/…`, without it.
    pub session_arn: String,
}

impl Caller<'_> {
    /// Whether the statement is about this caller.
    pub(crate) fn is_named_by(self, statement: &Statement) -> bool {
        let denies = statement.effect == Effect::Deny;
        match (self, &statement.principal) {
            // A wildcard keeps web identities out, and never lets them in.
            (Self::Provider(_), Principal::Anyone) => denies,
            (Self::Session(_), Principal::Anyone) => true,
            (_, Principal::Named(kinds)) => kinds.0.iter().any(|(kind, names)| {
                names.0.iter().any(|name| match self {
                    Self::Provider(arn) => (kind == "Federated" && name == arn) || (denies && name == "*"),
                    Self::Session(session) => kind == "AWS" && session.is(name),
                })
            }),
        }
    }

    /// How to name the caller in a reason.
    pub(crate) fn arn(&self) -> &str {
        match self {
            Self::Provider(arn) => arn,
            Self::Session(session) => &session.session_arn,
        }
    }
}

impl RoleSession {
    /// By everybody's name, the account's, the role's or its own. IAM knows no wildcard inside of a name.
    fn is(&self, name: &str) -> bool {
        let mut fields = self.role_arn.split(':').skip(1);
        let (partition, account) = (fields.next().unwrap_or_default(), fields.nth(2).unwrap_or_default());
        name == "*"
            || name == self.role_arn
            || name == self.session_arn
            || name == account
            || name == format!("arn:{partition}:iam::{account}:root")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::TrustPolicy;

    fn is_named(effect: &str, principal: &str) -> bool {
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
                assert_eq!(is_named(effect, principal), named, "{effect} {principal}");
            }
        }
    }
}
