//! Timestamps: what is read is written in the one form that every AWS client reads, and means the same.

#![no_main]

use aws::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(moment) = text.parse().ok().and_then(|seconds| Timestamp::from_unix_seconds(seconds).ok()) {
        check(moment);
        assert_eq!(Ok(moment.unix_seconds()), text.parse());
    }
    let Ok(moment) = text.parse::<Timestamp>() else { return };
    check(moment);
    if let Some(seconds) = seconds_of(text) {
        assert_eq!(moment.unix_seconds(), seconds, "{text}");
    }
});

fn check(moment: Timestamp) {
    let text = moment.to_string();
    assert_eq!(text.parse(), Ok(moment), "{text} reads as another moment");
    assert_eq!(seconds_of(&text), Some(moment.unix_seconds()), "{text}");
    assert_eq!(Timestamp::from_unix_seconds(moment.unix_seconds()), Ok(moment));
    assert_eq!(moment.seconds_since(Timestamp::EPOCH), moment.unix_seconds());
}

/// By the calendar's own rules, for texts of exactly `YYYY-MM-DDTHH:MM:SSZ`.
fn seconds_of(text: &str) -> Option<i64> {
    let is_shaped = text.len() == 20
        && text.bytes().zip(b"0000-00-00T00:00:00Z").all(|(byte, &shape)| match shape {
            b'0' => byte.is_ascii_digit(),
            other => byte == other,
        });
    let field = |at: std::ops::Range<usize>| text.get(at)?.parse::<i64>().ok();
    let seconds = field(17..19).filter(|seconds| is_shaped && *seconds < 60)?;
    let (year, month) = (field(0..4)?, field(5..7)?);
    let days_of = |year: i64, month: i64| match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    // Leap years before this one, counted from year 0, which is one itself.
    let leap_years = (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400;
    let days: i64 = (1..month).map(|earlier| days_of(year, earlier)).sum::<i64>() + field(8..10)? - 1;
    // 719528 days lie between 0000-01-01 and 1970-01-01.
    let days = year * 365 + leap_years + days - 719_528;
    Some(((days * 24 + field(11..13)?) * 60 + field(14..16)?) * 60 + seconds)
}
