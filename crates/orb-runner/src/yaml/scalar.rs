//! The value of a scalar without quotes.
//!
//! Separate because YAML 1.1 (CircleCI's compiler), YAML 1.2 and the two packers read some words differently, and every
//! such difference is decided here.

use super::Value;

/// How to read a word that one reader reads as a boolean or a number and another one as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BareWords {
    /// Read `yes`, `no`, `on` and `off` as YAML 1.1 does: as booleans.
    AreBooleans,
    /// Refuse them, and numbers in unusual forms: the author has to add quotes.
    AreRefused,
}

/// The value of a plain scalar, or `None` where `bare_words` refuses it.
pub(super) fn resolve(text: &str, bare_words: BareWords) -> Option<Value> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Value::Null),
        "true" | "True" | "TRUE" => return Some(Value::Boolean(true)),
        "false" | "False" | "FALSE" => return Some(Value::Boolean(false)),
        _ => {}
    }
    if let Some(value) = old_boolean(text) {
        return (bare_words == BareWords::AreBooleans).then_some(Value::Boolean(value));
    }
    if let Some(number) = number(text) {
        return Some(number);
    }
    (bare_words == BareWords::AreBooleans || !resembles_a_number(text)).then(|| Value::Text(text.to_owned()))
}

/// The booleans that only YAML 1.1 has. CircleCI does not read `y` and `n` as booleans.
fn old_boolean(text: &str) -> Option<bool> {
    match text {
        "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
        "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

/// A number in the only form that all readers read as the same number.
fn number(text: &str) -> Option<Value> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) || (whole.len() > 1 && whole.starts_with('0')) {
        return None;
    }
    if digits.contains('.') {
        return Some(Value::Decimal(text.to_owned()));
    }
    text.parse().ok().map(Value::Integer)
}

/// Whether some YAML reader reads this as a number or a date: `0900`, `0x1f`, `1e3`, `1_000`, `2026-01-31`, `12:30`.
fn resembles_a_number(text: &str) -> bool {
    let unsigned = text.trim_start_matches(['+', '-', '.']);
    unsigned.starts_with(|first: char| first.is_ascii_digit())
        && unsigned.chars().all(|c| c.is_ascii_hexdigit() || "xXoO_:.+-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_resolve_by_the_table() {
        let text = |text: &str| Some(Value::Text(text.to_owned()));
        let decimal = |text: &str| Some(Value::Decimal(text.to_owned()));
        let table = [
            ("", Some(Value::Null), Some(Value::Null)),
            ("~", Some(Value::Null), Some(Value::Null)),
            ("true", Some(Value::Boolean(true)), Some(Value::Boolean(true))),
            ("yes", Some(Value::Boolean(true)), None),
            ("Off", Some(Value::Boolean(false)), None),
            ("y", text("y"), text("y")),
            ("tRUE", text("tRUE"), text("tRUE")),
            ("3600", Some(Value::Integer(3600)), Some(Value::Integer(3600))),
            ("-7", Some(Value::Integer(-7)), Some(Value::Integer(-7))),
            ("2.1", decimal("2.1"), decimal("2.1")),
            ("0900", text("0900"), None),
            ("1e3", text("1e3"), None),
            ("2026-01-31", text("2026-01-31"), None),
            ("12:30", text("12:30"), None),
            ("10m", text("10m"), text("10m")),
            ("on_success", text("on_success"), text("on_success")),
        ];
        for (input, lenient, strict) in table {
            assert_eq!(resolve(input, BareWords::AreBooleans), lenient, "{input:?}, as CircleCI reads it");
            assert_eq!(resolve(input, BareWords::AreRefused), strict, "{input:?}, in an orb's source");
        }
    }
}
