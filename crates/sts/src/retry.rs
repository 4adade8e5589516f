//! Whether to retry, and after which pause. A decision, not a loop: nothing here waits.

use std::time::Duration;

/// Whether another attempt can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The same request gets the same response.
    Permanent,
    /// A fault that may pass.
    Transient,
    /// Too many requests: the pause starts longer.
    Throttled,
}

/// The longest pause between two attempts, unless the server asks for a longer one.
const LONGEST: Duration = Duration::from_secs(5);
/// What the last pause leaves of the time for the last attempt. STS responds within less.
const LAST_ATTEMPT: Duration = Duration::from_secs(1);

impl Class {
    /// What a status means, whatever the body is: a fault of the server, or something in front of it, may pass.
    pub fn of_status(status: u16) -> Self {
        match status {
            429 => Self::Throttled,
            408 | 500..=599 => Self::Transient,
            _ => Self::Permanent,
        }
    }
}

/// The pause before the next attempt, or `None` where there is none: a permanent error, or no time left. So the user
/// never waits for a request that is not sent. A pause that would take the time that is left ends one attempt earlier.
///
/// `made` counts the attempts so far, `random` is in 0..1: full jitter spreads the jobs of a fan-out.
pub fn pause_before_next(class: Class, made: u32, left: Duration, random: f64) -> Option<Duration> {
    let first = match class {
        Class::Permanent => return None,
        Class::Transient => Duration::from_millis(500),
        Class::Throttled => Duration::from_secs(1),
    };
    let doubled = first.saturating_mul(1_u32.checked_shl(made.saturating_sub(1)).unwrap_or(u32::MAX));
    let pause = doubled.min(LONGEST).mul_f64(random.clamp(0.0, 1.0));
    if pause < left {
        return Some(pause);
    }
    left.checked_sub(LAST_ATTEMPT).filter(|pause| !pause.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn pauses_double_up_to_a_limit() {
        let pauses: Vec<u64> = (1..8)
            .filter_map(|made| pause_before_next(Class::Transient, made, MINUTE, 1.0))
            .map(|pause| u64::try_from(pause.as_millis()).unwrap())
            .collect();
        assert_eq!(pauses, [500, 1000, 2000, 4000, 5000, 5000, 5000]);
        assert_eq!(pause_before_next(Class::Throttled, 1, MINUTE, 1.0), Some(Duration::from_secs(1)));
        assert_eq!(pause_before_next(Class::Transient, 99, MINUTE, 1.0), Some(LONGEST));
    }

    #[test]
    fn the_whole_pause_is_jitter() {
        assert_eq!(pause_before_next(Class::Transient, 3, MINUTE, 0.0), Some(Duration::ZERO));
        assert_eq!(pause_before_next(Class::Transient, 3, MINUTE, 0.25), Some(Duration::from_millis(500)));
    }

    #[test]
    fn there_is_no_pause_before_an_attempt_that_is_not_made() {
        assert_eq!(pause_before_next(Class::Permanent, 1, MINUTE, 0.0), None);
        assert_eq!(pause_before_next(Class::Transient, 1, Duration::from_millis(400), 1.0), None);
        assert_eq!(pause_before_next(Class::Transient, 1, Duration::ZERO, 0.0), None);
    }

    #[test]
    fn the_last_attempt_is_within_the_time() {
        let left = Duration::from_millis(3200);
        assert_eq!(pause_before_next(Class::Transient, 9, left, 0.9), Some(Duration::from_millis(2200)));
        assert_eq!(pause_before_next(Class::Transient, 9, Duration::from_secs(1), 0.9), None);
    }

    /// The attempts of one job with failures that take no time; the time when the last one starts.
    fn schedule(mut seed: u64) -> (u32, Duration) {
        let (mut made, mut at) = (1, Duration::ZERO);
        loop {
            // The constants of Knuth's MMIX.
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let random = f64::from(u32::try_from(seed >> 32).unwrap()) / f64::from(u32::MAX);
            match pause_before_next(Class::Transient, made, MINUTE.saturating_sub(at), random) {
                Some(pause) => (made, at) = (made + 1, at + pause),
                None => return (made, at),
            }
        }
    }

    #[test]
    fn the_attempts_of_a_job_use_the_deadline() {
        for seed in 0..1000 {
            let (made, last) = schedule(seed);
            assert!(last > Duration::from_secs(58) && last < MINUTE, "{seed}: {last:?}");
            assert!((15..60).contains(&made), "{seed}: {made} attempts");
        }
    }

    #[test]
    fn a_status_decides_without_a_body() {
        for status in [408, 500, 501, 502, 503, 504, 520, 529, 599] {
            assert_eq!(Class::of_status(status), Class::Transient, "{status}");
        }
        assert_eq!(Class::of_status(429), Class::Throttled);
        for status in [200, 302, 400, 403, 404, 407, 413] {
            assert_eq!(Class::of_status(status), Class::Permanent, "{status}");
        }
    }
}
