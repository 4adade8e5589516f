//! The retry loop. A policy, which is a value, decides whether and when to retry.

mod attempts;
#[cfg(test)]
mod tests;

use std::time::Duration;

use sts::retry::{Class, pause_before_next};

pub(crate) use self::attempts::{Attempts, End};
use crate::exchange::progress::{OnProgress, Progress};
use crate::io::clock::{self, Deadline, Stopwatch};
use crate::io::http::tls;
use crate::io::http::transport_error::TransportError;

/// How long a host may give no sign of itself, from the first attempt on: its name is unknown, it refuses connections, or
/// there is no route. A wrong setting is more likely then than a fault.
pub(crate) const UNREACHED: Duration = Duration::from_secs(20);

/// What to retry, how often, and for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RetryPolicy {
    /// Which failures are retried.
    pub(crate) retries: Retries,
    /// The largest number of attempts; `None` if only time limits them.
    pub(crate) max_attempts: Option<u32>,
    /// The pauses between them.
    pub(crate) pauses: Pauses,
    /// No attempt starts after it.
    pub(crate) deadline: Deadline,
    /// The time for a host that was not reached in any attempt.
    pub(crate) unreached: Option<Duration>,
}

/// Which failures are retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retries {
    /// Transient ones.
    Transient,
    /// All: the caller knows that the failure is transient.
    All,
}

/// The pauses between attempts.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Pauses {
    /// Growing, with full jitter, so that parallel jobs do not retry at once. At least what the server asks for.
    Jittered,
    /// Constant.
    Fixed(Duration),
}

/// How far an attempt came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// No connection to the host.
    NoConnection,
    /// There was no time to see more.
    CutOff,
    /// The host responded, or at least accepted the connection.
    Host,
}

impl Reach {
    /// That of a request without a response.
    pub(crate) fn of_transport(error: &TransportError) -> Self {
        match error {
            _ if error.is_cut_off() => Self::CutOff,
            _ if error.is_without_connection() => Self::NoConnection,
            _ => Self::Host,
        }
    }
}

/// An attempt that failed.
pub(crate) trait FailedAttempt {
    /// Whether a retry can help.
    fn class(&self) -> Class;

    /// A short reason, for a progress line.
    fn reason(&self) -> String;

    /// How far it came.
    fn reach(&self) -> Reach {
        Reach::Host
    }

    /// The pause that the server asks for.
    fn retry_after(&self) -> Option<Duration> {
        None
    }
}

impl RetryPolicy {
    /// The pause before the next attempt, or why there is none. `unreached` is what is left of the time for a host that was
    /// not reached so far.
    fn pause_after(
        &self,
        failed: &impl FailedAttempt,
        made: u32,
        unreached: Option<Duration>,
    ) -> Result<Duration, End> {
        let class = match (self.retries, failed.class()) {
            (Retries::All, Class::Permanent) => Class::Transient,
            (_, class) => class,
        };
        if class == Class::Permanent {
            return Err(End::Permanent);
        }
        if self.max_attempts.is_some_and(|most| made >= most) {
            return Err(End::Limit);
        }
        let of_deadline = self.deadline.left();
        let (left, end) = match (unreached, self.unreached) {
            (Some(left), Some(time)) if left < of_deadline => (left, End::Unreached(time)),
            _ => (of_deadline, End::Deadline),
        };
        match self.pauses {
            Pauses::Jittered => {
                let asked = failed.retry_after().unwrap_or_default();
                if asked >= left && !asked.is_zero() {
                    return Err(End::RetryAfter { asked, left });
                }
                let pause = pause_before_next(class, made, left, tls::random_fraction());
                pause.map(|pause| pause.max(asked)).ok_or(end)
            }
            Pauses::Fixed(pause) => (pause < left).then_some(pause).ok_or(end),
        }
    }
}

/// Makes attempts until one succeeds or the policy ends them; an error comes with the number of attempts. The policy may
/// depend on the failure. An attempt gets the time that it may take, apart from the caller's own limits.
///
/// If the last attempt is cut off, the error is that of the attempt before it, which says more.
pub(crate) async fn retry<T, E: FailedAttempt>(
    policy_for: impl Fn(&E) -> RetryPolicy,
    on_progress: OnProgress<'_>,
    mut attempt: impl AsyncFnMut(Duration) -> Result<T, E>,
) -> Result<T, (E, Attempts)> {
    let begun = Stopwatch::start();
    let mut made = 0;
    let mut is_reached = false;
    let mut limit = Duration::MAX;
    let mut before: Option<E> = None;
    loop {
        made += 1;
        let failed = match attempt(limit).await {
            Ok(result) => return Ok(result),
            Err(failed) => failed,
        };
        let is_cut_off = failed.reach() == Reach::CutOff;
        is_reached |= failed.reach() == Reach::Host;
        let failed = match before.take() {
            Some(cause) if is_cut_off => cause,
            _ => failed,
        };
        let policy = policy_for(&failed);
        let time = policy.unreached.filter(|_| !is_reached);
        let unreached = || time.map(|time| time.saturating_sub(begun.elapsed()));
        let pause = match policy.pause_after(&failed, made, unreached()) {
            Ok(pause) => pause,
            Err(end) => {
                let asked = failed.retry_after();
                return Err((failed, Attempts { made, end, asked }));
            }
        };
        on_progress(&Progress::Retrying { attempts: made, reason: failed.reason(), pause });
        clock::pause(pause).await;
        limit = unreached().unwrap_or(Duration::MAX);
        before = Some(failed);
    }
}
