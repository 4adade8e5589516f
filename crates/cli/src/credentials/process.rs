//! A profile's `credential_process`, run in a shell as in the Rust and Go SDKs. The AWS CLI and boto3 split its line
//! without a shell (facts/aws.md 7).

use std::path::PathBuf;
use std::pin::pin;
use std::process::Command;
use std::time::Duration;

use aws::Secret;
use export::credentials_json::{self, InvalidCredentialsJson};
use export::{ProfileName, StaticCredentials};

use super::CredentialsError;
use crate::exchange::progress::{OnProgress, Progress};
use crate::io::clock::{self, Deadline};
use crate::io::environment::Environment;
use crate::io::process::child_output::{ChildError, RunningChild};

/// As in the Go SDK.
const LONGEST_RUN: Duration = Duration::from_secs(60);

/// Credentials have 2 KB.
const LARGEST_OUTPUT: usize = 64 * 1024;

/// A wait that takes longer is reported to the user.
const QUIET_WAIT: Duration = Duration::from_secs(1);

/// Why it returned no credentials. Its stdout is never shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProcessError {
    /// No output.
    #[error(transparent)]
    Child(ChildError),
    /// Output without credentials.
    #[error("its output is not usable")]
    Output(#[source] InvalidCredentialsJson),
}

/// The command. Its line may hold a secret.
pub(super) struct Process {
    /// The profile.
    pub(super) profile: ProfileName,
    /// The file that contains the line.
    pub(super) path: PathBuf,
    /// The whole line.
    pub(super) command_line: Secret,
}

impl Process {
    /// Whether the line contains characters that have a meaning only in a shell.
    pub(super) fn needs_a_shell(&self) -> bool {
        self.command_line.expose().contains(['$', '`', '|', '&', ';', '<', '>', '*', '~'])
    }

    /// Runs it with this environment, and reads the credentials that it prints.
    pub(super) async fn credentials(
        &self,
        environment: &Environment,
        deadline: Deadline,
        on_progress: OnProgress<'_>,
    ) -> Result<StaticCredentials, CredentialsError> {
        let result =
            self.output(environment, deadline, on_progress).await.map_err(ProcessError::Child).and_then(
                |output| {
                    credentials_json::of_process(output.expose().as_bytes(), clock::now())
                        .map_err(ProcessError::Output)
                },
            );
        result.map_err(|source| CredentialsError::Process {
            profile: self.profile.to_string(),
            path: self.path.clone(),
            source,
        })
    }

    async fn output(
        &self,
        environment: &Environment,
        deadline: Deadline,
        on_progress: OnProgress<'_>,
    ) -> Result<Secret, ChildError> {
        let mut command = shell_command(self.command_line.expose());
        command.env_clear().envs(environment.variables());
        let child =
            RunningChild::start(&mut command, None, LARGEST_OUTPUT, deadline.left().min(LONGEST_RUN))?;
        let mut output = pin!(child.output());
        if let Some(output) = clock::within(QUIET_WAIT, &mut output).await {
            return output;
        }
        on_progress(&Progress::Waiting {
            target: format!("`credential_process` of profile `{}`", self.profile),
        });
        output.await
    }
}

#[cfg(not(windows))]
fn shell_command(command_line: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", command_line]);
    command
}

#[cfg(windows)]
fn shell_command(command_line: &str) -> Command {
    use std::os::windows::process::CommandExt;
    let mut command = Command::new("cmd.exe");
    // cmd.exe has quoting rules of its own.
    command.arg("/C").raw_arg(command_line);
    command
}
