//! `--receipt`: what a command did, or why not, as a JSON file without secrets. Written with the files of a success, and
//! after every failure; a receipt that cannot be written never hides a failure. Its schema: docs/receipt-1.schema.json.

mod document;
mod plan;
mod words;

use std::cell::{Cell, OnceCell, RefCell};

use document::{Document, RoleData, TokenData, VerificationData, VerificationOutcome};
pub(crate) use plan::ReceiptPlan;

use crate::exchange::progress::Progress;
use crate::exchange::record::{ExchangeRecord, GrantedFacts};
use crate::failure::Failure;
use crate::io::clock;
use crate::io::files::transaction::FileTransaction;
use crate::report::{Report, without_secrets};
use crate::settings::{Inputs, table};
use crate::sinks::ReceiptSink;

/// The receipt of one run. Without `--receipt` it records nothing.
pub(crate) struct Receipt<'a> {
    command: &'static str,
    report: &'a Report,
    file: Option<ReceiptSink>,
    /// Why there is no file although the user names one, until that was reported.
    unusable: RefCell<Option<Failure>>,
    plan: OnceCell<ReceiptPlan>,
    /// Of all roles.
    record: ExchangeRecord,
    verification: RefCell<VerificationData>,
    has_failure: Cell<bool>,
}

/// Runs a command with its receipt, which is written after a failure too.
pub(crate) fn around(
    command: &'static str,
    inputs: Inputs<'_>,
    report: &Report,
    run: impl FnOnce(&Receipt<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let receipt = Receipt::open(command, inputs, report);
    run(&receipt).inspect_err(|failure| receipt.write_failure(failure))
}

impl<'a> Receipt<'a> {
    /// Opens the file, before all other settings are read.
    fn open(command: &'static str, inputs: Inputs<'_>, report: &'a Report) -> Self {
        let (file, unusable) = match file(inputs) {
            Ok(file) => (file, None),
            Err(failure) => (None, Some(failure)),
        };
        Self {
            command,
            report,
            file,
            unusable: unusable.into(),
            plan: OnceCell::new(),
            record: ExchangeRecord::default(),
            verification: RefCell::default(),
            has_failure: Cell::new(false),
        }
    }

    /// The settings are read: what is going to be requested; without a file nothing is kept of it. Fails if the receipt
    /// cannot be written, because nothing has been requested yet.
    pub(crate) fn plan(&self, plan: ReceiptPlan) -> Result<(), Failure> {
        if plan.verifies {
            self.verification.borrow_mut().outcome = VerificationOutcome::NotDone;
        }
        if self.file.is_some() {
            let _ = self.plan.set(plan);
        }
        self.unusable.take().map_or(Ok(()), Err)
    }

    /// Records an event that concerns no single role.
    pub(crate) fn hear(&self, progress: &Progress<'_>) {
        if self.file.is_some() {
            self.record.hear(progress);
        }
    }

    /// Records an event of the role at this index of the plan.
    pub(crate) fn hear_of(&self, at: usize, progress: &Progress<'_>) {
        if let Some(role) = self.plan.get().and_then(|plan| plan.roles.get(at)) {
            role.record.hear(progress);
        }
    }

    /// The session of an earlier step is kept, whose identity was verified.
    pub(crate) fn kept(&self, session: GrantedFacts) {
        if let Some(role) = self.plan.get().and_then(|plan| plan.roles.first()) {
            let _ = role.kept.set(session);
        }
    }

    /// The identity of these readers was verified.
    pub(crate) fn verified(&self, readers: &[String]) {
        let readers = readers.iter().map(|reader| self.report.shown(reader)).collect();
        *self.verification.borrow_mut() =
            VerificationData { outcome: VerificationOutcome::Verified, readers };
    }

    /// `--verify` failed.
    pub(crate) fn not_verified(&self) {
        self.verification.borrow_mut().outcome = VerificationOutcome::Failed;
    }

    /// Writes the receipt of a success, with the other files.
    pub(crate) fn write_success(&self, transaction: &mut FileTransaction) -> Result<(), Failure> {
        let Some(file) = &self.file else { return Ok(()) };
        file.write(&self.text(None), transaction).map_err(|error| Failure::of_sink(&error))
    }

    /// Writes the receipt of a success of a command that writes no other file. It is told as a success though the command that
    /// the user has named runs only after it: what that does is not this program's.
    pub(crate) fn write_alone(&self) -> Result<(), Failure> {
        let mut transaction = FileTransaction::default();
        self.write_success(&mut transaction)?;
        transaction.commit();
        Ok(())
    }

    /// Writes the receipt of a failure; if that fails too, it is a note. Only the first failure counts: what it leads to
    /// comes with it.
    pub(crate) fn write_failure(&self, failure: &Failure) {
        if self.has_failure.replace(true) {
            return;
        }
        let written = match &self.file {
            Some(file) => {
                let mut transaction = FileTransaction::default();
                let written = file.write(&self.text(Some(failure)), &mut transaction);
                transaction.commit();
                written.map_err(|error| Failure::of_sink(&error))
            }
            None => self.unusable.take().map_or(Ok(()), Err),
        };
        if let Err(error) = written {
            self.report.note(&format!("there is no receipt: {}", error.in_one_line()));
        }
    }

    fn text(&self, failure: Option<&Failure>) -> String {
        let nothing = ReceiptPlan::default();
        let plan = self.plan.get().unwrap_or(&nothing);
        let records = || std::iter::once(&self.record).chain(plan.roles.iter().map(|role| &role.record));
        let document = Document {
            schema: document::SCHEMA,
            version: env!("CARGO_PKG_VERSION"),
            command: self.command,
            written_at: clock::now().to_string(),
            outcome: if failure.is_none() { "succeeded" } else { "failed" },
            exit_code: failure.map_or(0, Failure::exit_code),
            tokens: TokenData::of_records(records()),
            roles: plan.roles.iter().map(RoleData::of).collect(),
            destinations: document::destinations(&plan.destinations, failure.is_none()),
            verification: self.verification.borrow().clone(),
            error: failure.map(|failure| failure.data(self.report)),
        };
        // Texts passed the gate one by one; this is for all others.
        let text = serde_json::to_string_pretty(&document).unwrap_or_default();
        without_secrets(&text).into_owned() + "\n"
    }
}

/// The file that the user names.
fn file(inputs: Inputs<'_>) -> Result<Option<ReceiptSink>, Failure> {
    let Some(value) = inputs.value(&table::RECEIPT).map_err(|error| Failure::from(&error))? else {
        return Ok(None);
    };
    let path = inputs.path(&value).map_err(|error| Failure::from(&error))?;
    ReceiptSink::open(&path).map(Some).map_err(|error| Failure::of_sink(&error))
}

/// Whether the file that the user names can be written to, for `preflight`; `None` without one.
pub(crate) fn check(inputs: Inputs<'_>) -> Result<Option<()>, Failure> {
    Ok(file(inputs)?.map(drop))
}
