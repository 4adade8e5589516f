//! `credential-process` without a session, or with the previous one.

use super::{ExitStatus, Failure, lock};
use crate::io::environment::Environment;
use crate::renewal::cached_session::{RenewalError, RenewalNote};
use crate::renewal::failure_memory::FailureText;
use crate::renewal::process_log::LogLine;
use crate::renewal::settings_file::SettingsFileError;
use crate::report::Report;
use crate::settings::SessionSettings;

impl Failure {
    /// No session.
    pub(crate) fn of_renewal(
        error: &RenewalError<'_>,
        settings: &SessionSettings,
        environment: &Environment,
    ) -> Self {
        match error {
            RenewalError::Acquisition(error) => Self::of_caller(error, settings, environment),
            RenewalError::Remembered(failure) => {
                let mut of_other = Self::of_text(&failure.text);
                of_other.details.remembered.push(("shared:".to_owned(), failure.in_words()));
                of_other
            }
            RenewalError::LockTimeout(limit, holder) => {
                let who = holder.as_ref().map(|holder| format!(", {holder},")).unwrap_or_default();
                let message = format!(
                    "another `credential-process`{who} has been requesting the same credentials for {} s",
                    limit.as_secs()
                );
                Self::new(ExitStatus::Local, &message).hint(lock::hint(holder.as_ref()))
            }
        }
    }
}

impl Failure {
    /// As it is printed, for other processes.
    pub(crate) fn text(&self, report: &Report) -> FailureText {
        let facts = self.details.lines(report.has_details()).into_iter();
        FailureText {
            exit_code: self.exit_code(),
            message: report.shown(&self.message),
            causes: self.causes.iter().map(|cause| report.shown(cause)).collect(),
            facts: facts.map(|(label, text)| (label.into_owned(), report.shown(&text))).collect(),
            hint: self.hint.as_ref().map(|hint| report.shown(hint)),
            is_short: self.details.is_denial && !report.has_details(),
        }
    }

    /// The failure of another process.
    fn of_text(text: &FailureText) -> Self {
        let mut failure = Self::new(ExitStatus::of_code(text.exit_code), &text.message);
        failure.causes.clone_from(&text.causes);
        failure.details.remembered.clone_from(&text.facts);
        failure.details.is_denial = text.is_short;
        failure.hint.clone_from(&text.hint);
        failure
    }

    /// No settings for the line of a profile.
    pub(crate) fn of_settings_file(error: &SettingsFileError) -> Self {
        let again = "run `assume --mode credential-process` with these settings again, as this user and on this machine";
        let failure = Self::of(ExitStatus::Settings, error);
        match error {
            SettingsFileError::Missing(_) | SettingsFileError::NoDirectory(_) => failure.hint(format!(
                "{again}: `clear` of the profile deletes the file, and a copy of the profile elsewhere does not have it"
            )),
            SettingsFileError::NotPrivate(_) | SettingsFileError::Changed(_) => {
                failure.hint(format!("{again}, which writes the file anew"))
            }
            SettingsFileError::OtherVersion(_) | SettingsFileError::NotADigest(_) => {
                failure.hint(format!("{again}, by this version"))
            }
        }
    }

    /// With what `credential-process` has logged before.
    pub(crate) fn after(mut self, log: &[LogLine]) -> Self {
        self.details.logged = log.iter().map(ToString::to_string).collect();
        self
    }
}

/// The text of a note.
pub(crate) fn renewal_note(
    note: &RenewalNote<'_>,
    settings: &SessionSettings,
    environment: &Environment,
) -> String {
    match note {
        RenewalNote::NotCached(reason) => not_cached(reason),
        RenewalNote::CachedUsed { until, reason, pause } => {
            let next = pause.map(|pause| format!("; the next attempt is in {} s", pause.as_secs()));
            format!(
                "the previous credentials are used again, until {until}{}: {}",
                next.unwrap_or_default(),
                Failure::of_renewal(reason, settings, environment).in_one_line()
            )
        }
        RenewalNote::RenewedAgain { until } => {
            format!("there are new credentials after failures, until {until}")
        }
    }
}

/// The note for a call that cannot cache.
pub(crate) fn not_cached(reason: &str) -> String {
    format!("the credentials cannot be cached, so STS is called each time: {reason}")
}
