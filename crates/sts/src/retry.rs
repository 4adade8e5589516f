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

/// The longest pause between two attempts.
const LONGEST: Duration = Duration::from_secs(8);

/// The pause before the next attempt, or `None` where there is none: a permanent error, no attempts left, or a
/// pause that would end after the deadline. So the user never waits for a request that is not sent.
///
/// `made` counts the attempts so far, `random` is in 0..1: full jitter spreads the jobs of a fan-out.
pub fn pause_before_next(
    class: Class,
    made: u32,
    allowed: u32,
    left: Duration,
    random: f64,
) -> Option<Duration> {
    let first = match class {
        Class::Permanent => return None,
        Class::Transient => Duration::from_millis(500),
        Class::Throttled => Duration::from_secs(1),
    };
    let doubled = first.saturating_mul(1_u32.checked_shl(made.saturating_sub(1)).unwrap_or(u32::MAX));
    let pause = doubled.min(LONGEST).mul_f64(random.clamp(0.0, 1.0));
    (made < allowed && pause < left).then_some(pause)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn pauses_double_up_to_a_limit() {
        let pauses: Vec<u64> = (1..8)
            .filter_map(|made| pause_before_next(Class::Transient, made, 99, MINUTE, 1.0))
            .map(|pause| u64::try_from(pause.as_millis()).unwrap())
            .collect();
        assert_eq!(pauses, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!(pause_before_next(Class::Throttled, 1, 99, MINUTE, 1.0), Some(Duration::from_secs(1)));
        assert_eq!(pause_before_next(Class::Transient, 99, 100, MINUTE, 1.0), Some(LONGEST));
    }

    #[test]
    fn the_whole_pause_is_jitter() {
        assert_eq!(pause_before_next(Class::Transient, 3, 9, MINUTE, 0.0), Some(Duration::ZERO));
        assert_eq!(pause_before_next(Class::Transient, 3, 9, MINUTE, 0.25), Some(Duration::from_millis(500)));
    }

    #[test]
    fn there_is_no_pause_before_an_attempt_that_is_not_made() {
        assert_eq!(pause_before_next(Class::Permanent, 1, 9, MINUTE, 0.0), None);
        assert_eq!(pause_before_next(Class::Transient, 5, 5, MINUTE, 0.0), None);
        assert_eq!(pause_before_next(Class::Transient, 1, 5, Duration::from_millis(400), 1.0), None);
    }
}
