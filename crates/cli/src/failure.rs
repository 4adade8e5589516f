//! From an error to what the user gets: an exit code, the chain of causes, the claims that matter, one hint.
//! The only place that knows exit codes.

mod asking;
mod credential_process;
mod credentials_source;
mod endpoint;
mod exchange;
mod explained;
mod judged;
mod profiles;
mod serve;
mod token;
mod trust;
mod trust_generate;
mod unreached;
mod verify;

use std::error::Error;
use std::io;

use crate::credentials::CredentialsError;
use crate::exchange::account_guard::GuardError;
use crate::exchange::job_guard::JobGuardError;
use crate::io::http::tls::TlsError;
use crate::io::http::transport_error::TransportError;
use crate::renewal::state_directory::StateError;
use crate::report::{Report, printable};
use crate::settings::SettingsError;
use crate::settings::expansion::ExpandError;
use crate::settings::table::{self, GivenError};
use crate::sinks::SinkError;

/// How the process ends. The numbers are promised to scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// A fault of this program or of local I/O that no other code names.
    Local = 1,
    /// Usage or settings.
    Settings = 2,
    /// No usable identity token.
    Token = 3,
    /// STS refused.
    Refused = 4,
    /// STS not reached, or transient answers until attempts or deadline ran out.
    NotReached = 5,
    /// A destination can't be written.
    Destination = 6,
    /// A guard of ours refused.
    Guard = 7,
    /// A check has findings.
    Findings = 8,
}

/// Everything that is said about a failure.
#[derive(Debug)]
pub(crate) struct Failure {
    status: ExitStatus,
    message: String,
    causes: Vec<String>,
    /// What stands between the causes and the hint, the claims first: a label and its text.
    details: Vec<(&'static str, String)>,
    hint: Option<String>,
    /// What each profile has to say for itself, where there are many.
    parts: Box<[Self]>,
}

impl Failure {
    fn of(status: ExitStatus, error: &dyn Error) -> Self {
        let mut causes = Vec::new();
        let mut cause = error.source();
        while let Some(error) = cause {
            causes.push(error.to_string());
            cause = error.source();
        }
        Self { causes, ..Self::found(status, &error.to_string()) }
    }

