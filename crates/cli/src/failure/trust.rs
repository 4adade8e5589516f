//! Failures and findings of `trust test` and `trust lint`.

use oidc::TokenOrigin;
use trust_policy::{InvalidClaims, Verdict};

use super::{ExitStatus, Failure};
use crate::trust::trust_file::TrustFileError;

impl Failure {
    /// No policy to evaluate.
    pub(crate) fn of_trust_file(error: &TrustFileError) -> Self {
        let failure = Self::of(ExitStatus::Settings, error);
        match error {
            TrustFileError::Source { source, .. } => match source.hint() {
                Some(hint) => failure.hint(hint),
                None => failure,
            },
            TrustFileError::NotOne { .. } => failure.hint(
                "give a file with the policy alone, such as `aws iam get-role` with `--query \
                 Role.AssumeRolePolicyDocument` prints it",
            ),
            TrustFileError::NotLiteral { .. } => failure.hint(
                "give the policy as it is deployed: `aws iam get-role` with `--query Role.AssumeRolePolicyDocument` \
                 prints it",
            ),
            TrustFileError::Unreadable { .. } => failure,
        }
    }

    /// Neither the settings nor the policy name the role's account.
    pub(crate) fn of_no_account() -> Self {
        Self::new(ExitStatus::Settings, "the policy trusts no identity provider of an account")
            .hint("name the role with `--role-arn`, or give a policy with a `Federated` principal")
    }

    /// A token whose claims STS would refuse.
    pub(crate) fn of_claims(error: &InvalidClaims, origin: &TokenOrigin) -> Self {
        Self::of(ExitStatus::Token, error).while_doing(format!("STS would refuse the token from {origin}"))
    }

    /// The policy does not allow the token, or its verdict is unknown.
    pub(crate) fn of_verdict(verdict: &Verdict) -> Self {
        let message = match verdict {
            Verdict::Unknown { .. } => "whether the policy allows this token is unknown",
            Verdict::Allowed | Verdict::Denied { .. } => "the policy does not allow this token",
        };
        Self::new(ExitStatus::Findings, message)
    }

    /// The rules have findings.
    pub(crate) fn of_lint(count: usize) -> Self {
        let findings = if count == 1 { "finding" } else { "findings" };
        Self::new(ExitStatus::Findings, &format!("{count} {findings}"))
    }
}
