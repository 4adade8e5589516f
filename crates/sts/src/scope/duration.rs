//! How long scoped credentials last: `60`, `5m`, `1h`; 1 second to 36 hours.

use std::fmt;
use std::str::FromStr;

/// A length that STS accepts for scoped credentials: 1 to 129,600 seconds (facts/aws-2026.md 1.2). The rest of the
/// calling session limits it too, which only STS knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ScopeDuration(u32);

/// Why a text is not such a length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidScopeDuration {
    /// Neither a number of seconds nor numbers with units.
    #[error("invalid scope duration `{0}`; expected seconds or units, as in `60`, `5m`, `1h`, `1h30m`")]
    Unreadable(String),
    /// Outside of STS's limits.
    #[error("invalid scope duration `{0}`; STS accepts 1s to 36h (129600)")]
    OutOfRange(String),
}

impl ScopeDuration {
    const MIN_SECONDS: u32 = 1;
    const MAX_SECONDS: u32 = 129_600;

    /// In seconds, as STS expects it.
    pub fn seconds(self) -> u32 {
        self.0
    }
}

impl FromStr for ScopeDuration {
    type Err = InvalidScopeDuration;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let seconds = aws::seconds_from(text)
            .ok_or_else(|| InvalidScopeDuration::Unreadable(text.escape_debug().to_string()))?;
        u32::try_from(seconds)
            .ok()
            .filter(|seconds| (Self::MIN_SECONDS..=Self::MAX_SECONDS).contains(seconds))
            .map(Self)
            .ok_or_else(|| InvalidScopeDuration::OutOfRange(text.to_owned()))
    }
}

impl fmt::Display for ScopeDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_is_the_least_and_36_hours_the_most() {
        for (text, seconds) in [("1", 1), ("1s", 1), ("5m", 300), ("36h", 129_600), ("129600", 129_600)] {
            assert_eq!(text.parse::<ScopeDuration>().unwrap().seconds(), seconds, "{text}");
        }
        for text in ["0", "0s", "129601", "36h1s", "999999999h"] {
            let error = text.parse::<ScopeDuration>().unwrap_err();
            assert_eq!(error, InvalidScopeDuration::OutOfRange(text.to_owned()));
        }
        for text in ["", "1 s", "-1", "5 minutes"] {
            let error = text.parse::<ScopeDuration>().unwrap_err();
            assert_eq!(error, InvalidScopeDuration::Unreadable(text.to_owned()));
        }
    }
}
