//! A session that is cached until close to its expiry, then requested again: by one process for all that need the same
//! session. If that fails, the cached session is used as long as AWS accepts it, and after a pause one process tries again.

use std::cell::LazyCell;
use std::time::Duration;

use aws::Timestamp;
use export::Session;

use crate::exchange::acquisition::Acquisition;
use crate::exchange::acquisition_error::AcquisitionError;
use crate::exchange::progress::OnProgress;
use crate::exchange::request::SessionRequest;
use crate::io::clock::{self, Deadline, Stopwatch};
use crate::io::files::file_lock::{FileLock, Lock};
use crate::io::files::lock_holder::LockHolder;
use crate::io::secrets;
use crate::renewal::cache::{Cache, CacheEntry};
use crate::renewal::failure_memory::{FailureMemory, FailureText, NewFailure, RememberedFailure};
use crate::renewal::freshness::asked_pause;

/// The longest attempt while the old credentials are valid: an AWS tool waits for it.
const MAX_WAIT_WITH_CACHED: Duration = Duration::from_secs(10);
/// A process that waits for another one waits longer than that one's deadline, for its reason.
const WAIT_FOR_THE_REASON: Duration = Duration::from_secs(2);

/// One session, cached or new.
pub(crate) struct CachedSession<'a> {
    /// What is requested.
    pub(crate) request: &'a SessionRequest,
    /// The same with one attempt, for as long as there are old credentials: the next attempt is that of a later call.
    pub(crate) with_one_attempt: &'a SessionRequest,
    /// Acquires a new one.
    pub(crate) acquisition: &'a Acquisition<'a>,
    /// The cache of the last one.
    pub(crate) cache: &'a Cache,
    /// The last failure. A fresh session does not need it.
    pub(crate) memory: LazyCell<FailureMemory, Box<dyn FnOnce() -> FailureMemory + 'a>>,
    /// A failure as it is printed.
    pub(crate) text_of: &'a dyn Fn(&AcquisitionError<'a>) -> FailureText,
    /// The longest wait in all.
    pub(crate) limit: Duration,
}

/// Why there is no session.
pub(crate) enum RenewalError<'a> {
    /// A new one could not be acquired.
    Acquisition(AcquisitionError<'a>),
    /// Another process could not acquire it just now.
    Remembered(Box<RememberedFailure>),
    /// Another process held the lock for this long: which one, if that is known.
    LockTimeout(Duration, Option<LockHolder>),
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
        /// The pause before the next attempt.
        pause: Option<Duration>,
    },
    /// There is a new one after failures.
    RenewedAgain {
        /// When it expires.
        until: Timestamp,
    },
}

/// How a new session is requested.
struct Attempt<'a> {
    request: &'a SessionRequest,
    deadline: Deadline,
    is_of_all_attempts: bool,
    /// The seconds that the cached credentials are still valid.
    valid: i64,
    lock: Result<FileLock, String>,
}

