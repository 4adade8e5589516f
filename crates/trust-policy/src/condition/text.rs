//! Texts: equal, alike, ARNs and truth values, the operators whose values can hold variables. Apart from the
//! operators on numbers, dates and addresses, which read both sides first.

use super::variables::{Expanded, Piece};
use crate::{operator::Comparison, outcome::Outcome, pattern::Pattern};

/// Whether the policy's value matches `found`.
pub(super) fn compare(comparison: Comparison, expected: Expanded<'_>, found: &str) -> Outcome {
    let pieces = match expected {
        Expanded::Pieces(pieces) => pieces,
        Expanded::NoValue => return Outcome::NotMet,
        Expanded::Unknown => return Outcome::Unknown,
    };
    if comparison == Comparison::Flag {
        return flag(&pieces, found);
    }
    let has_wildcards = matches!(comparison, Comparison::Wildcards | Comparison::Arn);
    // Whether IAM takes a wildcard in the request's own value for one isn't written anywhere.
    let is_open = |piece: &Piece<'_>| match piece {
        Piece::Unknown => true,
        Piece::Found(value) => has_wildcards && value.contains(['*', '?']),
        Piece::Written(_) | Piece::Literal(_) => false,
    };
    let lower = |text: &str| match comparison {
        Comparison::TextIgnoringCase => text.to_lowercase(),
        _ => text.to_owned(),
    };
    let mut pattern = Pattern::default();
    for piece in &pieces {
        match piece {
            piece if is_open(piece) => pattern.push_anything(),
            Piece::Written(text) if has_wildcards => pattern.push_wildcards(text),
            Piece::Written(text) | Piece::Literal(text) | Piece::Found(text) => {
                pattern.push_literal(&lower(text));
            }
            Piece::Unknown => {}
        }
    }
    let found = lower(found);
    if pieces.iter().any(is_open) {
        // With anything in the place of what isn't known: if even that doesn't match, nothing does.
        return if pattern.matches(&found) { Outcome::Unknown } else { Outcome::NotMet };
    }
    match comparison {
        Comparison::Arn => pattern.matches_arn(&found).map_or(Outcome::Unknown, Outcome::of),
        _ => Outcome::of(pattern.matches(&found)),
    }
}

/// Only `true`, in any case, is true.
fn flag(pieces: &[Piece<'_>], found: &str) -> Outcome {
    let mut expected = String::new();
    for piece in pieces {
        match piece {
            Piece::Written(text) | Piece::Literal(text) | Piece::Found(text) => expected.push_str(text),
            Piece::Unknown => return Outcome::Unknown,
        }
    }
    let is_true = |text: &str| text.eq_ignore_ascii_case("true");
    Outcome::of(is_true(&expected) == is_true(found))
}
