//! `profiles`: many roles, from the job's token to one profile per role. All profiles are written, or none.

use std::rc::Rc;

use export::Session;

use crate::commands::{note_profile_readers, roll_back};
use crate::credentials::other_account;
use crate::exchange::acquisition::Acquisition;
use crate::exchange::admitted_role::AdmittedRole;
use crate::exchange::progress::Progress;
use crate::failure::Failure;
use crate::io::clock::Deadline;
use crate::io::environment::Environment;
use crate::io::files::transaction::FileTransaction;
use crate::io::signals;
use crate::profiles::{Outcome, PlannedRole, ProfilesProgress, ProfilesSettings, Run, Table};
use crate::receipt::{self, Receipt, ReceiptPlan};
use crate::report::{self, Report};
use crate::settings::Inputs;
use crate::sinks::ProfileSink;
use crate::verify::NextStep;

/// Assumes the roles, with a receipt if the user names one.
pub(crate) fn run(inputs: Inputs<'_>, report: &Report) -> Result<(), Failure> {
    receipt::around("profiles", inputs, report, |receipt| assume_all(inputs, report, receipt))
}

/// Checks everything that can be checked before it sends the token.
fn assume_all(inputs: Inputs<'_>, report: &Report, receipt: &Receipt<'_>) -> Result<(), Failure> {
    let environment = inputs.environment;
    let settings = ProfilesSettings::read(inputs).map_err(|error| Failure::of_profiles(&error))?;
    receipt.plan(ReceiptPlan::of_profiles(&settings))?;
    let roles = &settings.plan.roles;
    let failed = |error| Failure::of_profiles_acquisition(&error, &settings, environment);
    let mut notes = settings.notes.clone();
    // The accounts of source profiles too, because these are written as well.
    let accounts = roles.iter().map(|role| role.role.account());
    let networks = settings.roles().map(|(_, network)| network);
    let acquisition = Acquisition::prepare(settings.context(environment), accounts, networks, &mut notes)
        .map_err(failed)?;
    let regions: Vec<_> = roles.iter().map(|role| (&role.profile, role.region.as_ref())).collect();
    let sink = ProfileSink::open(&regions, settings.overwrite, environment)
        .map_err(|error| Failure::of_sink(&error))?;
    report.notes(&notes);
    let deadline = Deadline::after(settings.network().deadline);
    let on_progress = |progress: &Progress<'_>| {
        report.progress(progress);
        receipt.hear(progress);
    };
    let open = acquisition.open(deadline, &on_progress).map_err(failed)?;

    let on_profiles = |progress: &ProfilesProgress<'_>| report_progress(progress, report);
    let on_role = |at: usize, progress: &Progress<'_>| receipt.hear_of(at, progress);
    let run = Run { settings: &settings, open: &open, on_profiles: &on_profiles, on_role: &on_role };
    let admitted = all_admitted(run.request_all(), &settings, environment)?;
    let sessions = sessions(admitted, roles)?;

    let mut transaction = FileTransaction::default();
    match write(sink, &sessions, &run, environment, receipt, &mut transaction) {
        Ok(next_step) => {
            transaction.commit();
            let other =
                sessions.iter().find_map(|session| other_account::note(environment, session.account()));
            report.notes(other);
            report_profiles(&settings, next_step, environment, report);
            Ok(())
        }
        Err(failure) => {
            let failure = roll_back(&mut transaction, failure, report);
            // After a signal the process ends with the transaction.
            receipt.write_failure(&failure);
            Err(failure)
        }
    }
}

/// Writes the files, verifies the profiles, then prints the table. Returns the step for which they are verified.
fn write(
    sink: ProfileSink,
    sessions: &[Session],
    run: &Run<'_>,
    environment: &Environment,
    receipt: &Receipt<'_>,
    transaction: &mut FileTransaction,
) -> Result<Option<NextStep>, Failure> {
    let roles = &run.settings.plan.roles;
    sink.write(sessions, transaction).map_err(|error| Failure::of_sink(&error))?;
    let mut verified_in = None;
    if run.settings.verify {
        let unknown = |error| {
            receipt.not_verified();
            Failure::of_unknown_next_step(error, run.settings.network())
        };
        let next_step = run.next_step(environment).map_err(Failure::of_interruption)?.map_err(unknown)?;
        let unverified = run.verify(sessions, &next_step).map_err(Failure::of_interruption)?;
        if !unverified.is_empty() {
            receipt.not_verified();
            return Err(Failure::of_unverified(unverified, roles.len()));
        }
        receipt.verified(&[verified_line(&next_step)]);
        verified_in = Some(next_step);
    }
    receipt.write_success(transaction)?;
    let rows = roles.iter().zip(sessions);
    let table = Table::of(rows.map(|(role, session)| (&role.profile, role.role.role_name(), session)));
    let table = run.settings.format.render(|| table.text(), &table);
    signals::check().map_err(Failure::of_interruption)?;
    report::print_data(&table).map_err(|error| Failure::of_stdout(&error))?;
    Ok(verified_in)
}

/// The session of each role, one at a time, as all of them are large; a failure if a role has none.
fn all_admitted(
    outcomes: Vec<Outcome<'_>>,
    settings: &ProfilesSettings,
    environment: &Environment,
) -> Result<impl Iterator<Item = AdmittedRole>, Failure> {
    if outcomes.iter().any(|outcome| !matches!(outcome, Outcome::Granted(_))) {
        return Err(Failure::of_outcomes(&outcomes, settings, environment));
    }
    Ok(outcomes.into_iter().filter_map(|outcome| match outcome {
        Outcome::Granted(admitted) => Some(Rc::unwrap_or_clone(admitted)),
        _ => None,
    }))
}

fn sessions(
    admitted: impl Iterator<Item = AdmittedRole>,
    roles: &[PlannedRole],
) -> Result<Vec<Session>, Failure> {
    let sessions = admitted.zip(roles).map(|(admitted, role)| {
        admitted
            .into_session(role.region.clone())
            .map_err(|error| Failure::of_profile_value(&error, &role.profile))
    });
    sessions.collect()
}

fn report_progress(progress: &ProfilesProgress<'_>, report: &Report) {
    let text = progress.to_string();
    if progress.is_note() { report.note(&text) } else { report.event(&text) }
}

fn verified_line(next_step: &NextStep) -> String {
    format!("with AWS_PROFILE each profile is its role's session in {}", next_step.name())
}

/// Prints how the next steps find the profiles.
fn report_profiles(
    settings: &ProfilesSettings,
    verified_in: Option<NextStep>,
    environment: &Environment,
    report: &Report,
) {
    let count = settings.plan.roles.len();
    report.event(&format!("profiles written: {count}; AWS tools find them by name (--profile, AWS_PROFILE)"));
    if let Some(next_step) = verified_in {
        report.event(&format!("verified: {}", verified_line(&next_step)));
        report.notes(next_step.unverified(false, environment));
    }
    note_profile_readers(environment, report);
}
