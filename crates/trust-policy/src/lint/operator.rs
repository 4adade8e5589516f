//! Condition operators as the rules need them: whether one limits or excludes values, how it compares, and whether it
//! holds for an absent claim.

use crate::operator;

/// A condition's operator, as far as the rules distinguish operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Operator {
    pub(super) comparison: Comparison,
    /// `StringNotEquals`, `StringNotLike`…: met by everything except the values.
    pub(super) negated: bool,
    /// `…IfExists`.
    pub(super) if_exists: bool,
    /// `ForAllValues:`.
    pub(super) for_all: bool,
}

/// How an operator compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    /// Character by character.
    Equal,
    /// Without regard to case.
    EqualIgnoringCase,
    /// With `*` and `?`.
    Like,
    /// `Null`: whether the key is present.
    Presence,
    /// Numbers, dates, ARNs, addresses and unknown operators: none of them limits a subject.
    Other,
}

impl Operator {
    pub(super) fn parse(name: &str) -> Self {
        let unknown =
            Self { comparison: Comparison::Other, negated: false, if_exists: false, for_all: false };
        match operator::Operator::parse(name) {
            None => unknown,
            Some(operator::Operator::Null) => Self { comparison: Comparison::Presence, ..unknown },
            Some(operator::Operator::Compare(test)) => Self {
                comparison: match test.comparison {
                    operator::Comparison::Text => Comparison::Equal,
                    operator::Comparison::TextIgnoringCase => Comparison::EqualIgnoringCase,
                    operator::Comparison::Wildcards => Comparison::Like,
                    _ => Comparison::Other,
                },
                negated: test.negated,
                if_exists: test.if_exists,
                for_all: test.quantity == Some(operator::Quantity::All),
            },
        }
    }

    /// Whether it allows only its values.
    pub(super) fn limits(self) -> bool {
        self.is_textual() && !self.negated
    }

    /// Whether it excludes its values.
    pub(super) fn excludes(self) -> bool {
        self.is_textual() && self.negated
    }

    /// Whether a request without the key meets it, whatever the values.
    pub(super) fn holds_when_absent(self) -> bool {
        self.comparison != Comparison::Presence && (self.negated || self.if_exists || self.for_all)
    }

    fn is_textual(self) -> bool {
        !matches!(self.comparison, Comparison::Presence | Comparison::Other)
    }
}
