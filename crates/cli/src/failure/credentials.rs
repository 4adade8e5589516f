//! No credentials to call AWS with, or none that this program follows: the next action.

use super::{ExitStatus, Failure};
use crate::credentials::{ContainerEndpointError, CredentialsError, InvalidContainerEndpoint, ProcessError};
use crate::io::process::child_output::ChildError;

const ENDPOINTS_STEP: &str = "look at the step that starts the endpoint (`serve`)";

impl Failure {
    /// Why there are none.
    pub(crate) fn of_credentials(error: &CredentialsError) -> Self {
        let status = if error.is_source_failure() { ExitStatus::Local } else { ExitStatus::Settings };
        let failure = Self::of(status, error);
        match error {
            CredentialsError::InvalidEndpoint(error) => failure.about_endpoint(error),
            CredentialsError::Endpoint { source, .. } => failure.about_answer(source),
            CredentialsError::Process { source, .. } => failure.about_process(source),
            CredentialsError::NotFound(_) => failure.hint(
                "assume a role in an earlier step of the job; a machine's own role (instance metadata) is not \
                 used",
            ),
            CredentialsError::ProfileNotFound { .. } => failure.hint(
                "write the profile in an earlier step: variables and home are those of this step",
            ),
            CredentialsError::UnsupportedKey { .. } | CredentialsError::UnsupportedVariable(_) => failure
                .hint("use an AWS tool: `aws sts get-caller-identity`; or name a profile that has keys"),
            CredentialsError::NoSecretKey => failure.hint("set both, or unset AWS_ACCESS_KEY_ID"),
            CredentialsError::InvalidCharacter { .. } => {
                failure.hint("look for quotes, spaces, line breaks or a cut value")
            }
            CredentialsError::Name { .. }
            | CredentialsError::Unreadable { .. }
            | CredentialsError::Malformed { .. } => failure,
        }
    }

    /// The variables lead to none that is asked.
    fn about_endpoint(self, error: &InvalidContainerEndpoint) -> Self {
        match error {
            InvalidContainerEndpoint::NotAUrl => self.hint(format!("{ENDPOINTS_STEP}: it says what to set")),
            InvalidContainerEndpoint::NotLoopback(_) => {
                self.hint("use an AWS tool: `aws sts get-caller-identity`")
            }
            InvalidContainerEndpoint::TokenFile { .. } => {
                self.hint("name a file of this machine, or unset the variable")
            }
            InvalidContainerEndpoint::Token(_) => {
                self.hint("write the token without a line break at its end")
            }
        }
    }

    /// It was asked.
    fn about_answer(self, error: &ContainerEndpointError) -> Self {
        match error {
            ContainerEndpointError::Transport { .. } => {
                self.hint(format!("{ENDPOINTS_STEP}: it has to run in the background until the job ends"))
            }
            ContainerEndpointError::Status { status: 401 | 403, .. } => self.hint(
                "pass on AWS_CONTAINER_AUTHORIZATION_TOKEN as the endpoint set it: each start has its own",
            ),
            ContainerEndpointError::Status { .. } | ContainerEndpointError::Response(_) => {
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
