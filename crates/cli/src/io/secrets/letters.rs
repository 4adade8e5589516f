//! A text as its letters: escapes undone, each with its place in the text. Quoting, escaping, a change of case and
//! separators make no other letters, so one comparison covers all forms of a secret.

use std::ops::Range;

use zeroize::Zeroizing;

/// The letters of a text. They may be those of a secret, so there is no `Debug`.
pub(super) struct Letters(Vec<Letter>);

/// One character, with the bytes of the text that it comes from.
pub(super) struct Letter {
    pub(super) character: char,
    bytes: Range<usize>,
}

/// The letters of a secret that count, as [`Letters::counting`] has them.
pub(super) fn counting_of(secret: &str) -> Zeroizing<Vec<u8>> {
    let bytes = secret.as_bytes();
    if !bytes.contains(&b'%') && !bytes.contains(&b'\\') {
        let mut counting = Zeroizing::new(bytes.to_ascii_lowercase());
        counting.retain(u8::is_ascii_alphanumeric);
        return counting;
    }
    let mut counting = Zeroizing::new(Vec::with_capacity(secret.len()));
    for_each(secret, |character, _| counting.extend(counts(character)));
    counting
}

/// The letter in lower case, if it counts in a comparison: other characters are quotes and separators as often as parts
/// of a secret.
fn counts(character: char) -> Option<u8> {
    u8::try_from(character).ok().filter(u8::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase())
}

/// Each character, with its bytes in the text. Undoes the escapes of URLs, of Rust, of JSON and of shells.
fn for_each(text: &str, mut take: impl FnMut(char, Range<usize>)) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let escape = if matches!(first, '%' | '\\') { unescaped(rest) } else { None };
        let (character, length) = escape.unwrap_or((first, first.len_utf8()));
        let start = text.len() - rest.len();
        take(character, start..start + length);
        rest = rest.get(length..).unwrap_or_default();
    }
}

impl Letters {
    /// Those of the text.
    pub(super) fn of(text: &str) -> Self {
        let mut letters = Vec::with_capacity(text.len());
        for_each(text, |character, bytes| letters.push(Letter { character, bytes }));
        Self(letters)
    }

    pub(super) fn all(&self) -> &[Letter] {
        &self.0
    }

    /// The letters that count, in lower case, and the index of each among all.
    pub(super) fn counting(&self) -> (Vec<u8>, Vec<usize>) {
        let counting = self.0.iter().enumerate();
        counting.filter_map(|(at, letter)| Some((counts(letter.character)?, at))).unzip()
    }

    /// A part of the text, without escapes.
    pub(super) fn part(&self, range: Range<usize>) -> Zeroizing<String> {
        Zeroizing::new(self.0.get(range).unwrap_or_default().iter().map(|letter| letter.character).collect())
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
