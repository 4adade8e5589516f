//! Errors of destinations, with the next action.

use super::{ExitStatus, Failure};
use crate::io::files::bash_env_path::InvalidBashEnv;
use crate::renewal::state_directory::StateError;
use crate::sinks::SinkError;

impl Failure {
    /// A destination that cannot be opened or written.
    pub(crate) fn of_sink(error: &SinkError) -> Self {
        let status = match error {
            SinkError::Stdout(_) => ExitStatus::Local,
            error if error.would_overwrite() => ExitStatus::Guard,
            _ => ExitStatus::Destination,
        };
        let failure = Self::of(status, error);
        match error {
            SinkError::NoBashEnv => failure.hint(
                "run this step with bash, or choose another destination: `--profile NAME`, `--to dotenv:PATH`",
            ),
            SinkError::InvalidBashEnv(InvalidBashEnv::Expansion(_)) => {
                failure.hint("set BASH_ENV to the absolute path of the file")
            }
            SinkError::InvalidBashEnv(InvalidBashEnv::NoHome(_))
            | SinkError::NoHome
            | SinkError::State(StateError::NoHome) | SinkError::NoDescriptor(_) => {
                failure.hint("set HOME")
            }
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
