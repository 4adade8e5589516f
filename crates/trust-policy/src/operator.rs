//! Parses the names of condition operators: what is compared and how, whether it is negated, for how many values of
//! a key, and what an absent key means. Separate from `condition`, which applies them.

/// A condition's operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    /// Tests whether the key is present.
    Null,
    /// Compares the key's value.
    Compare(Test),
}

/// How a present key is compared, and what an absent key means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Test {
    pub(crate) comparison: Comparison,
    /// None of the policy's values may match.
    pub(crate) negated: bool,
    pub(crate) quantity: Option<Quantity>,
    /// An absent key counts as a match.
    pub(crate) if_exists: bool,
}

/// How a value of the policy is compared with one of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Text,
    TextIgnoringCase,
    Wildcards,
    Arn,
    Number(Relation),
    Date(Relation),
    Flag,
    Bytes,
    Address,
}

/// The relation of the request's value to the policy's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// How many of the request's values must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantity {
    All,
    Any,
}

impl Operator {
    /// `None` for an unknown operator. The guide writes each name in one case, so a name in another case is unknown.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        if name == "Null" {
            return Some(Self::Null);
        }
        let (quantity, name) = match name.split_once(':') {
            Some(("ForAllValues", name)) => (Some(Quantity::All), name),
            Some(("ForAnyValue", name)) => (Some(Quantity::Any), name),
            _ => (None, name),
        };
        let (name, if_exists) = match name.strip_suffix("IfExists") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let (comparison, negated) = comparison(name)?;
        Some(Self::Compare(Test { comparison, negated, quantity, if_exists }))
    }
}

impl Relation {
    /// Whether a request's value with this ordering to the policy's is in the relation.
    pub(crate) fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

fn comparison(name: &str) -> Option<(Comparison, bool)> {
    Some(match name {
        "StringEquals" => (Comparison::Text, false),
        "StringNotEquals" => (Comparison::Text, true),
        "StringEqualsIgnoreCase" => (Comparison::TextIgnoringCase, false),
        "StringNotEqualsIgnoreCase" => (Comparison::TextIgnoringCase, true),
        "StringLike" => (Comparison::Wildcards, false),
        "StringNotLike" => (Comparison::Wildcards, true),
        // The guide: both kinds of ARN operators behave identically.
        "ArnEquals" | "ArnLike" => (Comparison::Arn, false),
        "ArnNotEquals" | "ArnNotLike" => (Comparison::Arn, true),
        "Bool" => (Comparison::Flag, false),
        "BinaryEquals" => (Comparison::Bytes, false),
        "IpAddress" => (Comparison::Address, false),
        "NotIpAddress" => (Comparison::Address, true),
        _ => {
            let (kind, relation): (fn(Relation) -> Comparison, _) = match name.strip_prefix("Numeric") {
                Some(relation) => (Comparison::Number, relation),
                None => (Comparison::Date, name.strip_prefix("Date")?),
            };
            let (relation, negated) = match relation {
                "Equals" => (Relation::Equal, false),
                "NotEquals" => (Relation::Equal, true),
                "LessThan" => (Relation::Less, false),
                "LessThanEquals" => (Relation::LessOrEqual, false),
                "GreaterThan" => (Relation::Greater, false),
                "GreaterThanEquals" => (Relation::GreaterOrEqual, false),
                _ => return None,
            };
            (kind(relation), negated)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_of_the_guide_is_known_with_its_affixes() {
        let names = [
            "StringEquals StringNotEquals StringEqualsIgnoreCase StringNotEqualsIgnoreCase StringLike StringNotLike",
            "NumericEquals NumericNotEquals NumericLessThan NumericLessThanEquals NumericGreaterThan",
            "NumericGreaterThanEquals DateEquals DateNotEquals DateLessThan DateLessThanEquals DateGreaterThan",
            "DateGreaterThanEquals Bool BinaryEquals IpAddress NotIpAddress ArnEquals ArnLike ArnNotEquals ArnNotLike",
        ];
        for name in names.join(" ").split(' ') {
            for name in [name.to_owned(), format!("{name}IfExists"), format!("ForAnyValue:{name}")] {
                assert!(Operator::parse(&name).is_some(), "{name}");
                assert!(Operator::parse(&name.to_lowercase()).is_none(), "{name}");
            }
            let Some(Operator::Compare(test)) = Operator::parse(name) else { panic!("{name}") };
            assert_eq!(test.negated, name.contains("Not"), "{name}");
        }
    }

    #[test]
    fn what_only_looks_like_an_operator_is_none() {
        for name in
            ["", "IfExists", "NullIfExists", "ForAnyValue:Null", "ForEachValue:Bool", "Date", "BoolNotEquals"]
        {
            assert_eq!(Operator::parse(name), None, "{name}");
        }
    }
}
