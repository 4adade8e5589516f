//! When credentials are renewed: before AWS's tools would want new ones, and not so early that short ones are always due.
//! Apart from those who renew, as all of them go by the same rule.

use aws::Timestamp;

/// botocore asks again 15 minutes before the end (facts/aws.md 7). What it is given then has to be new.
const MARGIN: i64 = 20 * 60;

/// What a client should have at least: less could end on its way.
const NEEDED: i64 = 60;

/// How long credentials last.
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
    pub(crate) fn is_of_use(self, now: Timestamp) -> bool {
        self.until.seconds_since(now) > NEEDED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(lifetime.is_of_use(at(passed)), of_use, "{passed}");
        }
    }
}
