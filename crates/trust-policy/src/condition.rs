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
    let found = keys.find(key);
    match (operator, found) {
        (_, Lookup::Unknown) => Outcome::Unknown,
        (Operator::Null, Lookup::Absent | Lookup::List([])) => null(values, true),
        (Operator::Null, Lookup::Present(_) | Lookup::List(_)) => null(values, false),
        (Operator::Text { .. }, _) if variables && values.iter().any(|value| value.contains("${")) => {
            Outcome::Unknown
        }
        (Operator::Text { test, quantity: None, .. }, Lookup::Present(found)) => {
            met(test.holds(values, found))
        }
        (Operator::Text { test, quantity: None, if_exists }, Lookup::Absent) => {
            met(!values.is_empty() && (test.negated || if_exists))
        }
        // A key of many values is out of a plain operator's reach.
        (Operator::Text { quantity: None, .. }, Lookup::List(_)) => Outcome::NotMet,
        (Operator::Text { test, quantity: Some(quantity), if_exists }, Lookup::List(found)) => {
            met(quantity.holds(found, |found| test.holds(values, found)) || (if_exists && found.is_empty()))
        }
        (Operator::Text { quantity: Some(_), .. }, Lookup::Present(_) | Lookup::Absent) => Outcome::Unknown,
    }
}

#[derive(Debug, Clone, Copy)]
enum Operator {
    Text { test: Test, quantity: Option<Quantity>, if_exists: bool },
    Null,
}

/// What is asked of one value of the request.
#[derive(Debug, Clone, Copy)]
struct Test {
    comparison: Comparison,
    negated: bool,
}

#[derive(Debug, Clone, Copy)]
enum Comparison {
    Equal,
    EqualIgnoringCase,
    Like,
}

/// How many values of a list must stand the test.
#[derive(Debug, Clone, Copy)]
enum Quantity {
    All,
    Any,
}

impl Operator {
    fn parse(name: &str) -> Option<Self> {
        if name == "Null" {
            return Some(Self::Null);
        }
        let (quantity, name) = match name.split_once(':') {
            Some(("ForAllValues", name)) => (Some(Quantity::All), name),
            Some(("ForAnyValue", name)) => (Some(Quantity::Any), name),
            _ => (None, name),
        };
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
        Some(Self::Text { test: Test { comparison, negated }, quantity, if_exists })
    }
}

impl Test {
    /// One of the values, or with a negated operator none of them. An empty list matches nothing, not even
    /// negated.
    fn holds(self, values: &[String], found: &str) -> bool {
        !values.is_empty() && values.iter().any(|value| self.comparison.holds(value, found)) != self.negated
    }
}

impl Quantity {
    /// Of no value at all, all stand the test and none does.
    fn holds(self, found: &[String], test: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::All => found.iter().all(|found| test(found)),
            Self::Any => found.iter().any(|found| test(found)),
        }
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
fn null(values: &[String], is_absent: bool) -> Outcome {
    let wants_absence: Option<Vec<bool>> =
        values.iter().map(|value| value.to_lowercase().parse().ok()).collect();
    match wants_absence {
        Some(wishes) => met(wishes.contains(&is_absent)),
        None => Outcome::Unknown,
    }
}

fn met(holds: bool) -> Outcome {
    if holds { Outcome::Met } else { Outcome::NotMet }
}

#[cfg(test)]
mod tests {
    use super::{Outcome::*, *};
    use crate::keys::{Claims, RoleParameters};

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
            ("ForAllValues:StringEquals", "i:email", &["x"], Unknown, "multivalued: a claim is one value"),
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

    #[test]
    fn operators_on_the_keys_of_tags_follow_the_iam_user_guide() {
        type Texts = &'static [&'static str];
        let judged = |operator: &str, values: &[&str], tags: &[&str]| {
            let tags: Vec<_> = tags.iter().map(|&key| (key.to_owned(), String::new())).collect();
            let keys = ConditionKeys::from_role_parameters(&RoleParameters {
                session_name: "ci",
                external_id: None,
                source_identity: None,
                tags: &tags,
            });
            let values: Vec<String> = values.iter().map(|&value| value.to_owned()).collect();
            judge(operator, "aws:TagKeys", &values, &keys, true)
        };
        let cases: [(&str, Texts, Texts, Outcome, &str); 16] = [
            ("ForAllValues:StringEquals", &["a", "b"], &["a"], Met, "each is among the values"),
            ("ForAllValues:StringEquals", &["a", "b"], &["a", "c"], NotMet, "each is among the values"),
            ("ForAllValues:StringEquals", &["a"], &["A"], NotMet, "string: case-sensitive"),
            ("ForAllValues:StringEquals", &["a"], &[], Met, "true when absent"),
            ("ForAllValues:StringEquals", &[], &[], Met, "an empty list on no value"),
            ("ForAllValues:StringEquals", &[], &["a"], NotMet, "an empty list matches nothing"),
            ("ForAllValues:StringNotLike", &["x*"], &["a", "xa"], NotMet, "negated: none may match"),
            ("ForAnyValue:StringEquals", &["a"], &["a", "c"], Met, "one is among the values"),
            ("ForAnyValue:StringEquals", &["a"], &["c"], NotMet, "one is among the values"),
            ("ForAnyValue:StringEquals", &["a"], &[], NotMet, "false when absent"),
            ("ForAnyValue:StringEqualsIfExists", &["a"], &[], Met, "IfExists: true when absent"),
            ("ForAnyValue:StringNotEquals", &["a"], &["a", "c"], Met, "negated: one may stand out"),
            ("ForEachValue:StringEquals", &["a"], &["a"], Unknown, "no qualifier"),
            ("StringEquals", &["a"], &["a"], NotMet, "a plain operator never matches many"),
            ("Null", &["true"], &[], Met, "Null: true asks for absence"),
            ("Null", &["false"], &["a"], Met, "Null: false asks for presence"),
        ];
        for (operator, values, tags, expected, section) in cases {
            assert_eq!(judged(operator, values, tags), expected, "{operator} {values:?} {tags:?}: {section}");
        }
    }
}
