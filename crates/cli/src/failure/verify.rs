//! `--verify` said no: the next step would be somebody else, or nobody knows who.

use super::{ExitStatus, Failure};
use crate::network::Network;
use crate::verify::VerifyError;

impl Failure {
    /// What was written has been taken back.
    pub(crate) fn of_verify(error: VerifyError, network: &Network) -> Self {
        let doing = "the credentials are not handed on: `--verify` does not hold".to_owned();
        let failure = match error {
            VerifyError::Unsaid { found, source, attempts } => {
                return Self::of_identity(&source, attempts, &found, network)
                    .while_doing("the credentials are not handed on: they could not be verified".to_owned());
            }
            other => Self::of(ExitStatus::Guard, &other),
        };
        failure.while_doing(doing).hint(
            "take the other credentials out of the project's settings, the contexts and earlier steps; or leave \
             `--verify` out and name the profile to each AWS tool with `--profile`",
        )
    }
}
