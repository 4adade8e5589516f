//! Turns an error into what the user sees: an exit code, the chain of causes, the facts that matter, one hint. Only
//! this room knows exit codes.

mod acquisition;
mod call;
mod caller;
mod credentials;
mod data;
mod denial;
mod details;
mod elsewhere;
mod endpoint;
mod exec;
mod job_line;
mod lock;
mod next_bash;
mod no_connection;
mod profiles;
mod renewal;
mod scope;
mod serve;
mod settings;
mod sink;
mod system;
mod token;
mod trust;
mod trust_generate;
mod unreached;
mod untrusted;
mod verify;

use std::error::Error;

pub(crate) use data::FailureData;
use details::Details;
pub(crate) use renewal::{not_cached, renewal_note};
use system::Lack;

use crate::io::signals::Interrupted;
use crate::io::stdout::StdoutError;
use crate::report::Report;

/// The exit code of the process. Scripts rely on the numbers.
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
    /// STS not reached, or transient errors until attempts or deadline ran out.
    NotReached = 5,
    /// A destination cannot be written.
    Destination = 6,
    /// A guard refused.
    Guard = 7,
    /// A check has findings.
    Findings = 8,
}

impl ExitStatus {
    /// The one of this code, which another process of this program had.
    fn of_code(code: u8) -> Self {
        let all = [
            Self::Settings,
            Self::Token,
            Self::Refused,
            Self::NotReached,
            Self::Destination,
            Self::Guard,
            Self::Findings,
        ];
        all.into_iter().find(|status| *status as u8 == code).unwrap_or(Self::Local)
    }
}

/// Everything that is printed about a failure.
#[derive(Debug)]
pub(crate) struct Failure {
    status: ExitStatus,
    message: String,
    causes: Vec<String>,
    details: Box<Details>,
    hint: Option<String>,
    /// The failure of each profile, if there are several.
    parts: Box<[Self]>,
}

impl Failure {
    /// With the hint about what the machine lacks, if that is the reason.
    fn of(status: ExitStatus, error: &(dyn Error + 'static)) -> Self {
        let mut causes = Vec::new();
        let mut cause = error.source();
        while let Some(error) = cause {
            causes.push(error.to_string());
            cause = error.source();
        }
        let hint = Lack::of(error).and_then(|lack| lack.hint(None)).or_else(|| lock::hint_of(error));
        Self { causes, hint, ..Self::new(status, &error.to_string()) }
    }

    /// A failure without an error value.
    fn new(status: ExitStatus, message: &str) -> Self {
        Self {
            status,
            message: message.to_owned(),
            causes: Vec::new(),
            details: Box::default(),
            hint: None,
            parts: Box::default(),
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Puts what could not be done first; the error becomes its cause.
    fn while_doing(mut self, message: String) -> Self {
        self.causes.insert(0, std::mem::replace(&mut self.message, message));
        self
    }

    /// Prints the failure and returns the exit code.
    pub(crate) fn print(&self, report: &Report) -> u8 {
        match self.status {
            ExitStatus::Findings => report.result(&self.message),
            _ => report.error(&self.message),
        }
        self.print_below(report, "");
        let is_short = |failure: &Self| failure.details.is_denial && !report.has_details();
        for part in &*self.parts {
            report.detail("profile:", &part.message);
            part.print_below(report, "  ");
        }
        if let Some(hint) = self.hint.as_ref().filter(|_| !self.parts.is_empty()) {
            report.detail("hint:", hint);
        }
        if is_short(self) || self.parts.iter().any(is_short) {
            report.detail("more:", "with `--details`");
        }
        self.status as u8
    }

    fn print_below(&self, report: &Report, indent: &str) {
        for cause in &self.causes {
            report.detail(&format!("{indent}caused by:"), cause);
        }
        for (label, text) in self.details.lines(report.has_details()) {
            report.detail(&format!("{indent}{label}"), &text);
        }
        // With several profiles, the common hint is printed after them.
        if let Some(hint) = self.hint.as_ref().filter(|_| self.parts.is_empty()) {
            report.detail(&format!("{indent}hint:"), hint);
        }
    }

    /// Message, causes and hint on one line.
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

    /// A list of checks that has problems, each with what to do.
    pub(crate) fn of_findings(problems: usize, summary: &str) -> Self {
        let advice = match problems {
            1 => "the problem would make `assume` fail, and its line says what to do",
            _ => "the problems would make `assume` fail, and their lines say what to do",
        };
        Self::new(ExitStatus::Findings, &format!("{summary}; {advice}"))
    }

    /// A signal, before all files were written.
    pub(crate) fn of_interruption(interrupted: Interrupted) -> Self {
        Self::of(ExitStatus::Local, &interrupted)
    }

    /// The disk of stdout is full, or it fails otherwise.
    pub(crate) fn of_stdout(error: &StdoutError) -> Self {
        Self::of(ExitStatus::Destination, error)
    }
}
