//! The three-valued result of a condition, a statement or a part of one. Its rules ensure that something unknown
//! never allows a caller.

use serde::Serialize;

/// Whether something holds for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MatchResult {
    /// It holds.
    Met,
    /// It does not hold.
    NotMet,
    /// It depends on something that is not known offline.
    Unknown,
}

impl MatchResult {
    /// Met or not.
    pub(crate) fn of(holds: bool) -> Self {
        if holds { Self::Met } else { Self::NotMet }
    }

    /// Both: `NotMet` decides, also against `Unknown`.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::NotMet, _) | (_, Self::NotMet) => Self::NotMet,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Met, Self::Met) => Self::Met,
        }
    }

    /// At least one: `Met` decides, also against `Unknown`.
    pub(crate) fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    /// The opposite; that of `Unknown` is `Unknown`.
    pub(crate) fn not(self) -> Self {
        match self {
            Self::Met => Self::NotMet,
            Self::NotMet => Self::Met,
            Self::Unknown => Self::Unknown,
        }
    }

    /// All; `Met` for an empty list.
    pub(crate) fn all(outcomes: impl IntoIterator<Item = Self>) -> Self {
        outcomes.into_iter().fold(Self::Met, Self::and)
    }

    /// At least one; `NotMet` for an empty list.
    pub(crate) fn any(outcomes: impl IntoIterator<Item = Self>) -> Self {
        outcomes.into_iter().fold(Self::NotMet, Self::or)
    }
}

#[cfg(test)]
mod tests {
    use super::MatchResult::{self, Met, NotMet, Unknown};

    #[test]
    fn the_unknown_decides_only_where_nothing_else_does() {
        let cases = [
            (Met, Met, Met, Met),
            (Met, NotMet, NotMet, Met),
            (NotMet, NotMet, NotMet, NotMet),
            (Unknown, Met, Unknown, Met),
            (Unknown, NotMet, NotMet, Unknown),
            (Unknown, Unknown, Unknown, Unknown),
        ];
        for (one, other, both, either) in cases {
            for pair in [[one, other], [other, one]] {
                assert_eq!(MatchResult::all(pair), both, "all of {pair:?}");
                assert_eq!(MatchResult::any(pair), either, "any of {pair:?}");
            }
        }
    }
}
