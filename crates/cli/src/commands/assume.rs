//! `assume`: one role, from the job's token to the steps that follow.

use export::Session;
use oidc::TokenOrigin;

use crate::commands::{
    assumed, kept, no_renewal_note, note_profile_readers, report_scope, roll_back, written,
};
use crate::credentials::other_account;
use crate::exchange::acquisition::{Acquired, Acquisition};
use crate::exchange::progress::Progress;
use crate::failure::Failure;
use crate::io::clock::Deadline;
use crate::io::environment::Environment;
use crate::io::files::transaction::FileTransaction;
use crate::io::signals;
use crate::receipt::{self, Receipt, ReceiptPlan};
use crate::report::Report;
use crate::settings::{AssumeSettings, Inputs, NO_REGION};
use crate::sinks::destination::Destination;
use crate::sinks::{self, OpenContext, Sink, WriteContext};
use crate::verify::{self, WrittenSession};

/// Assumes the role, with a receipt if the user names one.
pub(crate) fn run(inputs: Inputs<'_>, report: &Report) -> Result<(), Failure> {
    receipt::around("assume", inputs, report, |receipt| assume(inputs, report, receipt))
}

/// Checks everything that can be checked before it sends the token.
fn assume(inputs: Inputs<'_>, report: &Report, receipt: &Receipt<'_>) -> Result<(), Failure> {
    let environment = inputs.environment;
    let settings = AssumeSettings::read(inputs).map_err(|error| Failure::from(&error))?;
    let session = &settings.session;
    receipt.plan(ReceiptPlan::of_session(session, &settings.destinations, settings.verify))?;
    let failed = |error| Failure::of_acquisition(&error, session, environment);
    let mut notes = session.notes.clone();
    let acquisition = Acquisition::of_session(&session.request, environment, &mut notes).map_err(failed)?;
    let key = session.flags.key(acquisition.added_roots());
    let context = OpenContext {
        region: session.request.region.as_ref(),
        flags: &session.flags,
        key: &key,
        overwrite: settings.overwrite,
        environment,
    };
    let sinks = settings
        .destinations
        .iter()
        .map(|destination| Sink::open(destination, context))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Failure::of_sink(&error))?;
    report.notes(&notes);
    let on_progress = |progress: &Progress<'_>| {
        report.progress(progress);
        receipt.hear_of(0, progress);
    };
    let deadline = Deadline::after(session.request.network.deadline);
    let output = Output { environment, report, receipt };
    if let Some(least) = settings.least_life {
        match kept::find(least, &settings, &acquisition, &key, deadline, output, &on_progress)? {
            Ok(held) => return kept::report(&held, &settings, output),
            Err(reason) => report.note(&format!("a new session is requested: {reason}")),
        }
    }
    let acquired = acquisition.session(&session.request, deadline, &on_progress).map_err(failed)?;
    let mut transaction = FileTransaction::default();
    match write(sinks, &acquired, &settings, output, &mut transaction) {
        Ok(verified) => {
            transaction.commit();
            if settings.least_life.is_some() {
                kept::record(&acquired.session, &key, environment, report);
            }
            report_session(&acquired.session, &acquired.origin, &settings, environment, report);
            for reader in verified {
                report.event(&format!("verified: {reader}"));
            }
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

/// What writing needs beside the session.
#[derive(Clone, Copy)]
pub(super) struct Output<'a> {
    pub(super) environment: &'a Environment,
    pub(super) report: &'a Report,
    pub(super) receipt: &'a Receipt<'a>,
}

/// Writes the files, verifies the identity of the next step, then writes stdout, which cannot be undone.
fn write(
    sinks: Vec<Sink>,
    acquired: &Acquired<'_>,
    settings: &AssumeSettings,
    output: Output<'_>,
    transaction: &mut FileTransaction,
) -> Result<Vec<String>, Failure> {
    let Output { environment, report, receipt } = output;
    let network = &settings.session.request.network;
    let on_progress = |progress: &Progress<'_>| {
        report.progress(progress);
        receipt.hear_of(0, progress);
    };
    let mut notes = Vec::new();
    let open = &acquired.open;
    let mut context = WriteContext {
        transaction,
        notes: &mut notes,
        on_progress: &on_progress,
        runtime: open.runtime(),
        deadline: open.deadline(),
    };
    let stdout = sinks::write_files(sinks, &acquired.session, &mut context)
        .map_err(|error| Failure::of_sink(&error))?;
    report.notes(context.notes.drain(..));
    let mut verified = Vec::new();
    if settings.verify {
        let written = WrittenSession {
            session: &acquired.session,
            destinations: &settings.destinations,
            request_key: &settings.session.flags.key(acquired.open.added_roots()),
            environment,
        };
        let client = acquired.open.client(network);
        let verifying = verify::run(written, client, &on_progress, context.notes);
        let outcome = acquired.open.block_on(signals::unless_interrupted(verifying));
        report.notes(context.notes.drain(..));
        let outcome = outcome.map_err(Failure::of_interruption)?;
        verified = outcome.map_err(|error| {
            receipt.not_verified();
            Failure::of_verify(error, network)
        })?;
        receipt.verified(&verified);
    }
    receipt.write_success(context.transaction)?;
    signals::check().map_err(Failure::of_interruption)?;
    stdout.write(&acquired.session, &mut context).map_err(|error| Failure::of_sink(&error))?;
    Ok(verified)
}

/// Prints the session, its expiry, and where the next steps find it.
fn report_session(
    session: &Session,
    origin: &TokenOrigin,
    settings: &AssumeSettings,
    environment: &Environment,
    report: &Report,
) {
    report.event(&assumed(session, origin));
    report_scope(settings.session.request.scope.as_ref(), report);
    if session.region().is_none() {
        report.note(NO_REGION);
    }
    // `--verify` has looked at the environment of the next step.
    let other_account = other_account::note(environment, session.account()).filter(|_| !settings.verify);
    report.notes(other_account);
    for destination in &settings.destinations {
        match destination {
            Destination::CredentialProcess(name) => {
                let can_renew = settings.session.request.token.source.can_renew(environment);
                let renewal = if can_renew { "; it renews them close to expiry" } else { "" };
                report.event(&format!(
                    "AWS tools get credentials from profile `{name}` (--profile, AWS_PROFILE), which runs this \
                     program{renewal}"
                ));
                note_profile_readers(environment, report);
                if !can_renew {
                    report.note(&no_renewal_note(origin));
                }
            }
            other => written::report(other, environment, report),
        }
    }
}
