//! A length of time as a user writes it: `3600`, `45m`, `1h30m`.

/// The seconds in a bare number, or in hours, minutes and seconds with their units, largest first.
pub fn seconds_from(text: &str) -> Option<u64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return number(text);
    }
    let mut rest = text;
    let mut total = 0_u64;
    for (unit, factor) in [('h', 3600), ('m', 60), ('s', 1)] {
        if let Some((count, after)) = rest.split_once(unit) {
            total = total.checked_add(number(count)?.checked_mul(factor)?)?;
            rest = after;
        }
    }
    rest.is_empty().then_some(total)
}

/// Digits only: `parse` alone would take a sign.
fn number(text: &str) -> Option<u64> {
    let digits = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_stand_largest_first_and_once() {
        for (text, seconds) in
            [("10", Some(10)), ("2m", Some(120)), ("1h1m1s", Some(3661)), ("1m1h", None), ("1s1s", None)]
        {
            assert_eq!(seconds_from(text), seconds, "{text}");
        }
    }

    #[test]
    fn a_text_without_a_number_is_not_a_length_of_time() {
        assert_eq!(seconds_from(""), None);
        assert_eq!(seconds_from("m"), None);
    }

    #[test]
    fn a_number_has_at_most_nine_digits() {
        assert_eq!([seconds_from("999999999"), seconds_from("1000000000")], [Some(999_999_999), None]);
    }
}
