//! Evaluates one condition for one request: an operator, a key and its values → met, not met, or unknown. Separate
//! from `evaluate`, which combines the results. The rules are those of the IAM User Guide.

mod address;
mod date;
mod number;
mod text;
pub(crate) mod variables;

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    document::PolicyVariables,
    key_value::{Lookup, is_current_time},
    match_result::MatchResult,
    operator::{Comparison, Operator, Quantity, Test},
    request::Request,
};

/// Evaluates `operator` on `key`.
pub(crate) fn evaluate(
    operator: &str,
    key: &str,
    values: &[String],
    request: &Request<'_>,
    variables: PolicyVariables,
) -> MatchResult {
    let found = request.find(key);
    match Operator::parse(operator) {
        None => MatchResult::Unknown,
        Some(Operator::Null) => null(values, found),
        Some(Operator::Compare(test)) => Evaluation { test, key, values, request, variables }.result(found),
    }
}

/// `true` requires that the key is absent, `false` that it is present.
fn null(values: &[String], found: Lookup<'_>) -> MatchResult {
    let is_absent = match found {
        Lookup::Absent | Lookup::List([]) => true,
        Lookup::Present(_) | Lookup::List(_) => false,
        Lookup::Unknown => return MatchResult::Unknown,
    };
    let required: Option<Vec<bool>> = values.iter().map(|value| value.to_lowercase().parse().ok()).collect();
    required.map_or(MatchResult::Unknown, |required| MatchResult::of(required.contains(&is_absent)))
}

/// A comparison with everything that it needs.
struct Evaluation<'a> {
    test: Test,
    key: &'a str,
    values: &'a [String],
    request: &'a Request<'a>,
    variables: PolicyVariables,
}

impl Evaluation<'_> {
    fn result(&self, found: Lookup<'_>) -> MatchResult {
        match (found, self.test.quantity) {
            // An empty list of values matches nothing, not even negated. For `ForAllValues` see `absent` and
            // `passes`.
            (_, None | Some(Quantity::Any)) if self.values.is_empty() => MatchResult::NotMet,
            (Lookup::Unknown, _) => MatchResult::Unknown,
            (Lookup::Absent | Lookup::List([]), quantity) => self.absent(quantity),
            (Lookup::Present(found), None | Some(Quantity::Any)) => self.passes(found),
            (Lookup::Present(found), Some(Quantity::All)) => match (self.passes(found), found) {
                // The guide: `ForAllValues` holds for "a null data set, such as an empty string".
                (MatchResult::NotMet, "") => MatchResult::Unknown,
                (outcome, _) => outcome,
            },
            // A plain operator does not match a key with many values. For a negated one AWS documents nothing.
            (Lookup::List(_), None) if self.test.negated => MatchResult::Unknown,
            (Lookup::List(_), None) => MatchResult::NotMet,
            (Lookup::List(found), Some(Quantity::Any)) => {
                MatchResult::any(found.iter().map(|found| self.passes(found)))
            }
            (Lookup::List(found), Some(Quantity::All)) => {
                MatchResult::all(found.iter().map(|found| self.passes(found)))
            }
        }
    }

    fn absent(&self, quantity: Option<Quantity>) -> MatchResult {
        match quantity {
            None => MatchResult::of(self.test.negated || self.test.if_exists),
            Some(Quantity::All) => MatchResult::Met,
            // The guide's rules for the prefix and for the suffix contradict each other here.
            Some(Quantity::Any) if self.test.if_exists => MatchResult::Unknown,
            Some(Quantity::Any) => MatchResult::NotMet,
        }
    }

    /// Whether one value of the request passes: one of the policy's values matches it, or, with a negated operator,
    /// none does. An empty list of values matches nothing, not even negated.
    fn passes(&self, found: &str) -> MatchResult {
        if self.values.is_empty() {
            return MatchResult::NotMet;
        }
        let matched = MatchResult::any(self.values.iter().map(|value| self.compare(value, found)));
        if self.test.negated { matched.not() } else { matched }
    }

    fn compare(&self, expected: &str, found: &str) -> MatchResult {
        match self.test.comparison {
            Comparison::Text | Comparison::TextIgnoringCase | Comparison::Wildcards
                if is_current_time(self.key) =>
            {
                MatchResult::Unknown
            }
            Comparison::Text
            | Comparison::TextIgnoringCase
            | Comparison::Wildcards
            | Comparison::Arn
            | Comparison::Flag => {
                let expanded = variables::expand(expected, self.request, self.variables);
                text::compare(self.test.comparison, expanded, found)
            }
            Comparison::Number(relation) => number::compare(relation, expected, found),
            Comparison::Date(relation) => date::compare(relation, expected, found),
            Comparison::Bytes => bytes(expected, found),
            Comparison::Address => address::compare(expected, found),
        }
    }
}

/// The guide compares base64 with base64. No key of a web identity has bytes as its value, so whether IAM encodes a
/// text first is not known.
fn bytes(expected: &str, found: &str) -> MatchResult {
    match STANDARD.decode(expected) {
        _ if expected == found => MatchResult::Met,
        Ok(decoded) if decoded == found.as_bytes() => MatchResult::Unknown,
        _ => MatchResult::NotMet,
    }
}
