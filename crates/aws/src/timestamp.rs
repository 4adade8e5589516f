//! A time as AWS writes it: RFC 3339, UTC, whole seconds; in signatures without the punctuation, in HTTP
//! headers as HTTP does.

use std::fmt;
use std::str::FromStr;
use time::OffsetDateTime;
use time::format_description::well_known::{Rfc2822, Rfc3339};

/// Seconds since 1970-01-01T00:00:00Z, within the years 0 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(OffsetDateTime);

/// Why a text or a number is not a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid time `{0}`; expected one like 2026-01-31T23:59:59Z")]
pub struct InvalidTimestamp(String);

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(OffsetDateTime::UNIX_EPOCH);

    /// From the seconds that JSON Web Tokens carry.
    pub fn from_unix_seconds(seconds: i64) -> Result<Self, InvalidTimestamp> {
        OffsetDateTime::from_unix_timestamp(seconds)
            .ok()
            .filter(|moment| (0..=9999).contains(&moment.year()))
            .map(Self)
            .ok_or_else(|| InvalidTimestamp(seconds.to_string()))
    }

    /// From the `YYYYMMDDTHHMMSSZ` of a signature.
    pub fn from_basic(text: &str) -> Result<Self, InvalidTimestamp> {
        let part =
            |from, to| text.get(from..to).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        let parts = (part(0, 4), part(4, 6), part(6, 8), part(9, 11), part(11, 13), part(13, 15));
        match (parts, text.get(8..9), text.get(15..)) {
            (
                (Some(year), Some(month), Some(day), Some(hour), Some(minute), Some(second)),
                Some("T"),
                Some("Z"),
            ) => format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z").parse(),
            _ => Err(InvalidTimestamp(text.to_owned())),
        }
    }

    /// From a `Date` header, for example `Sun, 30 Aug 2015 12:36:00 GMT`.
    pub fn from_http_date(text: &str) -> Result<Self, InvalidTimestamp> {
        let moment = OffsetDateTime::parse(text, &Rfc2822).map_err(|_| InvalidTimestamp(text.to_owned()))?;
        Self::from_unix_seconds(moment.unix_timestamp()).map_err(|_| InvalidTimestamp(text.to_owned()))
    }

    /// `YYYYMMDDTHHMMSSZ`, as signatures write it.
    pub fn to_basic(self) -> String {
        self.to_string().replace(['-', ':'], "")
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn unix_seconds(self) -> i64 {
        self.0.unix_timestamp()
    }

    /// Whole seconds from `earlier` to this moment; negative when this one came first.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.unix_seconds() - earlier.unix_seconds()
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let moment = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| InvalidTimestamp(text.to_owned()))?;
        Self::from_unix_seconds(moment.unix_timestamp()).map_err(|_| InvalidTimestamp(text.to_owned()))
    }
}

impl fmt::Display for Timestamp {
    /// Always `YYYY-MM-DDTHH:MM:SSZ`: the Rust SDK parses nothing else (facts/aws.md 7).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Writing can't fail: the constructors keep the year within four digits.
        f.write_str(&self.0.format(&Rfc3339).map_err(|_| fmt::Error)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_aws_writes_comes_back_unchanged() {
        let text = "2026-11-22T14:30:05Z";
        assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), text);
    }

    #[test]
    fn offsets_and_fractions_become_whole_seconds_of_utc() {
        let moment = "2026-11-22T15:30:05.9+01:00".parse::<Timestamp>().unwrap();
        assert_eq!(moment.to_string(), "2026-11-22T14:30:05Z");
    }

    #[test]
    fn the_forms_of_signatures_and_headers_are_the_same_moment() {
        let moment: Timestamp = "2015-08-30T12:36:00Z".parse().unwrap();
        assert_eq!(moment.to_basic(), "20150830T123600Z");
        assert_eq!(Timestamp::from_basic("20150830T123600Z"), Ok(moment));
        assert_eq!(Timestamp::from_http_date("Sun, 30 Aug 2015 12:36:00 GMT"), Ok(moment));
    }

    #[test]
    fn other_forms_are_not_the_time_of_a_signature() {
        for text in [
            "",
            "2015-08-30T12:36:00Z",
            "20150830T123600",
            "20150830T123600ZZ",
            "20150830 123600Z",
            "20151330T123600Z",
            "2015+830T123600Z",
            "2015083éT12360Z",
        ] {
            assert!(Timestamp::from_basic(text).is_err(), "{text}");
        }
        assert!(Timestamp::from_http_date("20150830T123600Z").is_err());
    }

    #[test]
    fn between_two_moments_are_seconds_with_a_sign() {
        let [earlier, later] = [100, 160].map(|seconds| Timestamp::from_unix_seconds(seconds).unwrap());
        assert_eq!(
            (later.unix_seconds(), later.seconds_since(earlier), earlier.seconds_since(later)),
            (160, 60, -60)
        );
    }

    #[test]
    fn moments_outside_of_four_digit_years_are_refused() {
        for seconds in [i64::MIN, -99_999_999_999, 253_402_300_800, i64::MAX] {
            assert!(Timestamp::from_unix_seconds(seconds).is_err(), "{seconds}");
        }
        assert!("tomorrow".parse::<Timestamp>().is_err());
    }
}
