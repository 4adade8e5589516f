//! Condition operators by what a rule asks of them: does it keep anybody out, what does it take for the same,
//! and does it hold when the claim isn't there.

use crate::operator;

/// A condition's operator, as far as rules tell operators apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Operator {
    pub(super) comparison: Comparison,
    /// `StringNotLike` and its like: met by everything but the values.
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
    /// `Null`: is the key there.
    Presence,
    /// Numbers, dates, ARNs, addresses and what IAM may come to know: nothing that a subject is limited with.
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

    /// Whether it lets in only what its values name.
    pub(super) fn limits(self) -> bool {
        self.is_textual() && !self.negated
    }

    /// Whether it keeps out what its values name.
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
