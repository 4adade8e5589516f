//! A destination that cannot take the credentials.

use super::{ExitStatus, Failure};
use crate::renewal::state_directory::StateError;
use crate::sinks::SinkError;

impl Failure {
    /// Which one, and what to do.
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
            SinkError::NoHome | SinkError::State(StateError::NoHome) | SinkError::NoDescriptor(_) => {
                failure.hint("set HOME")
            }
            SinkError::Program(_) => failure.hint("on Linux /proc has to be mounted for that"),
            SinkError::NoGithubEnv => failure
                .hint("GitHub's runner sets it in each step: pass it on, or choose another destination"),
            SinkError::NoBashEnvForEndpoint
            | SinkError::Rival(_)
            | SinkError::RivalProfile(_)
            | SinkError::Endpoint(_) => failure.at_endpoint(error),
            SinkError::Stuck(name) => failure.hint(format!(
                "remove {name} from the workflow's `env:`, or write a profile: `--profile NAME`"
            )),
            _ => failure,
        }
    }
}
