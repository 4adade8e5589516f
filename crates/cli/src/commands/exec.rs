//! `exec`: one command with the credentials in its environment only. Nothing is written, so nothing has to be cleared.

use std::ffi::OsStr;

use crate::commands::child_environment::ChildEnvironment;
use crate::commands::{assumed, report_scope};
use crate::credentials::other_account;
use crate::exchange::acquisition::{Acquired, Acquisition};
use crate::exchange::progress::Progress;
use crate::failure::Failure;
use crate::io::clock::Deadline;
use crate::io::environment;
use crate::io::process::{program_search, successor};
use crate::report::Report;
use crate::settings::{DEFAULT_DEADLINE, Inputs, SessionSettings, table};

/// Without one most AWS tools fail.
const NO_REGION: &str =
    "AWS tools of the command need a Region, and none is known here: set `--region` or AWS_REGION";

/// Becomes the command, or, where a process cannot, ends with its exit code. Returns only errors of its own: the command
/// is found before STS is called, so a misspelled name costs no session.
pub(crate) fn run(inputs: Inputs<'_>, report: &Report) -> Result<(), Failure> {
    let environment = inputs.environment;
    let settings = inputs.checked().and_then(|inputs| SessionSettings::read(inputs, DEFAULT_DEADLINE));
    let settings = settings.map_err(|error| Failure::from(&error))?;
    let passes_token = inputs.is_on(&table::PASS_TOKEN).map_err(|error| Failure::from(&error))?;
    let (name, arguments) = match inputs.flags.operands.split_first() {
        Some((name, arguments)) => (name.as_os_str(), arguments),
        None => (OsStr::new(""), [].as_slice()),
    };
    let search_path = environment::search_path();
    let program = program_search::find(name, search_path.as_deref(), environment)
        .map_err(|error| Failure::of_program(&error, name))?;
    let mut command = successor::command(&program, name);
    command.args(arguments);
    let changes = ChildEnvironment::of(&settings.request.token.source, passes_token, environment);

    let failed = |error| Failure::of_acquisition(&error, &settings, environment);
    let mut notes = settings.notes.clone();
    let acquisition = Acquisition::of_session(&settings.request, environment, &mut notes).map_err(failed)?;
    report.notes(&notes);
    let on_progress = |progress: &Progress<'_>| report.progress(progress);
    let deadline = Deadline::after(settings.request.network.deadline);
    let Acquired { session, origin, .. } =
        acquisition.session(&settings.request, deadline, &on_progress).map_err(failed)?;
    report.event(&assumed(&session, &origin));
    report_scope(settings.request.scope.as_ref(), report);
    if session.region().is_none() {
        report.note(NO_REGION);
    }
    report.notes(other_account::note(environment, session.account()));
    report.notes(changes.note(environment));
    changes.apply(&session, &mut command);
    // The copies that remain are the environment of the command, and what becoming it takes away.
    drop(session);
    match successor::run(&mut command) {
        Ok(never) => match never {},
        Err(error) => Err(Failure::of_exec(&program, &error)),
    }
}
