//! No credentials to call AWS with, or none that this program uses: the next action.

use super::elsewhere::Elsewhere;
use super::{ExitStatus, Failure, untrusted};
use crate::credentials::absence::{self, AbsenceReason, Step};
use crate::credentials::{
    ContainerEndpointError, CredentialsError, InvalidContainerEndpoint, ProcessError, SharedProfiles,
};
use crate::io::environment::Environment;
use crate::io::home_directory::HomeOwner;
use crate::io::process::child_output::ChildError;

const CHECK_ENDPOINT_STEP: &str = "check the step that starts the endpoint (`serve`)";

const WRITE_A_PROFILE: &str = "let `assume` write a profile, which every shell can use: `--profile NAME`";

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
                "assume a role in an earlier step of the job, with this step's HOME (`echo $HOME` in both shows it) for a \
                 profile; a machine's own role (instance metadata) is not used",
            ),
            CredentialsError::ProfileNotFound(_) => failure.hint(
                "write the profile in an earlier step that has this step's HOME (`echo $HOME` in both shows it), or set \
                 AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE to the same files in both",
            ),
            CredentialsError::UnsupportedKey { .. } | CredentialsError::UnsupportedVariable(_) => failure
                .hint("use an AWS tool: `aws sts get-caller-identity`; or name a profile that has keys of its own"),
            CredentialsError::NoSecretKey => failure.hint("set both, or unset AWS_ACCESS_KEY_ID"),
            CredentialsError::InvalidCharacter { .. } => {
                failure.hint("check it for quotes, spaces, line breaks and a truncated value")
            }
            CredentialsError::Untrusted { source, .. } => {
                failure.hint(untrusted::hint(source, Elsewhere::SharedFiles))
            }
            CredentialsError::SharedPath(_)
            | CredentialsError::Name { .. }
            | CredentialsError::Unreadable { .. }
            | CredentialsError::Malformed { .. } => failure,
        }
    }

    /// The credentials of an earlier step are not found, for these reasons. The first one has the remedy.
    pub(super) fn because_of(mut self, reasons: &[AbsenceReason]) -> Self {
        self.causes.extend(reasons.iter().map(ToString::to_string));
        match reasons.first() {
            Some(reason) => self.hint(remedy(reason)),
            None => self,
        }
    }

    /// There are no credentials in this step, with what it shows about their absence.
    pub(crate) fn of_missing_credentials(
        error: &CredentialsError,
        environment: &Environment,
        files: &SharedProfiles,
    ) -> Self {
        let reasons = absence::reasons(error, environment, files, Step::This);
        Self::of_credentials(error).because_of(&reasons)
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

/// What to do about it.
fn remedy(reason: &AbsenceReason) -> String {
    match reason {
        AbsenceReason::NotRead { .. } => format!("run this step with bash, or {WRITE_A_PROFILE}"),
        AbsenceReason::Unset(_) => format!("keep the variables in this step, or {WRITE_A_PROFILE}"),
        AbsenceReason::BashEnvUnreadable(..) => {
            "run this step as the user who ran `assume`, or run `assume` again as this user".to_owned()
        }
        AbsenceReason::OtherHome { home, here, .. } | AbsenceReason::StateElsewhere { home, here, .. } => match (home.owner, here) {
            // With that user's HOME, root would run the `credential_process` lines of that user.
            (HomeOwner::Caller(_), _) => "run this command without sudo, as that user".to_owned(),
            (HomeOwner::ThisUser(_) | HomeOwner::Starter, Some(here)) => {
                format!("give this step and the one that runs `assume` the same HOME, `{}` or `{here}`", home.path.display())
            }
            (HomeOwner::ThisUser(_) | HomeOwner::Starter, None) => format!("set HOME to `{}`", home.path.display()),
        },
        AbsenceReason::SharedFileIgnored(file) if file.is_file() => {
            "let the user who runs this step own the file, with mode 0600".to_owned()
        }
        AbsenceReason::SharedFileIgnored(_) => "put a file in its place, or remove it".to_owned(),
        AbsenceReason::Sudo { with_variables: false, .. } => "run this command without sudo".to_owned(),
        AbsenceReason::Sudo { with_variables: true, .. } => "run this command without sudo, or name the variables to sudo, which gives them to \
                                       that command only: `sudo --preserve-env=AWS_ACCESS_KEY_ID,AWS_SECRET_ACCESS_KEY,\
                                       AWS_SESSION_TOKEN,AWS_REGION,AWS_DEFAULT_REGION COMMAND`"
            .to_owned(),
    }
}
