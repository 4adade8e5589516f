//! Progress while many roles are requested or verified, as data, and how much of it is reported: at intervals how
//! many profiles are done, and of each kind of line only the first.

use std::cell::Cell;
use std::fmt;
use std::time::Duration;

use export::ProfileName;
use futures_util::{Stream, StreamExt};

use crate::exchange::progress::Progress;
use crate::io::clock::{self, Deadline};

/// How many lines of a kind are reported; more would bury all others.
const MOST_LINES: u32 = 10;

/// When the number of finished profiles is reported first, and how often after that.
const FIRST_UPDATE: Duration = Duration::from_secs(1);
const UPDATE_INTERVAL: Duration = Duration::from_secs(5);

/// Progress between the first request and the last result.
pub(crate) enum ProfilesProgress<'a> {
    /// How many roles have an outcome.
    Settled {
        /// That number.
        settled: usize,
        /// The number of all roles.
        all: usize,
    },
    /// How many profiles are verified.
    Verified {
        /// That number, failed ones included.
        done: usize,
        /// The number of all profiles.
        all: usize,
    },
    /// Progress of one profile.
    Profile(&'a ProfileName, &'a Progress<'a>),
    /// Further retries are not reported.
    MoreRetries,
    /// Of no single profile.
    All(&'a Progress<'a>),
    /// What the user may not expect about a profile.
    Note(&'a str),
    /// Further notes are not reported.
    MoreNotes,
    /// The number of roles that trust the V1 `sub` only.
    TrustV1Only(u32),
}

/// Receives the progress.
pub(crate) type OnProfiles<'a> = &'a dyn Fn(&ProfilesProgress<'_>);

impl ProfilesProgress<'_> {
    /// Whether the user may not expect it.
    pub(crate) fn is_note(&self) -> bool {
        matches!(self, Self::Note(_) | Self::MoreNotes | Self::TrustV1Only(_))
    }
}

impl fmt::Display for ProfilesProgress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settled { settled, all } => {
                write!(f, "{settled} of {all} profiles are done, the others wait for STS")
            }
            Self::Verified { done, all } => {
                write!(f, "{done} of {all} profiles are verified, the others wait for STS")
            }
            Self::Profile(profile, progress) => write!(f, "{profile}: {progress}"),
            Self::All(progress) => write!(f, "{progress}"),
            Self::MoreRetries => f.write_str("more retries follow; they are not listed one by one"),
            Self::Note(note) => f.write_str(note),
            Self::MoreNotes => {
                f.write_str("more profiles have notes like these; they are not listed one by one")
            }
            Self::TrustV1Only(count) => write!(
                f,
                "roles that trust only the V1 `sub`, which has no branch: {count}; each took a second request"
            ),
        }
    }
}

/// Reports the first lines of one kind, then that there are more.
pub(super) struct LimitedReport<'a> {
    count: Cell<u32>,
    on_profiles: OnProfiles<'a>,
    more: ProfilesProgress<'static>,
}

impl<'a> LimitedReport<'a> {
    /// For retries.
    pub(super) fn of_retries(on_profiles: OnProfiles<'a>) -> Self {
        Self { count: Cell::new(0), on_profiles, more: ProfilesProgress::MoreRetries }
    }

    /// For notes.
    pub(super) fn of_notes(on_profiles: OnProfiles<'a>) -> Self {
        Self { count: Cell::new(0), on_profiles, more: ProfilesProgress::MoreNotes }
    }

    /// Reports a line, unless the limit is reached.
    pub(super) fn report(&self, progress: &ProfilesProgress<'_>) {
        let count = self.count.get();
        self.count.set(count.saturating_add(1));
        if count < MOST_LINES {
            (self.on_profiles)(progress);
        } else if count == MOST_LINES {
            (self.on_profiles)(&self.more);
        }
    }
}

/// Waits for many results, and reports at intervals how many there are.
pub(super) struct ResultsWait {
    next_update: Deadline,
}

impl ResultsWait {
    /// Starts now.
    pub(super) fn start() -> Self {
        Self { next_update: Deadline::after(FIRST_UPDATE) }
    }

    /// The next result; `None` after the last one.
    pub(super) async fn next<T>(
        &mut self,
        results: &mut (impl Stream<Item = T> + Unpin),
        report_count: impl Fn(),
    ) -> Option<T> {
        loop {
            if let Some(result) = clock::within(self.next_update.left(), results.next()).await {
                return result;
            }
            report_count();
            self.next_update = Deadline::after(UPDATE_INTERVAL);
        }
    }
}
