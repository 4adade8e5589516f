//! A session that is cached until close to its expiry, then requested again: by one process for all that need the same
//! session. If that fails, the cached session is used as long as AWS accepts it.

use std::time::Duration;

use aws::Timestamp;
use export::Session;

use crate::exchange::acquisition::Acquisition;
use crate::exchange::acquisition_error::AcquisitionError;
use crate::exchange::progress::OnProgress;
use crate::exchange::request::SessionRequest;
use crate::io::clock::{self, Deadline};
use crate::renewal::cache::{Cache, CacheEntry};

/// The longest wait for new credentials while the old ones are valid: an AWS tool may call every few seconds.
const MAX_WAIT_WITH_CACHED: Duration = Duration::from_secs(10);

/// One session, cached or new.
pub(crate) struct CachedSession<'a> {
    /// What is requested.
    pub(crate) request: &'a SessionRequest,
    /// Acquires a new one.
    pub(crate) acquisition: &'a Acquisition<'a>,
    /// The cache of the last one.
    pub(crate) cache: &'a Cache,
    /// The longest wait in all.
    pub(crate) limit: Duration,
}

/// Why there is no session.
pub(crate) enum RenewalError<'a> {
    /// A new one could not be acquired.
    Acquisition(AcquisitionError<'a>),
    /// Another process held the lock for this long.
    LockTimeout(Duration),
}

/// A note for the user, in addition to the session.
pub(crate) enum RenewalNote<'a> {
    /// The session is not cached.
    NotCached(String),
    /// The session is the cached one.
    CachedUsed {
        /// When it expires.
        until: Timestamp,
        /// Why there is no new one.
        reason: RenewalError<'a>,
    },
}

impl<'a> CachedSession<'a> {
    /// The cached session if it is fresh; else a new one, which is then cached.
    pub(crate) fn get(
        &self,
        on_progress: OnProgress<'_>,
        notes: &mut Vec<RenewalNote<'a>>,
    ) -> Result<Session, RenewalError<'a>> {
        let cached = match self.cache.entry() {
            Some(cached) if cached.is_fresh() => return Ok(cached.session),
            cached => cached.filter(CacheEntry::is_usable),
        };
        let limit = if cached.is_some() { self.limit.min(MAX_WAIT_WITH_CACHED) } else { self.limit };
        let deadline = Deadline::after(limit);
        // Told only with a new session: the cached one says enough.
        let mut not_cached = None;
        let lock = match self.cache.lock(deadline) {
            Ok(Some(lock)) => Some(lock),
            Ok(None) => return self.cached_instead(RenewalError::LockTimeout(limit), notes),
            Err(error) => {
                not_cached = Some(RenewalNote::NotCached(error.to_string()));
                None
            }
        };
        // The process that held the lock may have cached a new one.
        if let Some(cached) = self.cache.entry().filter(CacheEntry::is_fresh) {
            return Ok(cached.session);
        }
        let session = match self.acquisition.session(self.request, deadline, on_progress) {
            Ok(acquired) => acquired.session,
            Err(error) => return self.cached_instead(RenewalError::Acquisition(error), notes),
        };
        notes.extend(not_cached);
        if lock.is_some()
            && let Err(error) = self.cache.stage().and_then(|entry| entry.write(&session))
        {
            notes.push(RenewalNote::NotCached(error.to_string()));
        }
        Ok(session)
    }

    /// The cached session, if it is usable and no guard has refused the new one.
    fn cached_instead(
        &self,
        reason: RenewalError<'a>,
        notes: &mut Vec<RenewalNote<'a>>,
    ) -> Result<Session, RenewalError<'a>> {
        let cached = self.cache.entry().filter(CacheEntry::is_usable).filter(|_| !reason.is_guard_refusal());
        let Some(CacheEntry { session, lifetime }) = cached else { return Err(reason) };
        notes.push(RenewalNote::CachedUsed { until: lifetime.until, reason });
        Ok(session)
    }
}

impl RenewalError<'_> {
    fn is_guard_refusal(&self) -> bool {
        matches!(self, Self::Acquisition(error) if error.is_guard_refusal())
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
