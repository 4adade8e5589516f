//! Settings, guards and certificates that stop a command before anything is sent.

use sts::NotRegional;

use super::sink::WITHOUT_SUDO;
use super::{ExitStatus, Failure};
use crate::exchange::account_guard::AccountError;
use crate::exchange::endpoint_guard::EndpointGuardError;
use crate::exchange::job_guard::JobGuardError;
use crate::exchange::token_path;
use crate::io::environment::vars;
use crate::io::http::ca_bundle::{CaBundleError, OtherFormat};
use crate::io::http::tls::TlsError;
use crate::io::http::transport_error::TransportError;
use crate::settings::expansion::ExpandError;
use crate::settings::settings_error::Advice;
use crate::settings::{SettingsError, table};

impl From<&SettingsError> for Failure {
    fn from(error: &SettingsError) -> Self {
        let failure = Self::of(ExitStatus::Settings, error);
        match error {
            SettingsError::Unknown(name) => failure.hint(match table::most_similar(name) {
                Some(known) => {
                    format!("rename it to {known}, or use orb and binary of the same version")
                }
                None => "use orb and binary of the same version; docs/cli.md lists all names".to_owned(),
            }),
            SettingsError::NotText(name) => failure.hint(format!(
                "set {name} again, as UTF-8: often a space or a letter of it was pasted from a document in another encoding"
            )),
            SettingsError::Expand { source: ExpandError::Unset(name), .. } => failure.hint(format!(
                "set {name} in the project, a context or an earlier step, or write ${{{name}:-default}}"
            )),
            SettingsError::HoldsToken(name)
                if [table::TOKEN_SOURCE.flag, table::TOKEN_SOURCE.variable].contains(name) =>
            {
                failure
                    .hint("name where the token is: `env:NAME` with the name of its variable, or `file:PATH`")
            }
            SettingsError::HoldsToken(_) => failure
                .hint("remove it; `--token-source` names where a token is, as `env:NAME` or `file:PATH`"),
            SettingsError::Expand { source: ExpandError::NamesItself(name), .. } => failure.hint(format!(
                "give the variable of the project or context another name than {name}, and name that one"
            )),
            SettingsError::Invalid { advice: Some(advice), .. } => failure.hint(of_advice(advice)),
            SettingsError::NoDestination => failure.hint(
                "set `--to` to bash-env, profile:NAME, dotenv:PATH, github, json, shell, fish or powershell",
            ),
            SettingsError::NoDestinationBehindSudo => failure.hint(WITHOUT_SUDO),
            SettingsError::Partition { .. } => {
                failure.hint("set a `region` of the role's partition, or a role of the Region's")
            }
            SettingsError::NoScope => failure.hint("set at least one of the two"),
            SettingsError::NeitherCommandNorTo => failure.hint(
                "write a command behind `--`, or set `--to`, for example to profile:reader",
            ),
            SettingsError::CommandAndTo => failure.hint("remove one of the two; each needs a run of its own"),
            SettingsError::ProfileIsSource(_) => failure.hint("name another profile"),
            SettingsError::NotRegional(NotRegional::NoRegion) => failure.hint(
                "set `--region` or AWS_REGION to any Region that STS has, such as `eu-west-1`: the session is the same in \
                 each",
            ),
            SettingsError::NotRegional(flaw) => failure.hint(flaw.hint()),
            _ => failure,
        }
    }
}

fn of_advice(advice: &Advice) -> String {
    match advice {
        Advice::WriteDollar(name) => {
            format!("write `${name}` for the value of the variable {name}")
        }
        Advice::OneElement(name) => format!(
            "write each element in the list itself, or a variable for each, such as `$FIRST $SECOND`: `${name}` is one \
             element, whatever it holds"
        ),
        Advice::MayBeAbsent(name) => {
            format!("set {name}, or write `${{{name}:-}}` if the list may be without this element")
        }
        Advice::DidYouMean(word) => format!("did you mean `{word}`?"),
        Advice::Quote => {
            "write an element that holds spaces or commas in double quotes: both separate the elements \
                          of a list"
                .to_owned()
        }
    }
}

