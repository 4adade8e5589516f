//! When credentials are renewed: before AWS's tools request new ones, and not so early that short ones are always due.
//! One rule for `serve` and `credential-process`.

use std::time::Duration;

use aws::Timestamp;
use export::Session;

use crate::io::http::tls;

/// botocore refreshes credentials 15 minutes before they expire (facts/aws.md 7). Then there must be new ones.
const MARGIN: i64 = 20 * 60;

/// The shortest usable time in seconds: less could expire before a request arrives. Of credentials that last less than
/// ten minutes it is a tenth of their lifetime.
const MIN_REMAINING: i64 = 60;

/// STS is called once in this time, whatever this machine's clock says.
const MAX_PAUSE: Duration = Duration::from_secs(60);

/// When credentials are valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lifetime {
    /// When they were issued, by this machine's clock.
    pub(crate) from: Timestamp,
    /// When they expire.
    pub(crate) until: Timestamp,
}

impl Lifetime {
    /// Of a session that was granted now.
    pub(crate) fn of(session: &Session, now: Timestamp) -> Self {
        Self { from: now, until: session.credentials().expiration }
    }

    /// The seconds until they are due for renewal: 20 minutes before they expire, or after half of their lifetime if that
    /// is later. Zero or less: they are due.
    pub(crate) fn due_in(self, now: Timestamp) -> i64 {
        let half = self.until.seconds_since(self.from).max(0) / 2;
        self.until.seconds_since(now) - half.min(MARGIN)
    }

    /// Whether they are still usable if there are no new ones.
    pub(crate) fn is_usable(self, now: Timestamp) -> bool {
        let tenth = self.until.seconds_since(self.from).max(0) / 10;
        self.until.seconds_since(now) > tenth.min(MIN_REMAINING)
    }
}

/// The pause after a renewal before STS is called again: a minute, or a tenth of the credentials' lifetime if that is less;
/// plus or minus a quarter, so that many jobs do not call at once.
pub(crate) fn retry_pause(lifetime: Lifetime) -> Duration {
    let valid = u64::try_from(lifetime.until.seconds_since(lifetime.from)).unwrap_or(0);
    let pause = match valid {
        // By this machine's clock they had expired when STS issued them.
        0 => MAX_PAUSE,
        _ => Duration::from_secs(valid).mul_f64(0.1).min(MAX_PAUSE),
    };
    pause.mul_f64(0.75 + tls::random_fraction() / 2.0)
}

/// The longest pause between two renewals that a server can ask for (`Retry-After`): they begin 20 minutes before the
/// credentials expire, so several are left.
const LONGEST_ASKED: Duration = Duration::from_secs(300);

/// The pause that the server asks for, as far as it is kept to: half of the seconds that the credentials are still valid at
/// most, if they are, so that it does not cost them.
pub(crate) fn asked_pause(asked: Option<Duration>, valid: i64) -> Duration {
    let half =
        u64::try_from(valid).ok().filter(|valid| *valid > 0).map(|valid| Duration::from_secs(valid / 2));
    asked.unwrap_or_default().min(LONGEST_ASKED).min(half.unwrap_or(LONGEST_ASKED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sts_is_called_about_once_a_minute_at_most() {
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

    #[test]
    fn a_server_gets_the_pause_that_it_asks_for_unless_it_costs_the_credentials() {
        for (asked, valid, kept) in [
            (None, 1200, 0),
            (Some(120), 1200, 120),
            (Some(86_400), 1200, 300),
            (Some(120), 100, 50),
            (Some(120), 1, 0),
            (Some(120), 0, 120),
            (Some(u64::MAX), -5, 300),
        ] {
            let pause = asked_pause(asked.map(Duration::from_secs), valid);
            assert_eq!(pause.as_secs(), kept, "{asked:?}, {valid} s left");
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
            (10, 0, 5),
            (10, 4, 1),
            (10, 5, 0),
            (2, 1, 0),
            (1, 0, 1),
            (1, 1, 0),
            (0, 0, 0),
            (-60, 0, -60),
        ] {
            let lifetime = Lifetime { from: at(0), until: at(lasts) };
            assert_eq!(lifetime.due_in(at(passed)), due_in, "{passed} of {lasts} s");
        }
    }

    #[test]
    fn the_last_minute_or_tenth_is_not_usable() {
        for (lasts, passed, usable) in [
            (3600, 0, true),
            (3600, 3539, true),
            (3600, 3540, false),
            (3600, 3600, false),
            (3600, 9999, false),
            (600, 539, true),
            (600, 540, false),
            (10, 8, true),
            (10, 9, false),
            (1, 0, true),
            (1, 1, false),
            (-5, 0, false),
        ] {
            let lifetime = Lifetime { from: at(0), until: at(lasts) };
            assert_eq!(lifetime.is_usable(at(passed)), usable, "{passed} of {lasts} s");
        }
    }
}
