//! A text as its letters: escapes undone, each with its place in the text. Quoting, escaping, a change of case and
//! separators make no other letters, so one comparison covers all forms of a secret.

use std::ops::Range;

/// The letters of a text. They may be those of a secret, so there is no `Debug`.
pub(super) struct Letters(Vec<Letter>);

/// One character, with the bytes of the text that it comes from.
#[derive(Clone)]
pub(super) struct Letter {
    pub(super) character: char,
    bytes: Range<usize>,
}

impl Letter {
    /// Whether it counts in a comparison: other characters are quotes and separators as often as parts of a secret.
    fn counts(&self) -> bool {
        self.character.is_ascii_alphanumeric()
    }
}

impl Letters {
    /// Undoes the escapes of URLs, of Rust, of JSON and of shells.
    pub(super) fn of(text: &str) -> Self {
        let mut letters = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let (character, length) = unescaped(rest).unwrap_or((first, first.len_utf8()));
            let start = text.len() - rest.len();
            letters.push(Letter { character, bytes: start..start + length });
            rest = rest.get(start + length - (text.len() - rest.len())..).unwrap_or_default();
        }
        Self(letters)
    }

    pub(super) fn all(&self) -> &[Letter] {
        &self.0
    }

    /// A part of them.
    pub(super) fn part(&self, range: Range<usize>) -> Self {
        Self(self.0.get(range).unwrap_or_default().to_vec())
    }

    /// The letters that count, in lower case, each with its index among all.
    pub(super) fn counting(&self) -> Vec<(u8, usize)> {
        let counting = self.0.iter().enumerate().filter(|(_, letter)| letter.counts());
        let byte = |character: char| u8::try_from(character).unwrap_or_default().to_ascii_lowercase();
        counting.map(|(at, letter)| (byte(letter.character), at)).collect()
    }

    /// The bytes of each run of letters that the mask marks.
    pub(super) fn ranges(&self, mask: &[bool]) -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for (letter, _) in self.0.iter().zip(mask).filter(|(_, is_marked)| **is_marked) {
            match ranges.last_mut() {
                Some(last) if last.end == letter.bytes.start => last.end = letter.bytes.end,
                _ => ranges.push(letter.bytes.clone()),
            }
        }
        ranges
    }
}

/// The character of an escape at the start of the text, and the escape's length.
fn unescaped(text: &str) -> Option<(char, usize)> {
    if let Some(after) = text.strip_prefix('%') {
        return Some((hex(after.get(..2)?)?, 3));
    }
    let after = text.strip_prefix('\\')?;
    match after.chars().next()? {
        'u' if after[1..].starts_with('{') => {
            let digits = after[2..].split_once('}').filter(|(digits, _)| digits.len() <= 6)?.0;
            Some((hex(digits)?, digits.len() + 4))
        }
        'u' => Some((hex(after.get(1..5)?)?, 6)),
        'x' => Some((hex(after.get(1..3)?)?, 4)),
        'n' => Some(('\n', 2)),
        'r' => Some(('\r', 2)),
        't' => Some(('\t', 2)),
        _ => None,
    }
}

fn hex(digits: &str) -> Option<char> {
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| is_hex).and_then(char::from_u32)
}