impl From<&TlsError> for Failure {
    fn from(error: &TlsError) -> Self {
        match error {
            TlsError::SetUp(_) => Self::of(ExitStatus::Local, error),
            TlsError::Bundle(bundle) => Self::of(ExitStatus::Settings, bundle).hint(bundle_hint(bundle)),
        }
    }
}

/// What makes the bundle usable.
fn bundle_hint(error: &CaBundleError) -> String {
    let remove = "only a private CA needs it, Mozilla's roots are built in";
    match error {
        CaBundleError::NoCertificate { name, source: OtherFormat::SingleLine(found), .. } => {
            let what = if found.is_certificate() { "" } else { "'s certificate" };
            format!("keep the line breaks of the CA{what} file in {name}: {}", found.remedy())
        }
        CaBundleError::NoCertificate { path, name, source } => match source.conversion(path) {
            Some(command) => format!("make a PEM file of it with `{command}`, and name that in {name}"),
            None => format!("fix {name}, or remove it: {remove}"),
        },
        CaBundleError::NotHashed { path, name } => {
            format!(
                "name its certificates with `openssl rehash {}`, or name one PEM file in {name}",
                path.display()
            )
        }
        CaBundleError::Unreadable { name, .. } | CaBundleError::AllSkipped { name, .. } => {
            format!("fix {name}, or remove it: {remove}")
        }
    }
}

impl Failure {
    /// An account that is refused.
    pub(crate) fn of_account(error: &AccountError) -> Self {
        Self::of(ExitStatus::Guard, error)
    }

    /// A host, or certificates, that are refused.
    pub(crate) fn of_endpoint_guard(error: &EndpointGuardError) -> Self {
        let failure = Self::of(ExitStatus::Guard, error);
        match error {
            EndpointGuardError::OtherHost { host, name, region } => {
                let hint = token_path::variable_hint(*name, region).unwrap_or_else(|| {
                    let name = name.unwrap_or("`--sts-endpoint`");
                    format!("unset {name}, or remove `--expect-aws` if `{host}` may read the token")
                });
                failure.hint(hint)
            }
            EndpointGuardError::AddedRoots { name, .. } => failure.hint(format!(
                "unset {name} for this step, or remove `--expect-aws` if the owners of these certificates may read the \
                 token"
            )),
        }
    }

    /// A job that is refused.
    pub(crate) fn of_job_guard(error: &JobGuardError) -> Self {
        let failure = Self::of(ExitStatus::Guard, error);
        match error {
            JobGuardError::SshRerun(_) => failure.hint("rerun the job without SSH"),
            JobGuardError::Fork(_) | JobGuardError::OtherOrigin { .. } => failure.hint(
                "turn off \"Pass secrets to builds from forked pull requests\", or skip this job for forks",
            ),
            JobGuardError::SshUnknown(_) => {
                failure.hint("remove `--refuse-ssh-rerun` for other CIs: only CircleCI's tokens have that claim")
            }
            JobGuardError::ForkUnknown(_) => failure.hint(
                "remove `--refuse-fork` for pipelines of custom webhooks and for other CIs, whose tokens do not have that \
                 claim: jobs of forks then get credentials too",
            ),
            JobGuardError::ProjectUnknown(_) => failure.hint(format!(
                "pass {} and {} of the job on to this process: a container, sudo or `env -i` loses them; without \
                 `--refuse-fork` jobs of forks get credentials too",
                vars::CIRCLE_PROJECT_USERNAME,
                vars::CIRCLE_PROJECT_REPONAME
            )),
        }
    }

    /// The client cannot be set up.
    pub(crate) fn of_set_up(error: &TransportError) -> Self {
        let status =
            if matches!(error, TransportError::Proxy(_)) { ExitStatus::Settings } else { ExitStatus::Local };
        Self::of(status, error)
    }
}
