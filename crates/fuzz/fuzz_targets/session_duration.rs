//! Session durations: a second parser, one character at a time, agrees on every text.

#![no_main]

use aws::SessionDuration;
use fuzz::is_printable;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let expected = read(text).filter(|seconds| (900..=43_200).contains(seconds));
    match text.parse::<SessionDuration>() {
        Ok(duration) => assert_eq!(Some(u64::from(duration.seconds())), expected, "{text:?}"),
        Err(error) => {
            assert_eq!(expected, None, "{text:?} was refused: {error}");
            assert!(is_printable(&error.to_string()), "{error:?} breaks its line");
        }
    }
});

/// Seconds alone, or numbers with units that get smaller; no number has more than nine digits.
fn read(text: &str) -> Option<u64> {
    let mut total = 0;
    let mut number: Option<u64> = None;
    let mut digits = 0;
    let mut last_unit = u64::MAX;
    for character in text.chars() {
        let unit = match character {
            '0'..='9' if digits < 9 => {
                number = Some(number.unwrap_or(0) * 10 + u64::from(u32::from(character) - u32::from('0')));
                digits += 1;
                continue;
            }
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        if unit >= last_unit {
            return None;
        }
        total += number.take()? * unit;
        (digits, last_unit) = (0, unit);
    }
    match number {
        Some(_) if last_unit != u64::MAX => None,
        None if last_unit == u64::MAX => None,
        rest => Some(total + rest.unwrap_or(0)),
    }
}
