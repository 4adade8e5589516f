//! What happens while STS is asked, as data: one role's command prints each line, that of many roles counts.

use std::fmt;
use std::time::Duration;

use crate::report::Report;

/// Something between a question and its result.
pub(crate) enum Progress<'a> {
    /// The answer takes long.
    Waiting {
        /// Who is asked, and by which proxy.
        whom: String,
    },
    /// Another attempt will be made.
    Again {
        /// How many there were.
        attempts: u32,
        /// What the last one brought.
        reason: String,
        /// When the next one comes.
        pause: Duration,
    },
    /// A token's `sub` was denied, and there is one with another.
    OtherSubject {
        /// Where the denied token came from.
        denied: &'a str,
        /// Where the next one came from.
        next: &'a str,
    },
    /// It was granted to that one.
    OtherSubjectTrusted,
}

/// Who is told.
pub(crate) type Tell<'a> = &'a dyn Fn(&Progress<'_>);

impl Progress<'_> {
    /// Prints it: what the user may not expect as a note.
    pub(crate) fn print(&self, report: &Report) {
        match self {
            Self::Waiting { .. } | Self::Again { .. } => report.event(&self.to_string()),
            Self::OtherSubject { .. } | Self::OtherSubjectTrusted => report.note(&self.to_string()),
        }
    }
}

impl fmt::Display for Progress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting { whom } => write!(f, "waiting for {whom}"),
            Self::Again { attempts, reason, pause } => {
                write!(f, "attempt {attempts}: {reason}; the next one in {:.1} s", pause.as_secs_f64())
            }
            Self::OtherSubject { denied, next } => {
                write!(f, "STS denies the `sub` of {denied}: trying {next}, whose `sub` has no branch")
            }
            Self::OtherSubjectTrusted => {
                f.write_str("the role trusts the V1 `sub`: `token-source: circleci-v1` spares a request")
            }
        }
    }
}
