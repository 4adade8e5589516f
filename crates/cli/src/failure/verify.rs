//! `--verify` said no: the next step would be somebody else, or nobody knows who.

use super::profiles::{LISTED, together};
use super::{ExitStatus, Failure};
use crate::exchange::network::Network;
use crate::profiles::Unverified;
use crate::verify::VerifyError;

impl Failure {
    /// What was written has been taken back.
    pub(crate) fn of_verify(error: VerifyError, network: &Network) -> Self {
        let doing = match error {
            VerifyError::UnknownIdentity { .. } | VerifyError::DeadlinePassed(_) => {
                "they could not be verified"
            }
            VerifyError::NoCredentials(ref source) if source.is_source_failure() => {
                "they could not be verified"
            }
            _ => "`--verify` does not hold",
        };
        Self::of_unverified_one(error, network)
            .while_doing(format!("the credentials are not handed on: {doing}"))
    }

    /// The same where there are many profiles, of which these do not hold.
    pub(crate) fn of_unverified(unverified: Vec<Unverified<'_>>, all: usize) -> Self {
        let message = format!(
            "the profiles are not handed on: `--verify` does not hold for {} of {all}",
            unverified.len()
        );
        let failures = unverified
            .into_iter()
            .map(|Unverified { role, network, error }| (role, Self::of_unverified_one(error, network)));
        let mut failure =
            Self::of_many(&message, together(failures, "they could not be verified"), Vec::new());
        // Keys that win over one profile win over most of them, so there may be as many as there are profiles.
        let more = failure.parts.len().saturating_sub(LISTED);
        if more > 0 {
            let listed = failure.parts.into_iter().take(LISTED);
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
            VerifyError::NoCredentials(source) if source.is_source_failure() => Self::of_credentials(&source),
            other => Self::of(ExitStatus::Guard, &other).hint(
                "take the other credentials out of the project's settings, the contexts and earlier steps; or leave \
                 `--verify` out and name the profile to each AWS tool with `--profile`",
            ),
        }
    }
}
