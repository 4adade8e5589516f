//! Compares texts, patterns, ARNs and booleans: the operators whose values may contain policy variables. Separate
//! from the operators on numbers, dates and addresses, which parse both sides first.

use super::variables::{Expanded, Piece};
use crate::{match_result::MatchResult, operator::Comparison, pattern::Pattern};

/// Whether the policy's value matches `found`.
pub(super) fn compare(comparison: Comparison, expected: Expanded<'_>, found: &str) -> MatchResult {
    let pieces = match expected {
        Expanded::Pieces(pieces) => pieces,
        Expanded::NoValue => return MatchResult::NotMet,
        Expanded::Unknown => return MatchResult::Unknown,
    };
    if comparison == Comparison::Flag {
        return flag(&pieces, found);
    }
    let has_wildcards = matches!(comparison, Comparison::Wildcards | Comparison::Arn);
    if is_longer(&pieces, found) {
        // It could match only by a wildcard in the request's own value.
        return if has_wildcards { MatchResult::Unknown } else { MatchResult::NotMet };
    }
    // AWS does not document whether a wildcard in the request's own value is one.
    let is_open = |piece: &Piece<'_>| match piece {
        Piece::Unknown => true,
        Piece::FromRequest(value) => has_wildcards && value.contains(['*', '?']),
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
            Piece::Written(text) | Piece::Literal(text) | Piece::FromRequest(text) => {
                pattern.push_literal(&lower(text));
            }
            Piece::Unknown => {}
        }
    }
    let found = lower(found);
    if pieces.iter().any(is_open) {
        // The unknown pieces match anything here: if the pattern does not match even so, it cannot match.
        return if pattern.matches(&found) { MatchResult::Unknown } else { MatchResult::NotMet };
    }
    match comparison {
        Comparison::Arn => pattern.matches_arn(&found).map_or(MatchResult::Unknown, MatchResult::of),
        _ => MatchResult::of(pattern.matches(&found)),
    }
}

/// Whether the values of the variables are longer than `found` in any case and encoding, and too long to build a
/// pattern from: a policy can name a variable a thousand times.
fn is_longer(pieces: &[Piece<'_>], found: &str) -> bool {
    const SHORT_ENOUGH: usize = 64 * 1024;
    const LARGEST_GROWTH: usize = 8;
    let fixed = pieces.iter().map(|piece| match piece {
        Piece::Literal(text) | Piece::FromRequest(text) => text.len(),
        Piece::Written(_) | Piece::Unknown => 0,
    });
    fixed.sum::<usize>() > found.len().saturating_mul(LARGEST_GROWTH).saturating_add(SHORT_ENOUGH)
}

/// `true` and `false`, in upper or lower case; what any other text is, AWS does not document.
fn flag(pieces: &[Piece<'_>], found: &str) -> MatchResult {
    let texts = pieces.iter().map(|piece| match piece {
        Piece::Written(text) | Piece::Literal(text) | Piece::FromRequest(text) => Some(*text),
        Piece::Unknown => None,
    });
    let Some(expected) = texts.collect::<Option<Vec<_>>>() else { return MatchResult::Unknown };
    let expected: String = expected.into_iter().flat_map(str::chars).take(LONGEST_FLAG + 1).collect();
    let read = |text: &str| text.to_ascii_lowercase().parse::<bool>().ok();
    match (read(&expected), read(found)) {
        (Some(expected), Some(found)) => MatchResult::of(expected == found),
        _ => MatchResult::Unknown,
    }
}

const LONGEST_FLAG: usize = "false".len();
