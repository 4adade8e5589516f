//! `--mode endpoint` whose endpoint the next steps can't use.

use super::{ExitStatus, Failure};
use crate::credentials::CredentialsError;
use crate::renewal::endpoint_search::EndpointSearchError;
use crate::sinks::SinkError;

impl Failure {
    /// Adds the hint. Other credentials in place of the endpoint's are refused by a guard, not by the destination.
    pub(super) fn about_endpoint_sink(mut self, error: &SinkError) -> Self {
        let is_guard = matches!(
            error,
            SinkError::CredentialsBeforeEndpoint(_)
                | SinkError::ProfileBeforeEndpoint(_)
                | SinkError::Endpoint(EndpointSearchError::OtherAccount { .. })
        );
        if is_guard {
            self.status = ExitStatus::Guard;
        }
        match error {
            SinkError::NoBashEnvForEndpoint => self.hint(
                "run this step with bash, or use another mode; GITHUB_ENV is not supported, because it cannot unset \
                 what AWS tools use before an endpoint",
            ),
            SinkError::CredentialsBeforeEndpoint(_) => self.hint(
                "remove them from that profile, or use `--mode environment`, whose variables AWS tools use first",
            ),
            SinkError::ProfileBeforeEndpoint(CredentialsError::UnsupportedKey { profile, key, path }) => {
                let hint = format!(
                    "remove `{key}` from profile `{profile}` in `{}`, or use `--mode environment`, whose variables AWS \
                     tools use first",
                    path.display()
                );
                self.hint(hint)
            }
            SinkError::Endpoint(EndpointSearchError::OtherAccount { .. }) => {
                self.hint("end the process that listens there, and start `circleci-aws-oidc serve` again")
            }
            SinkError::Endpoint(_) => self.hint(
                "run `circleci-aws-oidc serve` with the same settings in a background step before this one, and check \
                 that step's output",
            ),
            _ => self,
        }
    }
}
