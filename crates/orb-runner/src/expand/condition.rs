//! Whether a `when` or `unless` step applies.
//!
//! Separate because this is CircleCI's language of conditions; references are replaced before it is evaluated.

use regex_lite::Regex;

use super::ExpandError;
use crate::yaml::{Map, Value};

/// Whether a condition holds. Empty text, zero, false and null do not; everything else does.
pub(super) fn holds(condition: &Value) -> Result<bool, ExpandError> {
    match condition {
        Value::Null => Ok(false),
        Value::Boolean(value) => Ok(*value),
        Value::Integer(value) => Ok(*value != 0),
        Value::Decimal(text) => Ok(text.chars().any(|c| ('1'..='9').contains(&c))),
        Value::Text(text) => Ok(!text.is_empty()),
        Value::List(_) => Ok(true),
        Value::Map(map) => statement(map),
    }
}

fn statement(map: &Map) -> Result<bool, ExpandError> {
    let mut operators = map.iter();
    let (Some((operator, operand)), None) = (operators.next(), operators.next()) else {
        return Err(ExpandError::Condition { problem: "needs exactly one of and, or, not, equal, matches" });
    };
    match operator.as_str() {
        "and" => operands(operand)?.iter().try_fold(true, |all, each| Ok(holds(each)? && all)),
        "or" => operands(operand)?.iter().try_fold(false, |any, each| Ok(holds(each)? || any)),
        "not" => holds(operand).map(|value| !value),
        "equal" => Ok(operands(operand)?.windows(2).all(|pair| pair.first() == pair.last())),
        "matches" => matches(operand),
        _ => Err(ExpandError::Condition { problem: "needs exactly one of and, or, not, equal, matches" }),
    }
}

fn operands(operand: &Value) -> Result<&[Value], ExpandError> {
    operand
        .as_list()
        .filter(|list| !list.is_empty())
        .ok_or(ExpandError::Condition { problem: "has an operator without a list of operands" })
}

fn matches(operand: &Value) -> Result<bool, ExpandError> {
    let text = |key| operand.at(&[key]).and_then(Value::as_text);
    let (Some(pattern), Some(value)) = (text("pattern"), text("value")) else {
        return Err(ExpandError::Condition {
            problem: "has `matches` without a `pattern` and a `value` of text",
        });
    };
    // CircleCI's patterns are Java's and match the whole value. Syntax that only Java has does not compile here.
    Regex::new(&format!("^(?:{pattern})$"))
        .map(|regex| regex.is_match(value))
        .map_err(|_| ExpandError::Condition { problem: "has a pattern that is not a regular expression" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{BareWords, parse};

    fn outcome(condition: &str) -> Result<bool, String> {
        holds(&parse(condition, BareWords::AreBooleans).unwrap()).map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn conditions_hold_by_the_table() {
        let table = [
            ("true", true),
            ("off", false),
            ("''", false),
            ("'false'", true),
            ("0", false),
            ("0.0", false),
            ("7", true),
            ("~", false),
            ("{and: [true, a]}", true),
            ("{and: [true, '']}", false),
            ("{or: ['', 0]}", false),
            ("{or: ['', 1]}", true),
            ("{not: ''}", true),
            ("{not: {equal: [a, a]}}", false),
            ("{equal: [a, a, a]}", true),
            ("{equal: [1, '1']}", false),
            ("{matches: {pattern: 'v[0-9]+', value: v12}}", true),
            ("{matches: {pattern: 'v[0-9]+', value: v12-rc}}", false),
            ("{matches: {pattern: 'a|b', value: bc}}", false),
        ];
        for (condition, expected) in table {
            assert_eq!(outcome(condition), Ok(expected), "{condition}");
        }
    }

    #[test]
    fn a_condition_without_meaning_is_refused() {
        for condition in ["{}", "{and: []}", "{xor: [a]}", "{and: [a], or: [a]}", "{matches: a}", "{or: a}"] {
            assert!(outcome(condition).is_err(), "{condition}");
        }
        let broken = outcome("{matches: {pattern: '(', value: a}}");
        assert_eq!(broken, Err("a condition has a pattern that is not a regular expression".to_owned()));
    }
}
