//! Credentials that are kept while they are fresh, and asked for anew when they are not: by one process, for all that want
//! the same at the time. What was kept is still handed out where there is nothing new, as long as AWS takes it.

use std::fmt;
use std::time::Duration;

use export::Session;

use crate::exchange::acquisition::Acquisition;
use crate::failure::Failure;
use crate::io::clock::{self, Deadline};
use crate::renewal::cache::{Cache, Kept};
use crate::report::{Report, printable};

/// Nobody should wait longer for new credentials while the old ones are good: an AWS tool may call every few seconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// One session, wherever it comes from.
pub(crate) struct Renewal<'a> {
    /// The way to a new one.
    pub(crate) acquisition: &'a Acquisition<'a>,
    /// Where the last one is kept.
    pub(crate) cache: &'a Cache,
    /// How long to wait for it in all.
    pub(crate) limit: Duration,
}

impl Renewal<'_> {
    /// What is kept, while that is fresh; else a new session, which is kept then.
    pub(crate) fn run(&self, report: &Report) -> Result<Session, Failure> {
        let kept = match self.cache.kept() {
            Some(kept) if kept.is_fresh() => return Ok(kept.session),
            kept => kept.filter(Kept::is_of_use),
        };
        let limit = if kept.is_some() { self.limit.min(PATIENCE) } else { self.limit };
        let deadline = Deadline::after(limit);
        let lock = match self.cache.lock(deadline) {
            Ok(Some(lock)) => Some(lock),
            Ok(None) => return self.old_one(Failure::of_waiting(limit), report),
            Err(error) => {
                report.note(&uncached(&error));
                None
            }
        };
        // Whoever had the lock before may have asked.
        if let Some(kept) = self.cache.kept().filter(Kept::is_fresh) {
            return Ok(kept.session);
        }
        let session = match self.acquisition.run_until(deadline, &mut report.silent()) {
            Ok(acquired) => acquired.session,
            Err(failure) => return self.old_one(failure, report),
        };
        if lock.is_some() {
            let kept = self.cache.stage().and_then(|entry| entry.keep(&session));
            kept.map_or_else(|error| report.note(&uncached(&error)), drop);
        }
        Ok(session)
    }

    /// What is kept, where it is of use and no guard has refused the new one.
    fn old_one(&self, failure: Failure, report: &Report) -> Result<Session, Failure> {
        let kept = self.cache.kept().filter(Kept::is_of_use).filter(|_| !failure.is_of_a_guard());
        let Some(Kept { session, lifetime }) = kept else { return Err(failure) };
        report.note(&printable(&format!(
            "the credentials of before are handed out once more, until {}: {}",
            lifetime.until,
            failure.in_one_line()
        )));
        Ok(session)
    }
}

impl Kept {
    fn is_fresh(&self) -> bool {
        self.lifetime.due_in(clock::now()) > 0
    }

    fn is_of_use(&self) -> bool {
        self.lifetime.is_of_use(clock::now())
    }
}

/// A note for each call that can keep nothing.
pub(crate) fn uncached(reason: &dyn fmt::Display) -> String {
    format!("the credentials can't be kept, so STS is asked for each call: {reason}")
}