    /// Of something that no error stands for.
    fn found(status: ExitStatus, message: &str) -> Self {
        Self {
            status,
            message: message.to_owned(),
            causes: Vec::new(),
            details: Vec::new(),
            hint: None,
            parts: Box::default(),
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Puts what could not be done in front; the error becomes its cause.
    fn while_doing(mut self, message: String) -> Self {
        self.causes.insert(0, std::mem::replace(&mut self.message, message));
        self
    }

    /// Prints it and says how the process ends.
    pub(crate) fn print(&self, report: &mut Report) -> u8 {
        report.error(&printable(&self.message));
        for cause in &self.causes {
            report.detail("caused by:", &printable(cause));
        }
        for (label, text) in &self.details {
            report.detail(label, &printable(text));
        }
        for part in &*self.parts {
            report.detail("profile:", &printable(&part.message));
            for cause in &part.causes {
                report.detail("  caused by:", &printable(cause));
            }
            for (label, text) in &part.details {
                report.detail(&format!("  {label}"), &printable(text));
            }
            if let Some(hint) = &part.hint {
                report.detail("  hint:", &printable(hint));
            }
        }
        if let Some(hint) = &self.hint {
            report.detail("hint:", &printable(hint));
        }
        self.status as u8
    }

    /// All of it on one line, for a list of several.
    pub(crate) fn in_one_line(&self) -> String {
        let mut text = self.message.clone();
        for cause in &self.causes {
            text.push_str(": ");
            text.push_str(cause);
        }
        if let Some(hint) = &self.hint {
            text.push_str("; ");
            text.push_str(hint);
        }
        text
    }

    /// An account that is not to be worked in.
    pub(crate) fn of_guard(error: &GuardError) -> Self {
        Self::of(ExitStatus::Guard, error)
    }

    /// A job that is not to have the role.
    pub(crate) fn of_job_guard(error: &JobGuardError) -> Self {
        let failure = Self::of(ExitStatus::Guard, error);
        match error {
            JobGuardError::SshRerun(_) => failure.hint("run the job again without SSH"),
            JobGuardError::Fork(_) | JobGuardError::OtherOrigin { .. } => failure.hint(
                "give a fork's jobs no role: turn off \"Pass secrets to builds from forked pull requests\", or skip \
                 this job there",
            ),
            JobGuardError::SshUnknown(_) => {
                failure.hint("only CircleCI's tokens have that claim: leave `--refuse-ssh-rerun` out for others")
            }
            JobGuardError::ForkUnknown(_) => failure.hint(
                "pipelines of custom webhooks and tokens of other CIs don't say it: leave `--refuse-fork` out for them",
            ),
        }
    }

    /// A destination that can't take the credentials.
    pub(crate) fn of_sink(error: &SinkError) -> Self {
        let status = match error {
            SinkError::Stdout(_) => ExitStatus::Local,
            error if error.would_overwrite() => ExitStatus::Guard,
            _ => ExitStatus::Destination,
        };
        let failure = Self::of(status, error);
        match error {
            SinkError::NoBashEnv => failure.hint(
                "run this step with bash, or take another destination: `--profile NAME`, `--to dotenv:PATH`",
            ),
            SinkError::NoHome | SinkError::State(StateError::NoHome) | SinkError::Unannounced(_) => {
                failure.hint("set HOME")
            }
            SinkError::Program(_) => failure.hint("on Linux /proc has to be mounted for that"),
            SinkError::NoGithubEnv => {
                failure.hint("GitHub's runner sets it in each step: pass it on, or take another destination")
            }
            SinkError::NoBashEnvForEndpoint
            | SinkError::Rival(_)
            | SinkError::RivalProfile(_)
            | SinkError::Endpoint(_) => failure.at_endpoint(error),
            SinkError::Stuck(name) => failure.hint(format!(
                "take {name} out of the workflow's `env:`, or write a profile: `--profile NAME`"
            )),
            _ => failure,
        }
    }

    /// A list of checks that holds problems, each with its remedy.
    pub(crate) fn of_findings(problems: usize) -> Self {
        let message = match problems {
            1 => "a problem stands in the way of `assume`: its line says what to do".to_owned(),
            count => format!("{count} problems stand in the way of `assume`: their lines say what to do"),
        };
        Self::found(ExitStatus::Findings, &message)
    }

    /// Nobody takes the answer.
    pub(crate) fn of_stdout(error: &io::Error) -> Self {
        Self::of(ExitStatus::Local, error).while_doing("stdout can't be written to".to_owned())
    }

    /// STS gave a value that no destination can hold.
    pub(crate) fn of_value(error: &export::InvalidValue) -> Self {
        Self::of(ExitStatus::Destination, error)
            .while_doing("the credentials can't be handed on: nothing was written".to_owned())
    }

    /// No credentials to ask with, or none that this program may ask with.
    pub(crate) fn of_credentials(error: &CredentialsError) -> Self {
        let status = if error.is_of_a_source() { ExitStatus::Local } else { ExitStatus::Settings };
        let failure = Self::of(status, error);
        match error {
            CredentialsError::NoEndpoint(error) => failure.about_endpoint(error),
            CredentialsError::Endpoint { source, .. } => failure.about_answer(source),
            CredentialsError::Process { source, .. } => failure.about_process(source),
            CredentialsError::Nowhere(_) => failure.hint(
                "assume a role in an earlier step of the job; a machine's own role (instance metadata) is not \
                 asked for",
            ),
            CredentialsError::NoProfile { .. } => failure.hint(
                "write the profile in an earlier step: variables and home are those of this step",
            ),
            CredentialsError::NotFollowed { .. } | CredentialsError::NotFollowedVariable(_) => {
                failure.hint("ask with an AWS tool: `aws sts get-caller-identity`; or name a profile that has keys")
            }
            CredentialsError::HalfSet => failure.hint("set both, or unset AWS_ACCESS_KEY_ID"),
            CredentialsError::NotAKey { .. } => failure.hint("look for quotes, spaces, line breaks or a cut value"),
            CredentialsError::Name { .. }
            | CredentialsError::Unreadable { .. }
            | CredentialsError::Malformed { .. } => failure,
        }
    }

    /// The connection can't even be set up.
    pub(crate) fn of_set_up(error: &TransportError) -> Self {
        let status =
            if matches!(error, TransportError::Proxy(_)) { ExitStatus::Settings } else { ExitStatus::Local };
        Self::of(status, error)
    }
}

impl From<&SettingsError> for Failure {
    fn from(error: &SettingsError) -> Self {
        let failure = Self::of(ExitStatus::Settings, error);
        match error {
            SettingsError::Given(GivenError::Unknown(name)) => failure.hint(match table::resembling(name) {
                Some(known) => {
                    format!("{known} is one: mend the name, or take orb and binary of one version")
                }
                None => "take orb and binary of one version; README.md lists all names".to_owned(),
            }),
            SettingsError::Given(GivenError::Expand { source: ExpandError::Unset(name), .. }) => failure
                .hint(format!(
                    "set {name} in the project, a context or an earlier step, or write ${{{name}:-default}}"
                )),
            SettingsError::NoDestination => {
                failure.hint("choose bash-env, profile:NAME, dotenv:PATH, github, json or shell")
            }
            SettingsError::Partition { .. } => {
                failure.hint("name a `region` of the role's partition, or a role of the Region's")
            }
            _ => failure,
        }
    }
}

impl From<&TlsError> for Failure {
    fn from(error: &TlsError) -> Self {
        match error {
            TlsError::SetUp(_) => Self::of(ExitStatus::Local, error),
            TlsError::Unreadable { name, .. } | TlsError::NoCertificate { name, .. } => {
                Self::of(ExitStatus::Settings, error)
                    .hint(format!("Mozilla's roots are built in: {name} is needed only for a private CA"))
            }
        }
    }
}
