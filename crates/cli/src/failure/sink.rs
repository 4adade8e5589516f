//! Errors of destinations, with the next action.

use super::{ExitStatus, Failure, untrusted};
use crate::io::files::bash_env_path::InvalidBashEnv;
use crate::io::files::file_trust::is_denied;
use crate::io::files::shared_files::SharedPathError;
use crate::io::files::untrusted_path::UntrustedPath;
use crate::renewal::state_directory::StateError;
use crate::sinks::SinkError;

/// sudo removes `BASH_ENV` because the file is run by every bash: to pass it on would let root run what this user can write.
pub(super) const WITHOUT_SUDO: &str =
    "run this command without sudo, or choose another destination: `--profile NAME`, `--to dotenv:PATH`";

impl Failure {
    /// A destination that cannot be opened or written.
    pub(crate) fn of_sink(error: &SinkError) -> Self {
        let status = match error {
            SinkError::Stdout(_) => ExitStatus::Local,
            error if error.would_overwrite() => ExitStatus::Guard,
            _ => ExitStatus::Destination,
        };
        let failure = Self::of(status, error);
        if let Some((path, elsewhere)) = untrusted(error) {
            return failure.hint(untrusted::hint(path, elsewhere));
        }
        match error {
            SinkError::OwnKeys { .. } => {
                failure.hint("use another file; `--overwrite` gives these keys up for good")
            }
            error if error.would_overwrite_keys() => failure.hint(
                "use another profile; `--overwrite` gives these keys up for good",
            ),
            SinkError::NoBashEnv => failure.hint(
                "run this step with bash, or choose another destination: `--profile NAME`, `--to dotenv:PATH`",
            ),
            SinkError::InvalidBashEnv(InvalidBashEnv::Expansion(_)) => {
                failure.hint("set BASH_ENV to the absolute path of the file")
            }
            SinkError::Unfinished { path, .. } => failure.hint(format!(
                "correct `{}`, or the step that writes it; or write a profile: `--profile NAME`",
                path.display()
            )),
            SinkError::NoBashEnvBehindSudo => failure.hint(WITHOUT_SUDO),
            SinkError::SharedFile { source, .. } if source.is_denied() => failure.hint(
                "set AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE to files in a directory that this user can write \
                 to, in this step and in the steps that use the profile",
            ),
            SinkError::State(StateError::Io { source, .. }) if is_denied(source) => failure.hint(
                "set HOME to a directory that this user can write to: `--mode credential-process` has its cache there, \
                 wherever AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE are",
            ),
            SinkError::InvalidBashEnv(InvalidBashEnv::NoHome(_))
            | SinkError::SharedPath(SharedPathError::NoHome)
            | SinkError::State(StateError::NoHome) | SinkError::NoDescriptor(_) => {
                failure.hint("set HOME")
            }
            SinkError::SharedPath(SharedPathError::Invalid { variable, .. }) => {
                failure.hint(format!("set {variable} to an absolute path, or to one that begins with `~/`"))
            }
            SinkError::NotRepeatable { .. } => {
                failure.hint("write it to one file that stays until the job ends, and name that file")
            }
            SinkError::NotReceipt { .. } => failure.hint("remove the file, or name another with `--receipt`"),
            SinkError::NotToken { .. } => failure.hint("remove the file, or name another with `--to file:PATH`"),
            SinkError::Program(_) => failure.hint("mount /proc, which Linux needs for that"),
            SinkError::NoGithubEnv => failure
                .hint("pass GITHUB_ENV on from GitHub's runner to this process, or choose another destination"),
            SinkError::NoBashEnvForEndpoint
            | SinkError::CredentialsBeforeEndpoint(_)
            | SinkError::ProfileBeforeEndpoint(_)
            | SinkError::Endpoint(_) => failure.about_endpoint_sink(error),
            SinkError::NotBlankable(name) => failure.hint(format!(
                "remove {name} from the workflow's `env:`, or write a profile: `--profile NAME`"
            )),
            _ => failure,
        }
    }
}

/// The part of the destination's path that another user can change, and what could be named instead.
fn untrusted(error: &SinkError) -> Option<(&UntrustedPath, &'static str)> {
    match error {
        SinkError::SharedFile { source, .. } => Some((source.untrusted()?, untrusted::SHARED_FILES)),
        SinkError::BashEnvFile { source, .. } => Some((source.untrusted()?, untrusted::BASH_ENV)),
        SinkError::Path { source, .. } => Some((source.untrusted()?, untrusted::FILE)),
        SinkError::State(StateError::Io { source, .. })
        | SinkError::NoDescriptor(StateError::Io { source, .. }) => {
            Some((UntrustedPath::of(source)?, untrusted::HOME))
        }
        _ => None,
    }
}
