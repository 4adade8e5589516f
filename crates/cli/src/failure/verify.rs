//! `--verify` failed: the next step would not have this role's session, or its identity is unknown.

use super::profiles::{MOST_LISTED, grouped_by_reason};
use super::{ExitStatus, Failure};
use crate::exchange::network::Network;
use crate::profiles::Unverified;
use crate::verify::VerifyError;

const FAILED: &str = "`--verify` failed";

impl Failure {
    /// One session; what was written is rolled back.
    pub(crate) fn of_verify(error: VerifyError, network: &Network) -> Self {
        let reason = match error {
            VerifyError::UnknownIdentity { .. } | VerifyError::DeadlinePassed(_) => {
                "they could not be verified"
            }
            VerifyError::NoCredentials(ref source, _) if source.is_source_failure() => {
                "they could not be verified"
            }
            _ => FAILED,
        };
        Self::of_unverified_one(error, network)
            .while_doing(format!("the credentials are not exported: {reason}"))
    }

    /// Many profiles, for which the environment of the next step is unknown; all are rolled back.
    pub(crate) fn of_unknown_next_step(error: VerifyError, network: &Network) -> Self {
        Self::of_unverified_one(error, network)
            .while_doing(format!("the profiles are not exported: {FAILED}"))
    }

    /// Many profiles, of which these failed; all are rolled back.
    pub(crate) fn of_unverified(unverified: Vec<Unverified<'_>>, all: usize) -> Self {
        let message =
            format!("the profiles are not exported: `--verify` failed for {} of {all}", unverified.len());
        let failures = unverified
            .into_iter()
            .map(|Unverified { role, network, error }| (role, Self::of_unverified_one(error, network)));
        let mut failure =
            Self::of_many(&message, grouped_by_reason(failures, "they could not be verified"), Vec::new());
        // Variables that override one profile override most of them, so all profiles may be listed.
        let more = failure.parts.len().saturating_sub(MOST_LISTED);
        if more > 0 {
            let listed = failure.parts.into_iter().take(MOST_LISTED);
            let rest = Self::new(ExitStatus::Local, &format!("{more} more like these"));
            failure.parts = listed.chain([rest]).collect();
        }
        failure
    }

    fn of_unverified_one(error: VerifyError, network: &Network) -> Self {
        match error {
            VerifyError::UnknownIdentity { found, source, attempts } => {
                Self::of_identity(&source, attempts, &found, network)
            }
            VerifyError::DeadlinePassed(_) => {
                Self::of(ExitStatus::NotReached, &error).hint("raise it with `--deadline`")
            }
            VerifyError::NoCredentials(source, _) if source.is_source_failure() => Self::of_credentials(&source),
            VerifyError::NoCredentials(_, ref reasons) if !reasons.is_empty() => {
                Self::of(ExitStatus::Guard, &error).because_of(reasons)
            }
            VerifyError::UnknownStart => Self::of(ExitStatus::Guard, &error)
                .hint("run `assume` with `--verify` in a step after the one that runs `clear`"),
            VerifyError::NextBash(error) => Self::of_next_bash(&error),
            other => Self::of(ExitStatus::Guard, &other).hint(
                "remove the other credentials from project settings, contexts and earlier steps; or leave out \
                 `--verify` and name the profile to each AWS tool, as in `aws --profile NAME`",
            ),
        }
    }
}
