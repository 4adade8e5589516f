//! The next action where what should give credentials, an endpoint or a process, gives none.

use super::Failure;
use crate::credentials::{EndpointError, InvalidEndpoint, ProcessError};
use crate::io::process::child_output::ChildError;

const ENDPOINTS_STEP: &str = "look at the step that starts the endpoint (`serve`)";

impl Failure {
    /// The variables lead to none that is asked.
    pub(super) fn about_endpoint(self, error: &InvalidEndpoint) -> Self {
        match error {
            InvalidEndpoint::NotAUrl => self.hint(format!("{ENDPOINTS_STEP}: it says what to set")),
            InvalidEndpoint::Elsewhere(_) => self.hint("ask with an AWS tool: `aws sts get-caller-identity`"),
            InvalidEndpoint::TokenFile { .. } => {
                self.hint("name a file of this machine, or unset the variable")
            }
            InvalidEndpoint::Token(_) => self.hint("write the token without a line break at its end"),
        }
    }

    /// It was asked.
    pub(super) fn about_answer(self, error: &EndpointError) -> Self {
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
    pub(super) fn about_process(self, error: &ProcessError) -> Self {
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