impl<'a> CachedSession<'a> {
    /// The cached session if it is fresh; else a new one, which is then cached.
    pub(crate) fn get(
        &self,
        on_progress: OnProgress<'_>,
        notes: &mut Vec<RenewalNote<'a>>,
    ) -> Result<Session, RenewalError<'a>> {
        match self.cache.entry() {
            // From here on nothing but the session itself is printed.
            Some(cached) if cached.is_fresh() => Ok(cached.session),
            Some(cached) if cached.is_usable() => self.renewed_or(cached, on_progress, notes),
            _ => self.new_or_shared_failure(on_progress, notes),
        }
    }

    /// With cached credentials no process waits for another one, and none tries in the pause after a failure.
    fn renewed_or(
        &self,
        cached: CacheEntry,
        on_progress: OnProgress<'_>,
        notes: &mut Vec<RenewalNote<'a>>,
    ) -> Result<Session, RenewalError<'a>> {
        cached.remember_secrets();
        let in_pause = || self.memory.last().filter(RememberedFailure::is_in_pause);
        if let Some(failure) = in_pause() {
            return cached_in_pause(cached, failure);
        }
        let lock = match self.cache.lock(Deadline::after(Duration::ZERO)) {
            Ok(Lock::Taken(lock)) => Ok(lock),
            Ok(Lock::Held(_)) => return Ok(cached.session),
            Err(error) => Err(error.to_string()),
        };
        // The process that held the lock has just tried.
        if let Some(renewed) = self.cache.entry().filter(CacheEntry::is_fresh) {
            return Ok(renewed.session);
        }
        if let Some(failure) = in_pause() {
            return cached_in_pause(cached, failure);
        }
        let attempt = Attempt {
            request: self.with_one_attempt,
            deadline: Deadline::after(self.limit.min(MAX_WAIT_WITH_CACHED)),
            is_of_all_attempts: false,
            valid: cached.lifetime.until.seconds_since(clock::now()),
            lock,
        };
        self.attempt(attempt, on_progress, notes)
    }

    /// Without cached credentials one process tries for all, and a failure is that of all.
    fn new_or_shared_failure(
        &self,
        on_progress: OnProgress<'_>,
        notes: &mut Vec<RenewalNote<'a>>,
    ) -> Result<Session, RenewalError<'a>> {
        let remembered = |failure| RenewalError::Remembered(Box::new(failure));
        let shared = || self.memory.last().filter(RememberedFailure::is_shared);
        if let Some(failure) = shared() {
            return Err(remembered(failure));
        }
        let begun = clock::now();
        let deadline = Deadline::after(self.limit);
        let lock = match self.cache.lock(Deadline::after(self.limit + WAIT_FOR_THE_REASON)) {
            Ok(Lock::Taken(lock)) => Ok(lock),
            Ok(Lock::Held(holder)) => {
                let failure = self.memory.last().filter(|failure| failure.is_since(begun));
                let reason = failure.map_or(RenewalError::LockTimeout(self.limit, holder), remembered);
                return self.cached_instead(reason, None, notes);
            }
            Err(error) => Err(error.to_string()),
        };
        if let Some(renewed) = self.cache.entry().filter(CacheEntry::is_fresh) {
            return Ok(renewed.session);
        }
        let since = || self.memory.last().filter(|failure| failure.is_since(begun));
        if let Some(failure) = shared().or_else(since) {
            return Err(remembered(failure));
        }
        let attempt = Attempt { request: self.request, deadline, is_of_all_attempts: true, valid: 0, lock };
        self.attempt(attempt, on_progress, notes)
    }

    fn attempt(
        &self,
        attempt: Attempt<'a>,
        on_progress: OnProgress<'_>,
        notes: &mut Vec<RenewalNote<'a>>,
    ) -> Result<Session, RenewalError<'a>> {
        let Attempt { request, deadline, is_of_all_attempts, valid, lock } = attempt;
        let since = Stopwatch::start();
        let session = match self.acquisition.session(request, deadline, on_progress) {
            Ok(acquired) => acquired.session,
            Err(error) => {
                let asked = asked_pause(error.retry_after(), valid);
                // Without cached credentials all calls fail meanwhile: no longer than one of them may take.
                let asked = if valid > 0 { asked } else { asked.min(self.limit) };
                // What only this machine was asked for costs nothing, and its reason is that of each caller.
                let pause = (!error.is_local()).then(|| {
                    self.memory.remember(NewFailure {
                        text: (self.text_of)(&error),
                        took: since.elapsed(),
                        asked,
                        is_guard_refusal: error.is_guard_refusal(),
                        is_of_all_attempts,
                    })
                });
                return self.cached_instead(RenewalError::Acquisition(error), pause.flatten(), notes);
            }
        };
        if self.memory.last().is_some() {
            notes.push(RenewalNote::RenewedAgain { until: session.credentials().expiration });
        }
        self.memory.forget();
        // Told only with a new session: the cached one says enough.
        let cached = match lock {
            Ok(_) => {
                self.cache.stage().and_then(|entry| entry.write(&session)).map_err(|error| error.to_string())
            }
            Err(reason) => Err(reason),
        };
        notes.extend(cached.err().map(RenewalNote::NotCached));
        Ok(session)
    }

    /// The cached session, if it is usable and no guard has refused the new one.
    fn cached_instead(
        &self,
        reason: RenewalError<'a>,
        pause: Option<Duration>,
        notes: &mut Vec<RenewalNote<'a>>,
    ) -> Result<Session, RenewalError<'a>> {
        let usable = self.cache.entry().filter(CacheEntry::is_usable).inspect(CacheEntry::remember_secrets);
        let cached = usable.filter(|_| !reason.is_guard_refusal());
        let Some(CacheEntry { session, lifetime }) = cached else { return Err(reason) };
        notes.push(RenewalNote::CachedUsed { until: lifetime.until, reason, pause });
        Ok(session)
    }
}

/// Its note is that of the process that tried.
fn cached_in_pause<'a>(cached: CacheEntry, failure: RememberedFailure) -> Result<Session, RenewalError<'a>> {
    if failure.is_guard_refusal() {
        return Err(RenewalError::Remembered(Box::new(failure)));
    }
    Ok(cached.session)
}

impl RenewalError<'_> {
    fn is_guard_refusal(&self) -> bool {
        match self {
            Self::Acquisition(error) => error.is_guard_refusal(),
            Self::Remembered(failure) => failure.is_guard_refusal(),
            Self::LockTimeout(..) => false,
        }
    }
}

impl CacheEntry {
    /// So that no text about a failure holds them.
    fn remember_secrets(&self) {
        let credentials = self.session.credentials();
        for secret in [&credentials.secret_access_key, &credentials.session_token] {
            secrets::remember(secret.expose());
        }
    }

    fn is_fresh(&self) -> bool {
        self.lifetime.due_in(clock::now()) > 0
    }

    fn is_usable(&self) -> bool {
        self.lifetime.is_usable(clock::now())
    }
}
