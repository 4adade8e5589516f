//! Errors of destinations, with the next action.

use std::io;

use super::elsewhere::Elsewhere;
use super::system::Lack;
use super::{ExitStatus, Failure, untrusted};
use crate::io::files::bash_env_path::InvalidBashEnv;
use crate::io::files::file_trust::PathError;
use crate::io::files::shared_files::SharedPathError;
use crate::io::files::untrusted_path::UntrustedPath;
use crate::io::stdout::StdoutError;
use crate::renewal::state_directory::StateError;
use crate::sinks::{FilePlace, SinkError};

/// sudo removes `BASH_ENV` because the file is run by every bash: to pass it on would let root run what this user can write.
pub(super) const WITHOUT_SUDO: &str =
    "run this command without sudo, or choose another destination: `--profile NAME`, `--to dotenv:PATH`";

impl Failure {
    /// Credentials that cannot be removed: another place would leave them where they are.
    pub(crate) fn of_clear(error: &SinkError) -> Self {
        let failure = Self::of_sink(error);
        match reason_and_elsewhere(error).and_then(|(reason, _)| Lack::of_io(reason)) {
            Some(Lack::Permission | Lack::Writable) => failure.hint(
                "let this user write to that file and its directory: the credentials stay in it until then",
            ),
            Some(lack) => match lack.hint(None) {
                Some(hint) => failure.hint(hint),
                None => failure,
            },
            None => failure,
        }
    }

    /// A destination that cannot be opened or written.
    pub(crate) fn of_sink(error: &SinkError) -> Self {
        let status = match error {
            error if error.would_overwrite() => ExitStatus::Guard,
            _ => ExitStatus::Destination,
        };
        let failure = Self::of(status, error);
        if let Some((reason, elsewhere)) = reason_and_elsewhere(error) {
            if let Some(path) = UntrustedPath::of(reason) {
                return failure.hint(untrusted::hint(path, elsewhere));
            }
            if let SinkError::Path { path, source: PathError::ReadOnly(_), .. } = error {
                let elsewhere = elsewhere.in_a_directory("that this user can write to");
                return failure
                    .hint(format!("run `chmod u+w {}` as its owner, or {elsewhere}", path.display()));
            }
            if let Some(hint) = Lack::of_io(reason).and_then(|lack| lack.hint(Some(elsewhere))) {
                return failure.hint(match error {
                    SinkError::State(_) => format!(
                        "{hint}: `--mode credential-process` has its cache there, wherever AWS_SHARED_CREDENTIALS_FILE \
                         and AWS_CONFIG_FILE are"
                    ),
                    _ => hint,
                });
            }
        }
        match error {
            SinkError::OwnKeys { .. } => {
                failure.hint("use another file; `--overwrite` gives these keys up for good")
            }
            error if error.would_overwrite_keys() => failure.hint(
                "use another profile; `--overwrite` gives these keys up for good",
            ),
            SinkError::Path { source: PathError::DanglingLink { .. }, .. } => {
                failure.hint("create the file that it leads to, or remove the link")
            }
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
            SinkError::Stdout(StdoutError::Closed) => failure.hint(
                "start this command without `>&-`, or choose another destination: `--profile NAME`, `--to dotenv:PATH`",
            ),
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

/// The reason of the system, or an untrusted path, and where the file could be instead.
fn reason_and_elsewhere(error: &SinkError) -> Option<(&io::Error, Elsewhere)> {
    match error {
        SinkError::Path { place, source, .. } => Some((source.reason()?, elsewhere(*place))),
        SinkError::Write { place, source, .. } => Some((source, elsewhere(*place))),
        SinkError::State(StateError::Io { source, .. })
        | SinkError::NoDescriptor(StateError::Io { source, .. }) => Some((source, Elsewhere::Home)),
        _ => None,
    }
}

fn elsewhere(place: FilePlace) -> Elsewhere {
    match place {
        FilePlace::Flag => Elsewhere::Flag,
        FilePlace::SharedFiles => Elsewhere::SharedFiles,
        FilePlace::BashEnv => Elsewhere::BashEnv,
        FilePlace::Runner => Elsewhere::Destination,
        FilePlace::Home => Elsewhere::Home,
    }
}
