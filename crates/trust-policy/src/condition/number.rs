//! Numbers, as the Numeric operators compare them: an integer or a decimal fraction of any length, compared digit
//! by digit, because different numbers may have the same binary fraction.

use std::cmp::Ordering;

use crate::{match_result::MatchResult, operator::Relation};

/// Whether `found` is in `relation` to `expected`. AWS does not document what a text
/// that is not a number is compared to.
pub(super) fn compare(relation: Relation, expected: &str, found: &str) -> MatchResult {
    match (Decimal::parse(expected), Decimal::parse(found)) {
        (Some(expected), Some(found)) => MatchResult::of(relation.holds(found.order(&expected))),
        _ => MatchResult::Unknown,
    }
}

/// A number without leading and trailing zeros.
#[derive(Debug, PartialEq, Eq)]
struct Decimal<'a> {
    is_negative: bool,
    whole: &'a str,
    fraction: &'a str,
}

impl<'a> Decimal<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (is_negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (digits, ""),
        };
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !is_number(whole) || !is_number(fraction) {
            return None;
        }
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        let is_zero = whole.is_empty() && fraction.is_empty();
        Some(Self { is_negative: is_negative && !is_zero, whole, fraction })
    }

    fn order(&self, other: &Self) -> Ordering {
        // Without leading zeros the longer whole part is the larger; fractions compare as texts do.
        let size = |number: &Self| (number.whole.len(), number.whole, number.fraction);
        match (self.is_negative, other.is_negative) {
            (false, false) => size(self).cmp(&size(other)),
            (true, true) => size(other).cmp(&size(self)),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ordered_by_value() {
        let ascending =
            ["-10", "-9.5", "-9.05", "-1", "0", "0.09", "0.1", "0.11", "1", "9", "10", "10.5", "100"];
        for (low_at, low) in ascending.iter().enumerate() {
            for (high_at, high) in ascending.iter().enumerate() {
                let order = Decimal::parse(low).unwrap().order(&Decimal::parse(high).unwrap());
                assert_eq!(order, low_at.cmp(&high_at), "{low} and {high}");
            }
        }
    }

    #[test]
    fn zeros_that_do_not_count_change_nothing() {
        for (one, other) in [("1", "01"), ("1", "1.0"), ("-0", "0"), ("0.50", "000.5")] {
            assert_eq!(Decimal::parse(one), Decimal::parse(other), "{one} and {other}");
        }
    }

    #[test]
    fn large_numbers_keep_their_last_digit() {
        assert_eq!(compare(Relation::Equal, "9007199254740993", "9007199254740992"), MatchResult::NotMet);
    }

    #[test]
    fn what_is_not_a_number_has_no_known_relation() {
        for text in ["", "x", "1x", "1.", ".5", "1e3", "+1", " 1", "0x10", "1.2.3", "--1", "NaN", "inf"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
        assert_eq!(compare(Relation::Equal, "x", "x"), MatchResult::Unknown);
        assert_eq!(compare(Relation::Equal, "1000", "1e3"), MatchResult::Unknown);
    }
}
