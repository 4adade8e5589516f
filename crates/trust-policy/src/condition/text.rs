//! Texts: equal, alike, ARNs and truth values, the operators whose values can hold variables. Apart from the
//! operators on numbers, dates and addresses, which read both sides first.

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
        // A wildcard in the request's own value is the one thing that could make it match.
        return if has_wildcards { MatchResult::Unknown } else { MatchResult::NotMet };
    }
    // Whether IAM takes a wildcard in the request's own value for one isn't written anywhere.
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
        // With anything in the place of what isn't known: if even that doesn't match, nothing does.
        return if pattern.matches(&found) { MatchResult::Unknown } else { MatchResult::NotMet };
    }
    match comparison {
        Comparison::Arn => pattern.matches_arn(&found).map_or(MatchResult::Unknown, MatchResult::of),
        _ => MatchResult::of(pattern.matches(&found)),
    }
}

/// Whether what the variables stand for is longer than `found`, in any case and any encoding, and so long that
/// nothing is to be built of it: a policy can name a variable a thousand times.
fn is_longer(pieces: &[Piece<'_>], found: &str) -> bool {
    const SHORT_ENOUGH: usize = 64 * 1024;
    const LARGEST_GROWTH: usize = 8;
    let fixed = pieces.iter().map(|piece| match piece {
        Piece::Literal(text) | Piece::FromRequest(text) => text.len(),
        Piece::Written(_) | Piece::Unknown => 0,
    });
    fixed.sum::<usize>() > found.len().saturating_mul(LARGEST_GROWTH).saturating_add(SHORT_ENOUGH)
}

/// Only `true`, in any case, is true.
fn flag(pieces: &[Piece<'_>], found: &str) -> MatchResult {
    if pieces.contains(&Piece::Unknown) {
        return MatchResult::Unknown;
    }
    let texts = pieces.iter().map(|piece| match piece {
        Piece::Written(text) | Piece::Literal(text) | Piece::FromRequest(text) => *text,
        Piece::Unknown => "",
    });
    let expected: String = texts.flat_map(str::chars).take(TRUE.len() + 1).collect();
    let is_true = |text: &str| text.eq_ignore_ascii_case(TRUE);
    MatchResult::of(is_true(&expected) == is_true(found))
}

const TRUE: &str = "true";
