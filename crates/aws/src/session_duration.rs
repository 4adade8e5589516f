//! How long a role session lasts: `3600`, `45m`, `1h`, `1h30m`; 15 minutes to 12 hours.

use std::fmt;
use std::str::FromStr;

use crate::seconds::seconds_from;

/// A session length that the STS API accepts: 900 to 43,200 seconds (facts/aws.md 1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionDuration(u32);

/// Why a text is not a session length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSessionDuration {
    /// Neither a number of seconds nor numbers with units.
    #[error("invalid duration `{0}`; expected seconds or units, as in `3600`, `45m`, `1h`, `1h30m`")]
    Unreadable(String),
    /// Outside of STS's limits.
    #[error("invalid duration `{0}`; STS accepts 15m (900) to 12h (43200)")]
    OutOfRange(String),
}

impl SessionDuration {
    /// STS refuses shorter ones.
    pub const MIN_SECONDS: u32 = 900;
    /// STS refuses longer ones, whatever the role allows.
    pub const MAX_SECONDS: u32 = 43_200;
    /// STS's default, which every role allows.
    pub const DEFAULT: Self = Self(3600);

    /// The shortest: for credentials that sign one more request.
    pub const SHORTEST: Self = Self(Self::MIN_SECONDS);

    /// In seconds, as STS expects it.
    pub fn seconds(self) -> u32 {
        self.0
    }
}

impl FromStr for SessionDuration {
    type Err = InvalidSessionDuration;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let seconds = seconds_from(text)
            .ok_or_else(|| InvalidSessionDuration::Unreadable(text.escape_debug().to_string()))?;
        u32::try_from(seconds)
            .ok()
            .filter(|seconds| (Self::MIN_SECONDS..=Self::MAX_SECONDS).contains(seconds))
            .map(Self)
            .ok_or_else(|| InvalidSessionDuration::OutOfRange(text.to_owned()))
    }
}

/// As users write it: `1h`, `1h30m`.
impl fmt::Display for SessionDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, minutes, seconds) = (self.0 / 3600, self.0 / 60 % 60, self.0 % 60);
        let mut parts =
            [(hours, 'h'), (minutes, 'm'), (seconds, 's')].into_iter().filter(|(count, _)| *count > 0);
        parts.try_for_each(|(count, unit)| write!(f, "{count}{unit}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_units_are_read() {
        for (text, seconds) in [
            ("3600", 3600),
            ("900", 900),
            ("43200", 43_200),
            ("45m", 2700),
            ("1h", 3600),
            ("12h", 43_200),
            ("1h30m", 5400),
            ("1h30m5s", 5405),
            ("900s", 900),
            ("0h15m", 900),
        ] {
            let duration = text.parse::<SessionDuration>().unwrap();
            assert_eq!(duration.seconds(), seconds, "{text}");
            assert_eq!(duration.to_string().parse(), Ok(duration), "{text}");
        }
        assert_eq!("10800".parse::<SessionDuration>().unwrap().to_string(), "3h");
    }

    #[test]
    fn what_is_not_a_duration_is_refused() {
        for text in ["", "1h30x", "h", "30m1h", "1h1h", "+3600", "-1h", "1.5h", "1 h", "9e2", "99999999999h"]
        {
            let error = text.parse::<SessionDuration>().unwrap_err();
            assert!(matches!(error, InvalidSessionDuration::Unreadable(_)), "{text}: {error}");
        }
    }

    #[test]
    fn what_sts_would_refuse_is_refused_here() {
        for text in ["0", "899", "43201", "14m", "13h", "999999999h"] {
            let error = text.parse::<SessionDuration>().unwrap_err();
            assert!(matches!(error, InvalidSessionDuration::OutOfRange(_)), "{text}: {error}");
        }
    }
}
