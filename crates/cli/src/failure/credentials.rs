//! No credentials to call AWS with, or none that this program follows: the next action.

use super::{ExitStatus, Failure};
use crate::credentials::{CredentialsError, EndpointError, InvalidEndpoint, ProcessError};
use crate::io::process::child_output::ChildError;

const ENDPOINTS_STEP: &str = "look at the step that starts the endpoint (`serve`)";

impl Failure {
    /// Why there are none.
    pub(crate) fn of_credentials(error: &CredentialsError) -> Self {
        let status = if error.is_of_a_source() { ExitStatus::Local } else { ExitStatus::Settings };
        let failure = Self::of(status, error);
        match error {
            CredentialsError::NoEndpoint(error) => failure.about_endpoint(error),
            CredentialsError::Endpoint { source, .. } => failure.about_answer(source),
            CredentialsError::Process { source, .. } => failure.about_process(source),
            CredentialsError::Nowhere(_) => failure.hint(
                "assume a role in an earlier step of the job; a machine's own role (instance metadata) is not \
                 used",
            ),
            CredentialsError::NoProfile { .. } => failure.hint(
                "write the profile in an earlier step: variables and home are those of this step",
            ),
            CredentialsError::NotFollowed { .. } | CredentialsError::NotFollowedVariable(_) => failure
                .hint("use an AWS tool: `aws sts get-caller-identity`; or name a profile that has keys"),
            CredentialsError::HalfSet => failure.hint("set both, or unset AWS_ACCESS_KEY_ID"),
            CredentialsError::NotAKey { .. } => {
                failure.hint("look for quotes, spaces, line breaks or a cut value")
            }
            CredentialsError::Name { .. }
            | CredentialsError::Unreadable { .. }
            | CredentialsError::Malformed { .. } => failure,
        }
    }

    /// The variables lead to none that is asked.
    fn about_endpoint(self, error: &InvalidEndpoint) -> Self {
        match error {
            InvalidEndpoint::NotAUrl => self.hint(format!("{ENDPOINTS_STEP}: it says what to set")),
            InvalidEndpoint::Elsewhere(_) => self.hint("use an AWS tool: `aws sts get-caller-identity`"),
            InvalidEndpoint::TokenFile { .. } => {
                self.hint("name a file of this machine, or unset the variable")
            }
            InvalidEndpoint::Token(_) => self.hint("write the token without a line break at its end"),
        }
    }

    /// It was asked.
    fn about_answer(self, error: &EndpointError) -> Self {
        match error {
            EndpointError::Transport { .. } => {
                self.hint(format!("{ENDPOINTS_STEP}: it has to run in the background until the job ends"))
            }
            EndpointError::Status { status: 401 | 403, .. } => self.hint(
                "pass on AWS_CONTAINER_AUTHORIZATION_TOKEN as the endpoint set it: each start has its own",
            ),
            EndpointError::Status { .. } | EndpointError::Answer(_) => {
                self.hint(format!("{ENDPOINTS_STEP}: its output has the reason"))
            }
        }
    }

    /// It was run.
    fn about_process(self, error: &ProcessError) -> Self {
        match error {
            ProcessError::Child(ChildError::Start(_)) => {
                self.hint("the line is run by a shell, `sh` (Windows: `cmd.exe`): it has to be in the PATH")
            }
            ProcessError::Child(_) => self.hint("run its command by itself in this step"),
            ProcessError::Output(_) => self.hint(
                "run its command by itself: on stdout it has to print AWS's JSON (Version 1, AccessKeyId, \
                 SecretAccessKey) and nothing else",
            ),
        }
    }
}
