//! Dates, as the Date operators compare them: the forms of ISO 8601 in the W3C note, or seconds since 1970.

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{match_result::MatchResult, operator::Relation};

/// Whether `found` is in `relation` to `expected`. AWS does not document what a text
/// that is not a date is compared to.
pub(super) fn compare(relation: Relation, expected: &str, found: &str) -> MatchResult {
    match (parse(expected), parse(found)) {
        (Some(expected), Some(found)) => MatchResult::of(relation.holds(found.cmp(&expected))),
        _ => MatchResult::Unknown,
    }
}

/// In whole seconds, as IAM compares. A fraction of a second isn't read, because AWS does not document how IAM
/// rounds it; nor are four digits, which may be a year or a number of seconds.
fn parse(text: &str) -> Option<i64> {
    let is_number = text.strip_prefix('-').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit());
    if is_number {
        return if text.len() == YEAR { None } else { text.parse().ok() };
    }
    let full = match (text.len(), text.split_once('T')) {
        (MONTH, None) => format!("{text}-01T00:00:00Z"),
        (DAY, None) => format!("{text}T00:00:00Z"),
        (_, Some((day, time))) => {
            let zone = time.find(['Z', '+', '-'])?;
            let (time, zone) = time.split_at_checked(zone)?;
            let seconds = if time.len() == MINUTE { ":00" } else { "" };
            format!("{day}T{time}{seconds}{zone}")
        }
        _ => return None,
    };
    let date = OffsetDateTime::parse(&full, &Rfc3339).ok()?;
    (date.nanosecond() == 0).then(|| date.unix_timestamp())
}

const YEAR: usize = "2026".len();
const MONTH: usize = "2026-01".len();
const DAY: usize = "2026-01-31".len();
const MINUTE: usize = "23:59".len();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_a_date_are_read() {
        let cases = [
            ("2026-11-22T17:40:40Z", Some(1_795_369_240)),
            ("2026-11-22T18:40:40+01:00", Some(1_795_369_240)),
            ("2026-11-22T17:40Z", Some(1_795_369_200)),
            ("2026-11-22T12:10-05:30", Some(1_795_369_200)),
            ("2026-11-22", Some(1_795_305_600)),
            ("2026-11", Some(1_793_491_200)),
            ("1795369240", Some(1_795_369_240)),
            ("0", Some(0)),
            ("-1", Some(-1)),
            ("2026", None),
            ("2026-11-22T17:40:40.5Z", None),
            ("2026-11-22T17:40:40", None),
            ("2026-13-01", None),
            ("2026-11-*", None),
            ("tomorrow", None),
            ("", None),
            ("99999999999999999999", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
