//! A profile's `credential_process`, run as the Rust and Go SDKs do it: by a shell. The AWS CLI and boto3 take its line
//! apart without one (facts/aws.md 7).

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
use crate::io::process::child_output::{ChildError, Running};

/// As long as Go waits.
const LONGEST_RUN: Duration = Duration::from_secs(60);

/// Keys have 2 KB.
const LARGEST_OUTPUT: usize = 64 * 1024;

/// From then on the user is told what is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Why it gave no keys. What it printed on stdout is never shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProcessError {
    /// Nothing came.
    #[error(transparent)]
    Child(ChildError),
    /// Something came.
    #[error("its output can't be taken")]
    Output(#[source] InvalidCredentialsJson),
}

/// The command, whose line may hold a secret.
pub(super) struct Process {
    /// Whose it is.
    pub(super) profile: ProfileName,
    /// Where it stands.
    pub(super) path: PathBuf,
    /// The whole line.
    pub(super) command_line: Secret,
}

impl Process {
    /// What only a shell makes sense of.
    pub(super) fn needs_a_shell(&self) -> bool {
        self.command_line.expose().contains(['$', '`', '|', '&', ';', '<', '>', '*', '~'])
    }

    /// Runs it with this environment, and takes the keys that it prints.
    pub(super) async fn keys(
        &self,
        environment: &Environment,
        deadline: Deadline,
        on_progress: OnProgress<'_>,
    ) -> Result<StaticCredentials, CredentialsError> {
        let keys =
            self.output(environment, deadline, on_progress).await.map_err(ProcessError::Child).and_then(
                |output| {
                    credentials_json::of_process(output.expose().as_bytes(), clock::now())
                        .map_err(ProcessError::Output)
                },
            );
        keys.map_err(|source| CredentialsError::Process {
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
        let mut command = by_shell(self.command_line.expose());
        command.env_clear().envs(environment.variables());
        let running = Running::start(&mut command, LARGEST_OUTPUT, deadline.left().min(LONGEST_RUN))?;
        let mut output = pin!(running.output());
        if let Some(output) = clock::within(PATIENCE, &mut output).await {
            return output;
        }
        on_progress(&Progress::Waiting {
            whom: format!("`credential_process` of profile `{}`", self.profile),
        });
        output.await
    }
}

#[cfg(not(windows))]
fn by_shell(command_line: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", command_line]);
    command
}

#[cfg(windows)]
fn by_shell(command_line: &str) -> Command {
    use std::os::windows::process::CommandExt;
    let mut command = Command::new("cmd.exe");
    // Its quotes are its own business: they are not those of other programs.
    command.arg("/C").raw_arg(command_line);
    command
}
