//! Failures and findings of `trust test` and `trust lint`.

use oidc::TokenOrigin;
use trust_policy::{InvalidClaims, Verdict};

use super::{ExitStatus, Failure};
use crate::ci::CiSystem;
use crate::exchange::token_source::TokenError;
use crate::io::environment::Environment;
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

    /// No token to test. Outside of a job, where a denial's hint sends its reader, claims take its place.
    pub(crate) fn of_token_to_test(error: &TokenError, environment: &Environment) -> Self {
        let failure = Self::of_token(error, environment);
        match error {
            TokenError::Absent(_) | TokenError::NeitherVariable(_) if CiSystem::of(environment).is_none() => {
                failure.hint(
                    "run this in the job, or give its claims as JSON with `--claims FILE`: `assume --details` prints \
                     them where STS denies the token",
                )
            }
            _ => failure,
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

    /// The rules have findings, or files name `AssumeRoleWithWebIdentity` and were not checked.
    pub(crate) fn of_lint(findings: usize, unread: usize) -> Self {
        let counted = |count: usize, one: &str, many: &str| match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            _ => Some(format!("{count} {many}")),
        };
        let parts = [
            counted(findings, "finding", "findings"),
            counted(unread, "part of a file was not checked", "parts of files were not checked"),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let failure = Self::new(ExitStatus::Findings, &parts.join("; "));
        if unread == 0 {
            return failure;
        }
        failure.hint(
            "check the policy as it is deployed: lint the output of `terraform show -json`, of `cdk synth`, or of \
             `aws iam get-role`",
        )
    }
}
