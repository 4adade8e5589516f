//! `exec`: one command with the credentials in its environment only. Nothing is written, so nothing has to be cleared.
//! With `--serve` the environment leads it to an endpoint: `exec_serve`.

use export::Session;
use oidc::TokenOrigin;

use crate::commands::child_environment::ChildEnvironment;
use crate::commands::program::Program;
use crate::commands::{NO_REGION_OF_COMMAND, assumed, exec_serve, report_scope};
use crate::credentials::other_account;
use crate::exchange::acquisition::{Acquired, Acquisition};
use crate::exchange::progress::Progress;
use crate::failure::Failure;
use crate::io::clock::Deadline;
use crate::io::environment::Environment;
use crate::receipt::{self, Receipt, ReceiptPlan};
use crate::report::Report;
use crate::settings::{DEFAULT_DEADLINE, Inputs, SessionSettings, table};

/// Runs the command, with a receipt if the user names one.
pub(crate) fn run(inputs: Inputs<'_>, report: &Report) -> Result<(), Failure> {
    receipt::around("exec", inputs, report, |receipt| exec(inputs, report, receipt))
}

/// Becomes the command, or, where a process cannot, ends with its exit code. Returns only errors of its own: the command
/// is found before STS is called, so a misspelled name costs no session.
fn exec(inputs: Inputs<'_>, report: &Report, receipt: &Receipt<'_>) -> Result<(), Failure> {
    let environment = inputs.environment;
    let settings = inputs.checked().and_then(|inputs| SessionSettings::read(inputs, DEFAULT_DEADLINE));
    let settings = settings.map_err(|error| Failure::from(&error))?;
    let passes_token = inputs.is_on(&table::PASS_TOKEN).map_err(|error| Failure::from(&error))?;
    receipt.plan(ReceiptPlan::of_session(&settings, &[], false))?;
    let serves = inputs.is_on(&table::SERVE).map_err(|error| Failure::from(&error))?;
    let mut program = Program::find(&inputs.flags.operands, environment)?;
    if serves {
        return exec_serve::run(&settings, program, passes_token, environment, report, receipt);
    }
    let changes = ChildEnvironment::of(&settings.request.token.source, passes_token, environment);
    let failed = |error| Failure::of_acquisition(&error, &settings, environment);
    let mut notes = settings.notes.clone();
    let acquisition = Acquisition::of_session(&settings.request, environment, &mut notes).map_err(failed)?;
    report.notes(&notes);
    let on_progress = |progress: &Progress<'_>| {
        report.progress(progress);
        receipt.hear_of(0, progress);
    };
    let deadline = Deadline::after(settings.request.network.deadline);
    let Acquired { session, origin, .. } =
        acquisition.session(&settings.request, deadline, &on_progress).map_err(failed)?;
    receipt.write_alone()?;
    report_session(&session, &origin, &settings, &changes, environment, report);
    program.run_with(session, &changes)
}

/// Prints what the command gets, and what it does not inherit.
pub(super) fn report_session(
    session: &Session,
    origin: &TokenOrigin,
    settings: &SessionSettings,
    changes: &ChildEnvironment,
    environment: &Environment,
    report: &Report,
) {
    report.event(&assumed(session, origin));
    report_scope(settings.request.scope.as_ref(), report);
    if session.region().is_none() {
        report.note(NO_REGION_OF_COMMAND);
    }
    report.notes(other_account::note(environment, session.account()));
    report.notes(changes.notes(environment));
}
