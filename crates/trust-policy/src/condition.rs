//! One condition against one request: an operator, a key and its values → met, not met, or unknown.
//! Apart from `evaluate`, which combines them. The rules are those of the IAM User Guide.

use crate::{
    keys::{ConditionKeys, Lookup},
    pattern,
};

/// How a condition came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Met,
    NotMet,
    /// An operator, qualifier, variable or key that this evaluator can't judge.
    Unknown,
}

/// Judges `operator` on `key`. With `variables`, a `${…}` in a value makes the outcome unknown.
pub(crate) fn judge(
    operator: &str,
    key: &str,
    values: &[String],
    keys: &ConditionKeys,
    variables: bool,
) -> Outcome {
    let Some(operator) = Operator::parse(operator) else { return Outcome::Unknown };
    let found = match keys.find(key) {
        Lookup::Present(value) => Some(value),
        Lookup::Absent => None,
        Lookup::Unknown => return Outcome::Unknown,
    };
    match operator {
        Operator::Null => null(values, found),
        Operator::Text { .. } if variables && values.iter().any(|value| value.contains("${")) => {
            Outcome::Unknown
        }
        Operator::Text { comparison, negated, if_exists } => match found {
            // An empty list matches nothing, not even negated.
            _ if values.is_empty() => Outcome::NotMet,
            None => met(negated || if_exists),
            Some(found) => met(values.iter().any(|value| comparison.holds(value, found)) != negated),
        },
    }
}

#[derive(Debug, Clone, Copy)]
enum Operator {
    Text { comparison: Comparison, negated: bool, if_exists: bool },
    Null,
}

#[derive(Debug, Clone, Copy)]
enum Comparison {
    Equal,
    EqualIgnoringCase,
    Like,
}

impl Operator {
    fn parse(name: &str) -> Option<Self> {
        if name == "Null" {
            return Some(Self::Null);
        }
        let (base, if_exists) = match name.strip_suffix("IfExists") {
            Some(base) => (base, true),
            None => (name, false),
        };
        let (comparison, negated) = match base {
            "StringEquals" => (Comparison::Equal, false),
            "StringNotEquals" => (Comparison::Equal, true),
            "StringEqualsIgnoreCase" => (Comparison::EqualIgnoringCase, false),
            "StringNotEqualsIgnoreCase" => (Comparison::EqualIgnoringCase, true),
            "StringLike" => (Comparison::Like, false),
            "StringNotLike" => (Comparison::Like, true),
            _ => return None,
        };
        Some(Self::Text { comparison, negated, if_exists })
    }
}

impl Comparison {
    fn holds(self, expected: &str, found: &str) -> bool {
        match self {
            Self::Equal => expected == found,
            Self::EqualIgnoringCase => expected.to_lowercase() == found.to_lowercase(),
            Self::Like => pattern::matches(expected, found),
        }
    }
}

/// `true` asks for absence, `false` for presence.
fn null(values: &[String], found: Option<&str>) -> Outcome {
    let wants_absence: Option<Vec<bool>> =
        values.iter().map(|value| value.to_lowercase().parse().ok()).collect();
    match wants_absence {
        Some(wishes) => met(wishes.contains(&found.is_none())),
        None => Outcome::Unknown,
    }
}

fn met(holds: bool) -> Outcome {
    if holds { Outcome::Met } else { Outcome::NotMet }
}

#[cfg(test)]
mod tests {
    use super::{Outcome::*, *};
    use crate::keys::Claims;

    fn outcome(operator: &str, key: &str, values: &[&str]) -> Outcome {
        let keys = ConditionKeys::from_claims(&Claims {
            issuer: "https://i",
            audience: "Aud",
            authorized_party: None,
            subject: "org/O/project/P",
            project_id: None,
        });
        let values: Vec<String> = values.iter().map(|&value| value.to_owned()).collect();
        judge(operator, key, &values, &keys, true)
    }

    #[test]
    fn operators_follow_the_iam_user_guide() {
        // The last column is the section of the guide's "condition operators" and "multivalued context keys".
        let cases: [(&str, &str, &[&str], Outcome, &str); 29] = [
            ("StringEquals", "i:aud", &["Aud"], Met, "string: exact, case-sensitive"),
            ("StringEquals", "i:aud", &["aud"], NotMet, "string: exact, case-sensitive"),
            ("StringEquals", "I:AUD", &["Aud"], Met, "condition: key names ignore case"),
            ("StringEquals", "i:aud", &["x", "Aud"], Met, "multiple values: one must match"),
            ("StringEquals", "i:sub", &["org/*"], NotMet, "string: no wildcards in StringEquals"),
            ("StringEquals", "i:email", &["x"], NotMet, "absent key: positive is false"),
            ("StringEquals", "i:aud", &[], NotMet, "multiple values: an empty list matches nothing"),
            ("StringNotEquals", "i:aud", &["x"], Met, "string: negated"),
            ("StringNotEquals", "i:aud", &["x", "Aud"], NotMet, "multiple values: none may match"),
            ("StringNotEquals", "i:email", &["x"], Met, "absent key: negated is true"),
            ("StringNotEquals", "i:aud", &[], NotMet, "multiple values: an empty list matches nothing"),
            ("StringEqualsIgnoreCase", "i:aud", &["aUD"], Met, "string: ignoring case"),
            ("StringNotEqualsIgnoreCase", "i:aud", &["aUD"], NotMet, "string: negated, ignoring case"),
            ("StringLike", "i:sub", &["org/*/P"], Met, "string: wildcards"),
            ("StringLike", "i:sub", &["ORG/*"], NotMet, "string: case-sensitive"),
            ("StringNotLike", "i:sub", &["org/*"], NotMet, "string: negated wildcards"),
            ("StringNotLike", "i:email", &["*"], Met, "absent key: negated is true"),
            ("StringEqualsIfExists", "i:email", &["x"], Met, "IfExists: true when absent"),
            ("StringEqualsIfExists", "i:aud", &["x"], NotMet, "IfExists: as usual when present"),
            ("StringNotLikeIfExists", "i:sub", &["org/*"], NotMet, "IfExists: as usual when present"),
            ("Null", "i:email", &["true"], Met, "Null: true asks for absence"),
            ("Null", "i:aud", &["TRUE"], NotMet, "Null: true asks for absence"),
            ("Null", "i:aud", &["false"], Met, "Null: false asks for presence"),
            ("Null", "i:aud", &["yes"], Unknown, "Null: no boolean"),
            ("NullIfExists", "i:aud", &["false"], Unknown, "IfExists: not on Null"),
            ("ForAllValues:StringEquals", "i:email", &["x"], Unknown, "multivalued: not judged"),
            ("NumericEquals", "i:aud", &["1"], Unknown, "numeric: not judged"),
            ("StringEquals", "aws:SourceIp", &["x"], Unknown, "global keys: not judged"),
            ("StringLike", "i:sub", &["org/${aws:userid}"], Unknown, "policy variables: not judged"),
        ];
        for (operator, key, values, expected, section) in cases {
            assert_eq!(outcome(operator, key, values), expected, "{operator} {key} {values:?}: {section}");
        }
    }

    #[test]
    fn without_variables_a_dollar_is_a_character() {
        let keys = ConditionKeys::from_claims(&Claims {
            issuer: "i",
            audience: "${a}",
            authorized_party: None,
            subject: "",
            project_id: None,
        });
        assert_eq!(judge("StringEquals", "i:aud", &["${a}".to_owned()], &keys, false), Met);
    }
}
