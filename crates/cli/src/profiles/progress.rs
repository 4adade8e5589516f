//! What happens while many roles are requested or checked, as data, and how much of it the user is told: that it goes
//! on, and of each kind of event a few.

use std::cell::Cell;
use std::fmt;
use std::time::Duration;

use export::ProfileName;
use futures_util::{Stream, StreamExt};

use crate::exchange::progress::Progress;
use crate::io::clock::{self, Deadline};

/// How many lines of a kind are told one by one. More would bury all else.
const TOLD: u32 = 10;

/// When the user is told how far it has come, for the first time and from then on.
const FIRST_WORD: Duration = Duration::from_secs(1);
const NEXT_WORD: Duration = Duration::from_secs(5);

/// Something between the first request and the last result.
pub(crate) enum ProfilesProgress<'a> {
    /// How many roles nothing more is done about.
    Settled {
        /// So many.
        settled: usize,
        /// Of so many.
        all: usize,
    },
    /// How many profiles have been verified.
    Checked {
        /// So many.
        checked: usize,
        /// Of so many.
        all: usize,
    },
    /// Something about one profile.
    Profile(&'a ProfileName, &'a Progress<'a>),
    /// Further attempts are not told.
    MoreAttempts,
    /// What the user may not expect of a profile.
    Note(&'a str),
    /// Further notes are not told.
    MoreNotes,
    /// So many roles trust the V1 `sub` alone.
    TrustV1Alone(u32),
}

/// Receives what happens.
pub(crate) type OnProfiles<'a> = &'a dyn Fn(&ProfilesProgress<'_>);

impl ProfilesProgress<'_> {
    /// Whether the user may not expect it.
    pub(crate) fn is_note(&self) -> bool {
        matches!(self, Self::Note(_) | Self::MoreNotes | Self::TrustV1Alone(_))
    }
}

impl fmt::Display for ProfilesProgress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settled { settled, all } => {
                write!(f, "{settled} of {all} profiles are done, the others wait for STS")
            }
            Self::Checked { checked, all } => {
                write!(f, "{checked} of {all} profiles are verified, the others wait for STS")
            }
            Self::Profile(profile, progress) => write!(f, "{profile}: {progress}"),
            Self::MoreAttempts => f.write_str("more retries follow; they are not listed one by one"),
            Self::Note(note) => f.write_str(note),
            Self::MoreNotes => {
                f.write_str("more profiles have notes like these; they are not listed one by one")
            }
            Self::TrustV1Alone(count) => write!(
                f,
                "roles that trust the V1 `sub` alone, which has no branch: {count}; each took a second request"
            ),
        }
    }
}

/// Lines of one kind, of which the first are told.
pub(super) struct Few<'a> {
    said: Cell<u32>,
    on_profiles: OnProfiles<'a>,
    more: ProfilesProgress<'static>,
}

impl<'a> Few<'a> {
    /// Retries.
    pub(super) fn attempts(on_profiles: OnProfiles<'a>) -> Self {
        Self { said: Cell::new(0), on_profiles, more: ProfilesProgress::MoreAttempts }
    }

    /// Notes.
    pub(super) fn notes(on_profiles: OnProfiles<'a>) -> Self {
        Self { said: Cell::new(0), on_profiles, more: ProfilesProgress::MoreNotes }
    }

    /// Tells this one, if not too many came before.
    pub(super) fn tell(&self, progress: &ProfilesProgress<'_>) {
        let said = self.said.get();
        self.said.set(said.saturating_add(1));
        if said < TOLD {
            (self.on_profiles)(progress);
        } else if said == TOLD {
            (self.on_profiles)(&self.more);
        }
    }
}

/// The wait for many results, with a word now and then.
pub(super) struct Patience {
    word: Deadline,
}

impl Patience {
    /// From now on.
    pub(super) fn start() -> Self {
        Self { word: Deadline::after(FIRST_WORD) }
    }

    /// The next result; `None` after the last one.
    pub(super) async fn next<T>(
        &mut self,
        results: &mut (impl Stream<Item = T> + Unpin),
        tell: impl Fn(),
    ) -> Option<T> {
        loop {
            if let Some(result) = clock::within(self.word.left(), results.next()).await {
                return result;
            }
            tell();
            self.word = Deadline::after(NEXT_WORD);
        }
    }
}
