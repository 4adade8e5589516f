//! Wildcard matching with a bounded cost: a pattern comes from a file and a value from a token, and together they
//! must not keep the evaluator busy.

use std::collections::HashMap;

/// Whether `value` has the form of `pattern`: `*` is any run of characters, `?` one UTF-16 unit.
///
/// `*` also matches `/`, `:` and line breaks. Policy variables are not expanded.
pub fn matches(pattern: &str, value: &str) -> bool {
    let mut compiled = Pattern::default();
    compiled.push_wildcards(pattern);
    compiled.matches(value)
}

/// A pattern in UTF-16 units, some of them wildcards.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Pattern(Vec<Token>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    /// This unit and no other.
    Unit(u16),
    /// One unit.
    One,
    /// Any number of units.
    Run,
}

/// The parts of an ARN, separated by its first five colons.
const ARN_PARTS: usize = 6;
const COLON: u16 = b':' as u16;

impl Pattern {
    /// Appends literal text.
    pub(crate) fn push_literal(&mut self, text: &str) {
        self.0.extend(text.encode_utf16().map(Token::Unit));
    }

    /// Appends text whose `*` and `?` are wildcards.
    pub(crate) fn push_wildcards(&mut self, text: &str) {
        const RUN: u16 = b'*' as u16;
        const ONE: u16 = b'?' as u16;
        self.0.extend(text.encode_utf16().map(|unit| match unit {
            RUN => Token::Run,
            ONE => Token::One,
            unit => Token::Unit(unit),
        }));
    }

    /// Appends a part that matches anything.
    pub(crate) fn push_anything(&mut self) {
        self.0.push(Token::Run);
    }

    /// Whether all of `value` has this form.
    pub(crate) fn matches(&self, value: &str) -> bool {
        matches_units(&self.0, &value.encode_utf16().collect::<Vec<_>>())
    }

    /// Whether each part of the ARN `value` has the form of the pattern's part. Only in the last part does a
    /// wildcard match a colon. `None` if the pattern or the value is not an ARN.
    pub(crate) fn matches_arn(&self, value: &str) -> Option<bool> {
        let value: Vec<u16> = value.encode_utf16().collect();
        let patterns: Vec<_> = self.0.splitn(ARN_PARTS, |token| *token == Token::Unit(COLON)).collect();
        let values: Vec<_> = value.splitn(ARN_PARTS, |unit| *unit == COLON).collect();
        let are_arns = patterns.len() == ARN_PARTS && values.len() == ARN_PARTS;
        are_arns.then(|| patterns.iter().zip(&values).all(|(pattern, value)| matches_units(pattern, value)))
    }
}

/// The pieces before the first run and after the last one have fixed positions. Each piece between two runs is
/// matched as early as possible, which leaves the most text to the pieces after it.
fn matches_units(pattern: &[Token], value: &[u16]) -> bool {
    let pieces: Vec<&[Token]> = pattern.split(|token| *token == Token::Run).collect();
    let [first, between @ .., last] = &pieces[..] else { return fits(pattern, value) };
    let Some((start, rest)) = value.split_at_checked(first.len()) else { return false };
    let Some(end) = rest.len().checked_sub(last.len()) else { return false };
    let (mut middle, tail) = rest.split_at(end);
    fits(first, start)
        && fits(last, tail)
        && between.iter().filter(|piece| !piece.is_empty()).all(|piece| match end_of_first(piece, middle) {
            Some(end) => {
                middle = middle.get(end..).unwrap_or_default();
                true
            }
            None => false,
        })
}

/// Unit by unit, without runs.
fn fits(piece: &[Token], value: &[u16]) -> bool {
    piece.len() == value.len() && piece.iter().zip(value).all(|(token, unit)| is_met(*token, *unit))
}

fn is_met(token: Token, unit: u16) -> bool {
    token == Token::One || token == Token::Unit(unit)
}

