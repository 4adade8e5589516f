//! What the user hears while many roles are asked for or about: that it goes on, and of each kind of event a few.

use std::cell::Cell;
use std::time::Duration;

use futures_util::{Stream, StreamExt};

use crate::io::clock::{self, Deadline};
use crate::report::Report;

/// How many lines of a kind are told one by one. More would bury all else.
const TOLD: u32 = 10;

/// When the user is told how far it has come, for the first time and from then on.
const FIRST_WORD: Duration = Duration::from_secs(1);
const NEXT_WORD: Duration = Duration::from_secs(5);

/// Lines of one kind, of which the first are told.
pub(super) struct Few {
    said: Cell<u32>,
    tell: fn(&Report, &str),
    instead: &'static str,
}

impl Few {
    /// Further attempts.
    pub(super) fn attempts() -> Self {
        Self::of(Report::event, "more attempts are repeated; they are not told one by one")
    }

    /// What the user may not expect of a profile.
    pub(super) fn notes() -> Self {
        Self::of(Report::note, "more profiles have notes like these; they are not told one by one")
    }

    fn of(tell: fn(&Report, &str), instead: &'static str) -> Self {
        Self { said: Cell::new(0), tell, instead }
    }

    /// Tells this one, if not too many came before.
    pub(super) fn say(&self, report: &Report, line: &str) {
        let said = self.said.get();
        self.said.set(said.saturating_add(1));
        if said < TOLD {
            (self.tell)(report, line);
        } else if said == TOLD {
            (self.tell)(report, self.instead);
        }
    }
}

/// The wait for many answers, with a word now and then.
pub(super) struct Patience {
    word: Deadline,
}

impl Patience {
    /// From now on.
    pub(super) fn start() -> Self {
        Self { word: Deadline::after(FIRST_WORD) }
    }

    /// The next answer; `None` where there is no other to come.
    pub(super) async fn next<T>(
        &mut self,
        answers: &mut (impl Stream<Item = T> + Unpin),
        tell: impl Fn(),
    ) -> Option<T> {
        loop {
            if let Some(answer) = clock::within(self.word.left(), answers.next()).await {
                return answer;
            }
            tell();
            self.word = Deadline::after(NEXT_WORD);
        }
    }
}
