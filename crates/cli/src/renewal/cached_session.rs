//! A session that is cached while it is fresh, and requested anew when it is not: by one process, for all that want the
//! same at the time. The cached one is still used where there is no new one, as long as AWS accepts it.

use std::time::Duration;

use aws::Timestamp;
use export::Session;

use crate::exchange::acquisition::{Acquisition, AcquisitionError};
use crate::exchange::progress::OnProgress;
use crate::exchange::request::SessionRequest;
use crate::io::clock::{self, Deadline};
use crate::renewal::cache::{Cache, CacheEntry};

/// Nobody should wait longer for new credentials while the old ones are valid: an AWS tool may call every few seconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// One session, wherever it comes from.
pub(crate) struct CachedSession<'a> {
    /// What is requested.
    pub(crate) request: &'a SessionRequest,
    /// How a new one is acquired.
    pub(crate) acquisition: &'a Acquisition<'a>,
    /// Where the last one is cached.
    pub(crate) cache: &'a Cache,
    /// How long to wait for it in all.
    pub(crate) limit: Duration,
}

/// Why there is no session.
pub(crate) enum RenewalError<'a> {
    /// A new one could not be acquired.
    Acquisition(AcquisitionError<'a>),
    /// Another process had the lock for so long.
    Waiting(Duration),
}

/// What the user should know beside the session.
pub(crate) enum RenewalNote<'a> {
    /// It is not cached.
    NotCached(String),
    /// It is the one of before.
    StillUsed {
        /// When it expires.
        until: Timestamp,
        /// Why there is no other.
        because: RenewalError<'a>,
    },
}

impl<'a> CachedSession<'a> {
    /// The cached session, while that is fresh; else a new one, which is cached then.
    pub(crate) fn get(
        &self,
        on_progress: OnProgress<'_>,
        notes: &mut Vec<RenewalNote<'a>>,
    ) -> Result<Session, RenewalError<'a>> {
        let cached = match self.cache.entry() {
            Some(cached) if cached.is_fresh() => return Ok(cached.session),
            cached => cached.filter(CacheEntry::is_usable),
        };
        let limit = if cached.is_some() { self.limit.min(PATIENCE) } else { self.limit };
        let deadline = Deadline::after(limit);
        let lock = match self.cache.lock(deadline) {
            Ok(Some(lock)) => Some(lock),
            Ok(None) => return self.old_one(RenewalError::Waiting(limit), notes),
            Err(error) => {
                notes.push(RenewalNote::NotCached(error.to_string()));
                None
            }
        };
        // Whoever had the lock before may have got one.
        if let Some(cached) = self.cache.entry().filter(CacheEntry::is_fresh) {
            return Ok(cached.session);
        }
        let session = match self.acquisition.session(self.request, deadline, on_progress) {
            Ok(acquired) => acquired.session,
            Err(error) => return self.old_one(RenewalError::Acquisition(error), notes),
        };
        if lock.is_some()
            && let Err(error) = self.cache.stage().and_then(|entry| entry.keep(&session))
        {
            notes.push(RenewalNote::NotCached(error.to_string()));
        }
        Ok(session)
    }

    /// The cached session, where it is usable and no guard has refused the new one.
    fn old_one(
        &self,
        because: RenewalError<'a>,
        notes: &mut Vec<RenewalNote<'a>>,
    ) -> Result<Session, RenewalError<'a>> {
        let cached = self.cache.entry().filter(CacheEntry::is_usable).filter(|_| !because.is_of_a_guard());
        let Some(CacheEntry { session, lifetime }) = cached else { return Err(because) };
        notes.push(RenewalNote::StillUsed { until: lifetime.until, because });
        Ok(session)
    }
}

impl RenewalError<'_> {
    fn is_of_a_guard(&self) -> bool {
        matches!(self, Self::Acquisition(error) if error.is_of_a_guard())
    }
}

impl CacheEntry {
    fn is_fresh(&self) -> bool {
        self.lifetime.due_in(clock::now()) > 0
    }

    fn is_usable(&self) -> bool {
        self.lifetime.is_usable(clock::now())
    }
}
