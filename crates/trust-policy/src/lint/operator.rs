//! Condition operators by what a rule asks of them: does it keep anybody out, what does it take for the same,
//! and does it hold when the claim isn't there.

/// A condition's operator, taken apart.
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
        let (for_all, name) = match name.split_once(':') {
            Some((quantity, name)) => (quantity == "ForAllValues", name),
            None => (false, name),
        };
        let (name, if_exists) = match name.strip_suffix("IfExists") {
            Some(base) => (base, true),
            None => (name, false),
        };
        let (comparison, negated) = match name {
            "StringEquals" => (Comparison::Equal, false),
            "StringNotEquals" => (Comparison::Equal, true),
            "StringEqualsIgnoreCase" => (Comparison::EqualIgnoringCase, false),
            "StringNotEqualsIgnoreCase" => (Comparison::EqualIgnoringCase, true),
            "StringLike" => (Comparison::Like, false),
            "StringNotLike" => (Comparison::Like, true),
            "Null" => (Comparison::Presence, false),
            other => (Comparison::Other, other.contains("Not")),
        };
        Self { comparison, negated, if_exists, for_all }
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
