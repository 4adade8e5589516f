//! The clock, and waiting.

use std::fs::Metadata;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use aws::Timestamp;

/// The time of day, as the job's machine has it.
#[expect(clippy::disallowed_methods, reason = "this is the clock")]
pub(crate) fn now() -> Timestamp {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    // A clock past the year 9999 is broken; then every token counts as fresh and STS decides.
    Timestamp::from_unix_seconds(seconds).unwrap_or(Timestamp::EPOCH)
}

/// How long ago the file was written; nothing where that was in the future.
pub(crate) fn age(metadata: &Metadata) -> Duration {
    metadata.modified().ok().and_then(|at| at.elapsed().ok()).unwrap_or_default()
}

/// Waits. Callers have asked first whether the deadline allows it.
#[expect(clippy::disallowed_methods, reason = "this is the one place that waits")]
pub(crate) fn wait(pause: Duration) {
    std::thread::sleep(pause);
}

/// The same where others go on meanwhile.
pub(crate) async fn pause(pause: Duration) {
    tokio::time::sleep(pause).await;
}

/// What comes of `future`, if that is within `time`.
pub(crate) async fn within<T>(time: Duration, future: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(time, future).await.ok()
}

/// How long something has taken. Counted by the clock that never jumps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// From now on.
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Up to now.
    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// A moment that nothing may wait beyond. Counted by the clock that never jumps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline(Instant);

impl Deadline {
    /// So much time from now.
    pub(crate) fn after(time: Duration) -> Self {
        let now = Instant::now();
        Self(now.checked_add(time).unwrap_or(now))
    }

    /// The earlier of two.
    pub(crate) fn min(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }

    /// What is left of it.
    pub(crate) fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }
}
