//! The retry loop. A policy, which is a value, decides whether and when to retry.

use std::time::Duration;

use sts::retry::{Class, pause_before_next};

use crate::exchange::progress::{OnProgress, Progress};
use crate::io::clock::{self, Deadline};
use crate::io::http::tls;

/// What to retry, how often, and for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RetryPolicy {
    /// Which failures are retried.
    pub(crate) retries: Retries,
    /// The largest number of attempts.
    pub(crate) max_attempts: u32,
    /// The pauses between them.
    pub(crate) pauses: Pauses,
    /// No attempt starts after it.
    pub(crate) deadline: Deadline,
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
    /// Growing, with full jitter, so that parallel jobs do not retry at once.
    Jittered,
    /// Constant.
    Fixed(Duration),
}

/// An attempt that failed.
pub(crate) trait FailedAttempt {
    /// Whether a retry can help.
    fn class(&self) -> Class;

    /// A short reason, for a progress line.
    fn reason(&self) -> String;
}

impl RetryPolicy {
    /// The pause before the next attempt; `None` if there is no retry.
    fn pause_after(&self, failed: &impl FailedAttempt, made: u32) -> Option<Duration> {
        let class = match (self.retries, failed.class()) {
            (Retries::All, Class::Permanent) => Class::Transient,
            (_, class) => class,
        };
        let left = self.deadline.left();
        match self.pauses {
            Pauses::Jittered => {
                pause_before_next(class, made, self.max_attempts, left, tls::random_fraction())
            }
            Pauses::Fixed(pause) => {
                (class != Class::Permanent && made < self.max_attempts && pause < left).then_some(pause)
            }
        }
    }
}

/// Makes attempts until one succeeds or the policy ends them; an error comes with the number of attempts. The policy may
/// depend on the failure.
pub(crate) async fn retry<T, E: FailedAttempt>(
    policy_for: impl Fn(&E) -> RetryPolicy,
    on_progress: OnProgress<'_>,
    mut attempt: impl AsyncFnMut() -> Result<T, E>,
) -> Result<T, (E, u32)> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        let failed = match attempt().await {
            Ok(result) => return Ok(result),
            Err(failed) => failed,
        };
        let Some(pause) = policy_for(&failed).pause_after(&failed, attempts) else {
            return Err((failed, attempts));
        };
        on_progress(&Progress::Retrying { attempts, reason: failed.reason(), pause });
        clock::pause(pause).await;
    }
}

/// For an error's text: the number of attempts, if more than one.
pub(crate) fn after_attempts(attempts: u32) -> String {
    if attempts > 1 { format!(", after {attempts} attempts") } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Failed(Class);

    impl FailedAttempt for Failed {
        fn class(&self) -> Class {
            self.0
        }

        fn reason(&self) -> String {
            String::new()
        }
    }

    #[test]
    fn a_fixed_pause_is_made_while_attempts_and_time_are_left() {
        let second = Duration::from_secs(1);
        let policy = |retries, time| RetryPolicy {
            retries,
            max_attempts: 3,
            pauses: Pauses::Fixed(second),
            deadline: Deadline::after(Duration::from_secs(time)),
        };
        for (retries, class, made, time, pause) in [
            (Retries::Transient, Class::Transient, 1, 5, Some(second)),
            (Retries::Transient, Class::Throttled, 2, 4, Some(second)),
            (Retries::Transient, Class::Transient, 3, 5, None),
            (Retries::Transient, Class::Transient, 1, 1, None),
            (Retries::Transient, Class::Permanent, 1, 5, None),
            (Retries::All, Class::Permanent, 1, 5, Some(second)),
            (Retries::All, Class::Permanent, 3, 5, None),
        ] {
            let made_pause = policy(retries, time).pause_after(&Failed(class), made);
            assert_eq!(made_pause, pause, "{retries:?} {class:?} {made} {time}");
        }
    }
}
