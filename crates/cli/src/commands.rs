//! The commands, one per file: settings, then the exchange, then the destinations.

mod assume;
mod child_environment;
mod clear;
mod completions;
mod credential_process;
mod exec;
mod exec_serve;
mod kept;
mod preflight;
mod profiles;
mod program;
mod renewer;
mod scope;
mod serve;
mod token;
mod token_request;
mod trust_generate;
mod trust_lint;
mod trust_test;
mod whoami;
mod written;

use export::Session;
use oidc::TokenOrigin;
use sts::Scope;

use crate::args::Command;
use crate::exchange::scoping;
use crate::failure::Failure;
use crate::io::environment::{Environment, vars};
use crate::io::files::pipe;
use crate::io::files::transaction::FileTransaction;
use crate::io::home_directory::{self, HomeOwner};
use crate::io::signals;
use crate::report::Report;
use crate::settings::{self, DEFAULT_DEADLINE, Inputs};

/// Runs the chosen command.
pub(crate) fn run(command: Command, inputs: Inputs<'_>, report: &Report) -> Result<(), Failure> {
    let default =
        if command == Command::CredentialProcess { credential_process::DEADLINE } else { DEFAULT_DEADLINE };
    // An invalid value is an error of the command that needs it.
    pipe::set_time(settings::deadline(inputs, default).unwrap_or(default));
    match command {
        Command::Assume => assume::run(inputs, report),
        Command::Profiles => profiles::run(inputs, report),
        Command::CredentialProcess => credential_process::run(inputs, report),
        Command::Serve => serve::run(inputs, report),
        Command::Exec => exec::run(inputs, report),
        Command::Scope => scope::run(inputs, report),
        Command::Whoami => whoami::run(inputs, report),
        Command::Token => token::run(inputs, report),
        Command::Clear => clear::run(inputs, report),
        Command::Preflight => preflight::run(inputs, report),
        Command::TrustGenerate => trust_generate::run(inputs, report),
        Command::TrustLint => trust_lint::run(inputs, report),
        Command::TrustTest => trust_test::run(inputs, report),
        Command::Completions => completions::run(inputs),
        Command::Man => completions::man(),
    }
}

/// Prints what limits the credentials below their session.
fn report_scope(scope: Option<&Scope>, report: &Report) {
    if let Some(scope) = scope {
        report.event(&format!("STS limited these credentials {}", scoping::words(scope)));
    }
}

/// Restores every file. After a signal the failure is printed here, because the process ends with the transaction.
fn roll_back(transaction: &mut FileTransaction, failure: Failure, report: &Report) -> Failure {
    report.notes(transaction.roll_back());
    if signals::pending().is_some() {
        failure.print(report);
    }
    failure
}

/// Without a Region most AWS tools fail.
const NO_REGION_OF_COMMAND: &str =
    "AWS tools of the command need a Region, and none is known here: set `--region` or AWS_REGION";

/// The line about a session that commands print once.
fn assumed(session: &Session, origin: &TokenOrigin) -> String {
    let credentials = session.credentials();
    format!(
        "assumed {} until {} (access key id {}, token from {origin})",
        session.role_session_arn(),
        credentials.expiration,
        credentials.access_key_id
    )
}

/// A note for credentials that are renewed, where no other token can be read or minted.
fn no_renewal_note(origin: &TokenOrigin) -> String {
    format!(
        "there is no other token than that from {origin}: after it expires the credentials are not renewed"
    )
}

/// Notes for profiles that have been written: what keeps the next steps from them.
fn note_profile_readers(environment: &Environment, report: &Report) {
    if environment.non_blank(vars::AWS_ACCESS_KEY_ID).is_some() {
        report.note(
            "AWS_ACCESS_KEY_ID is set in this job: AWS tools use it before any profile, unless `aws --profile` names one",
        );
    }
    let of_caller =
        home_directory::elsewhere(environment).into_iter().find_map(|home| match (home.owner, home.path) {
            (HomeOwner::Caller(user), path) => Some((user, path)),
            (HomeOwner::ThisUser(_) | HomeOwner::Starter, _) => None,
        });
    if let (Some((user, path)), None) = (of_caller, environment.non_blank(vars::AWS_SHARED_CREDENTIALS_FILE))
    {
        report.note(&format!(
            "sudo has started this step with HOME={}: steps of user {user} look for profiles in `{}` and do not find \
             these",
            environment.non_blank(vars::HOME).unwrap_or_default(),
            path.display()
        ));
    }
}
