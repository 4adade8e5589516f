//! When credentials are renewed: before AWS's tools would want new ones, and not so early that short ones are always due.
//! Apart from those who renew, as all of them go by the same rule.

use std::time::Duration;

use aws::Timestamp;

use crate::io::http::tls;

/// botocore asks again 15 minutes before the end (facts/aws.md 7). What it is given then has to be new.
const MARGIN: i64 = 20 * 60;

/// What a client should have at least: less could end on its way.
const NEEDED: i64 = 60;

/// STS is not called more often, whatever this machine's clock says.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// How long credentials are valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lifetime {
    /// When they were given out, by this machine's clock.
    pub(crate) from: Timestamp,
    /// Until when AWS takes them.
    pub(crate) until: Timestamp,
}

impl Lifetime {
    /// In how many seconds they are to be renewed: when 20 minutes are left, or half of their time if that is less. None
    /// or fewer: they are due.
    pub(crate) fn due_in(self, now: Timestamp) -> i64 {
        let half = self.until.seconds_since(self.from).max(0) / 2;
        self.until.seconds_since(now) - half.min(MARGIN)
    }

    /// Whether they would still do if there were no others.
    pub(crate) fn is_usable(self, now: Timestamp) -> bool {
        self.until.seconds_since(now) > NEEDED
    }
}

/// How long STS is left in peace after a renewal: a minute, or a tenth of the time that the credentials are valid if that
/// is less; a quarter more or less, so that many jobs do not call at once.
pub(crate) fn retry_pause(lifetime: Lifetime) -> Duration {
    let valid = u64::try_from(lifetime.until.seconds_since(lifetime.from)).unwrap_or(0);
    let pause = match valid {
        // By this machine's clock they had expired when they came.
        0 => LONGEST_PAUSE,
        _ => Duration::from_secs(valid).mul_f64(0.1).min(LONGEST_PAUSE),
    };
    pause.mul_f64(0.75 + tls::random_fraction() / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sts_is_asked_about_once_a_minute_at_most() {
        for (valid, shortest, longest) in [
            (43200, 45.0, 75.0),
            (900, 45.0, 75.0),
            (600, 45.0, 75.0),
            (10, 0.75, 1.25),
            (0, 45.0, 75.0),
            (-5000, 45.0, 75.0),
        ] {
            let pause = retry_pause(Lifetime { from: at(0), until: at(valid) }).as_secs_f64();
            assert!((shortest..=longest).contains(&pause), "{valid}: {pause}");
        }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_seconds(1_000_000 + seconds).unwrap()
    }

    #[test]
    fn they_are_due_at_twenty_minutes_or_half_of_their_time() {
        for (lasts, passed, due_in) in [
            (3600, 0, 2400),
            (3600, 2399, 1),
            (3600, 2400, 0),
            (3600, 3700, -1300),
            (43200, 41999, 1),
            (2400, 0, 1200),
            (2399, 0, 1200),
            (1800, 900, 0),
            (900, 0, 450),
            (900, 451, -1),
            (1, 0, 1),
            (0, 0, 0),
            (-60, 0, -60),
        ] {
            let lifetime = Lifetime { from: at(0), until: at(lasts) };
            assert_eq!(lifetime.due_in(at(passed)), due_in, "{passed} of {lasts} s");
        }
    }

    #[test]
    fn the_last_minute_is_of_no_use() {
        let lifetime = Lifetime { from: at(0), until: at(3600) };
        for (passed, of_use) in [(0, true), (3539, true), (3540, false), (3600, false), (9999, false)] {
            assert_eq!(lifetime.is_usable(at(passed)), of_use, "{passed}");
        }
    }
}
