//! No credentials to call AWS with, or none that this program uses: the next action.

use super::{ExitStatus, Failure};
use crate::credentials::{ContainerEndpointError, CredentialsError, InvalidContainerEndpoint, ProcessError};
use crate::io::process::child_output::ChildError;

const CHECK_ENDPOINT_STEP: &str = "check the step that starts the endpoint (`serve`)";

impl Failure {
    /// There are no credentials.
    pub(crate) fn of_credentials(error: &CredentialsError) -> Self {
        let status = if error.is_source_failure() { ExitStatus::Local } else { ExitStatus::Settings };
        let failure = Self::of(status, error);
        match error {
            CredentialsError::InvalidEndpoint(error) => failure.about_endpoint_variables(error),
            CredentialsError::Endpoint { source, .. } => failure.about_endpoint_call(source),
            CredentialsError::Process { source, .. } => failure.about_process(source),
            CredentialsError::NotFound(_) => failure.hint(
                "assume a role in an earlier step of the job; a machine's own role (instance metadata) is not \
                 used",
            ),
            CredentialsError::ProfileNotFound { .. } => failure.hint(
                "write the profile in an earlier step, and check HOME and AWS's variables of this step",
            ),
            CredentialsError::UnsupportedKey { .. } | CredentialsError::UnsupportedVariable(_) => failure
                .hint("use an AWS tool: `aws sts get-caller-identity`; or name a profile that has keys of its own"),
            CredentialsError::NoSecretKey => failure.hint("set both, or unset AWS_ACCESS_KEY_ID"),
            CredentialsError::InvalidCharacter { .. } => {
                failure.hint("check it for quotes, spaces, line breaks and a truncated value")
            }
            CredentialsError::Name { .. }
            | CredentialsError::Unreadable { .. }
            | CredentialsError::Malformed { .. } => failure,
        }
    }

    /// The variables name no endpoint that this program calls.
    fn about_endpoint_variables(self, error: &InvalidContainerEndpoint) -> Self {
        match error {
            InvalidContainerEndpoint::NotAUrl => {
                self.hint(format!("{CHECK_ENDPOINT_STEP}: its output has the value"))
            }
            InvalidContainerEndpoint::NotLoopback(_) => {
                self.hint("use an AWS tool: `aws sts get-caller-identity`")
            }
            InvalidContainerEndpoint::TokenFile { .. } => {
                self.hint("name a file on this machine, or unset the variable")
            }
            InvalidContainerEndpoint::Token(_) => {
                self.hint("write the token without a line break at its end")
            }
        }
    }

    /// The endpoint returned no credentials.
    fn about_endpoint_call(self, error: &ContainerEndpointError) -> Self {
        match error {
            ContainerEndpointError::Transport { .. } => {
                self.hint(format!("{CHECK_ENDPOINT_STEP}: it must run in the background until the job ends"))
            }
            ContainerEndpointError::Status { status: 401 | 403, .. } => self.hint(
                "use the AWS_CONTAINER_AUTHORIZATION_TOKEN of this endpoint: each start of one makes a new value",
            ),
            ContainerEndpointError::Status { .. } | ContainerEndpointError::Response(_) => {
                self.hint(format!("{CHECK_ENDPOINT_STEP}: its output has the reason"))
            }
        }
    }

    /// The process returned no credentials.
    fn about_process(self, error: &ProcessError) -> Self {
        match error {
            ProcessError::Child(ChildError::Start(_)) => {
                self.hint("put `sh` (Windows: `cmd.exe`), which runs the line, into the PATH")
            }
            ProcessError::Child(_) => self.hint("run its command alone in this step"),
            ProcessError::Output(_) => self.hint(
                "run its command alone: on stdout it must print AWS's JSON (Version 1, AccessKeyId, SecretAccessKey) \
                 and nothing else",
            ),
        }
    }
}