/// Where the first part of `value` that fits `piece` ends. Bit `n` of the state says that the units read last
/// fit the first `n + 1` tokens (the Shift-And method), so that a value unit costs one operation for 64 tokens
/// whatever the piece repeats.
fn end_of_first(piece: &[Token], value: &[u16]) -> Option<usize> {
    let words = piece.len().div_ceil(WORD);
    let at = |place: usize| (place / WORD, 1u64 << (place % WORD));
    let mut anywhere = vec![0u64; words];
    let mut places: HashMap<u16, Vec<u64>> = HashMap::new();
    for (place, token) in piece.iter().enumerate() {
        let (word, bit) = at(place);
        let mask = match token {
            Token::Unit(unit) => places.entry(*unit).or_insert_with(|| vec![0; words]),
            Token::One | Token::Run => &mut anywhere,
        };
        if let Some(mask) = mask.get_mut(word) {
            *mask |= bit;
        }
    }
    for mask in places.values_mut() {
        mask.iter_mut().zip(&anywhere).for_each(|(mask, any)| *mask |= any);
    }
    let (last_word, last_bit) = at(piece.len().checked_sub(1)?);
    let mut state = vec![0u64; words];
    value
        .iter()
        .position(|unit| {
            let mut carried = 1;
            for (state, mask) in state.iter_mut().zip(places.get(unit).unwrap_or(&anywhere)) {
                let next = (*state << 1) | carried;
                carried = *state >> (WORD - 1);
                *state = next & mask;
            }
            state.get(last_word).is_some_and(|word| word & last_bit != 0)
        })
        .map(|end| end + 1)
}

const WORD: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_aws_documents() {
        let cases = [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("**", "a", true),
            ("?", "", false),
            ("a", "A", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("a*c", "ac", true),
            ("a*c", "a/b:\nc", true),
            ("a*a", "a", false),
            ("*ab", "aab", true),
            ("*ab*ab", "ab", false),
            ("a*b*c", "a-c-b-c", true),
            ("a*b*c", "a-b-d", false),
            ("*?b*", "ab", true),
            ("*?b*", "b", false),
            ("*aab*b", "aaabb", true),
            ("org/1/project/2/user/*", "org/1/project/2/user/3/vcs-origin/x", true),
            ("org/1/project/2/user/*", "org/1/project/22/user/3", false),
            ("é?", "éé", true),
            // A character outside the basic plane is two units.
            ("?", "😀", false),
            ("??", "😀", true),
        ];
        for (pattern, value, expected) in cases {
            assert_eq!(matches(pattern, value), expected, "`{pattern}` on `{value}`");
        }
    }

    #[test]
    fn pieces_longer_than_a_word_are_found() {
        for length in [63, 64, 65, 127, 128, 129, 1000] {
            let piece = "a".repeat(length);
            let value = format!("b{piece}b");
            assert!(matches(&format!("*{piece}*"), &value), "{length}");
            assert!(matches(&format!("*b{piece}b*"), &value), "{length}");
            assert!(matches(&format!("*b{}b*", "?".repeat(length)), &value), "{length}");
            assert!(!matches(&format!("*{piece}a*"), &value), "{length}");
        }
    }

    #[test]
    fn a_wildcard_stays_in_its_part_of_an_arn() {
        let arn = "arn:aws:iam::123456789012:role/a:b";
        let cases = [
            ("arn:aws:iam::123456789012:role/a:b", Some(true)),
            ("arn:*:iam::*:role/*", Some(true)),
            ("arn:aws:iam::1234567890??:role/a?b", Some(true)),
            ("arn:*:role/a:b", None),
            ("*", None),
            ("arn:aws:*:*:role/a:b", Some(false)),
            ("arn:aws:iam:*:*:*", Some(true)),
            ("arn:aws:iam:*:role/a:b", Some(false)),
            ("arn:aws:iam::123456789012:role/b*", Some(false)),
        ];
        for (pattern, expected) in cases {
            let mut compiled = Pattern::default();
            compiled.push_wildcards(pattern);
            assert_eq!(compiled.matches_arn(arn), expected, "`{pattern}`");
            assert_eq!(compiled.matches_arn("no arn"), None, "`{pattern}`");
        }
    }
}
