//! The server's clock and AWS's formats of a time. Separate, so that every check takes the time as a value and can be
//! tested at any time.

use std::time::{SystemTime, UNIX_EPOCH};

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

/// Seconds since 1970.
pub fn unix_time_now() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "the development server's own clock")]
    let now = SystemTime::now();
    now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// `2026-01-31T12:00:00Z`, as responses spell an expiration.
pub(crate) fn rfc3339(seconds: i64) -> String {
    let (date, time) = parts(seconds);
    format!("{}-{:02}-{:02}T{time}Z", date.year(), u8::from(date.month()), date.day())
}

/// `20260131T120000Z`, as signatures spell a time.
pub(crate) fn compact(seconds: i64) -> String {
    let (date, time) = parts(seconds);
    format!("{}{:02}{:02}T{}Z", date.year(), u8::from(date.month()), date.day(), time.replace(':', ""))
}

/// `Sat, 31 Jan 2026 12:00:00 GMT`, as a header spells it.
pub(crate) fn http_date(seconds: i64) -> String {
    let (date, time) = parts(seconds);
    let (weekday, month) = (date.weekday().to_string(), date.month().to_string());
    format!("{weekday:.3}, {:02} {month:.3} {} {time} GMT", date.day(), date.year())
}

/// Reads what [`compact`] writes.
pub(crate) fn parse_compact(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    if date.len() != 8 || time.len() != 6 || !text.is_ascii() {
        return None;
    }
    let digits = |text: &str, from: usize, to: usize| text.get(from..to)?.parse::<u8>().ok();
    let month = Month::try_from(digits(date, 4, 6)?).ok()?;
    let day = Date::from_calendar_date(date.get(..4)?.parse().ok()?, month, digits(date, 6, 8)?).ok()?;
    let moment = Time::from_hms(digits(time, 0, 2)?, digits(time, 2, 4)?, digits(time, 4, 6)?).ok()?;
    Some(PrimitiveDateTime::new(day, moment).assume_utc().unix_timestamp())
}

fn parts(seconds: i64) -> (Date, String) {
    let moment = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    (moment.date(), format!("{:02}:{:02}:{:02}", moment.hour(), moment.minute(), moment.second()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_both_forms() {
        assert_eq!(rfc3339(1_440_938_160), "2015-08-30T12:36:00Z");
        assert_eq!(compact(1_440_938_160), "20150830T123600Z");
        assert_eq!(parse_compact("20150830T123600Z"), Some(1_440_938_160));
    }

    #[test]
    fn other_forms_are_no_time() {
        for text in ["", "2015-08-30T12:36:00Z", "20150830T123600", "20151330T123600Z", "20150830T126100Z"] {
            assert_eq!(parse_compact(text), None, "{text}");
        }
    }
}
