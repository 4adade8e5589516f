//! `--mode endpoint` that can't lead the next steps to the endpoint.

use super::{ExitStatus, Failure};
use crate::credentials::CredentialsError;
use crate::renewal::endpoint_search::EndpointSearchError;
use crate::sinks::SinkError;

impl Failure {
    /// What is more to say: something that would win is a matter of guards, not of writing.
    pub(super) fn at_endpoint(mut self, error: &SinkError) -> Self {
        let guards = matches!(
            error,
            SinkError::Rival(_)
                | SinkError::RivalProfile(_)
                | SinkError::Endpoint(EndpointSearchError::OtherAccount { .. })
        );
        if guards {
            self.status = ExitStatus::Guard;
        }
        match error {
            SinkError::NoBashEnvForEndpoint => self.hint(
                "run this step with bash, or take another mode; GITHUB_ENV is not supported, as it can't unset what \
                 would win over an endpoint",
            ),
            SinkError::Rival(_) => self
                .hint("take them out of that profile, or take `--mode environment`, whose variables come first"),
            SinkError::RivalProfile(CredentialsError::UnsupportedKey { profile, key, path }) => {
                let hint = format!(
                    "take `{key}` out of profile `{profile}` in `{}`, or take `--mode environment`, whose variables \
                     come first",
                    path.display()
                );
                self.hint(hint)
            }
            SinkError::Endpoint(EndpointSearchError::OtherAccount { .. }) => {
                self.hint("end the process that listens there, and start `circleci-aws-oidc serve` again")
            }
            SinkError::Endpoint(_) => self.hint(
                "run `circleci-aws-oidc serve` with the same settings in a background step before this one, and look \
                 at that step's output",
            ),
            _ => self,
        }
    }
}
