//! Where a statement or a condition is inside its line. JSON, YAML and HCL give extents with their values. In a text
//! inside them, a key is looked for, and marked if it is there once.

use trust_policy::lint::{HOLE, PolicyLocation, printable};

use crate::read::Source;

/// A part of one line of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Counted from 1.
    pub line: usize,
    /// The column of its first character, counted from 1, in Unicode code points.
    pub column: usize,
    /// The column behind its last character on this line.
    pub end: usize,
}

impl Source {
    /// Where a location of the policy with this index is; `None` if its line is not in `text`, which is the file's.
    pub fn span_of(&self, index: usize, location: &PolicyLocation, text: &str) -> Option<Span> {
        let position = self.policies.get(index)?.position_of(location);
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let row = text.lines().nth(position.first.checked_sub(1)?)?;
        let (start, end) = if let Some(extent) = position.extent() {
            inside(row, text, extent)?
        } else {
            let key = location.condition.as_ref().and_then(|(_, key)| only_key(row, key));
            let whole = self.policies.get(index)?.position;
            let whole = whole.extent().filter(|_| whole.first == position.first);
            key.or_else(|| inside(row, text, whole?)).unwrap_or_else(|| {
                let end = row.trim_end().trim_end_matches(',').len();
                (row.len() - row.trim_start().len(), end)
            })
        };
        let column = |offset: usize| row.get(..offset).map_or(1, |before| before.chars().count() + 1);
        (start < end).then(|| Span { line: position.first, column: column(start), end: column(end) })
    }
}

/// The part of an extent that is in the row where it starts.
fn inside(row: &str, text: &str, (start, end): (usize, usize)) -> Option<(usize, usize)> {
    let before = text.get(..start)?.rsplit('\n').next()?.len();
    let length = end.checked_sub(start)?.min(row.len().checked_sub(before)?);
    let part = row.get(before..before + length)?.trim_end_matches([' ', '\t', '\r', ',']);
    Some((before, before + part.len()))
}

/// From the key to the end of the row, if the key stands there once.
fn only_key(row: &str, key: &str) -> Option<(usize, usize)> {
    let mut keys = keys(row, key);
    let start = keys.next().filter(|_| keys.next().is_none())?;
    Some((start, row.trim_end().trim_end_matches(',').len()))
}

/// Where this key begins in the row, each time: at its quote if it has one.
fn keys<'a>(row: &'a str, key: &'a str) -> impl Iterator<Item = usize> + 'a {
    // A part that is not literal is written in another way than it is shown.
    let literal = !key.is_empty() && !key.contains([HOLE, '…']);
    let found = row.match_indices(key).filter(move |_| literal);
    found.filter_map(|(at, _)| {
        let before = row.get(..at)?;
        let after = row.get(at + key.len()..)?;
        let quote = before.chars().next_back().filter(|sign| ['"', '\''].contains(sign));
        let is_start =
            quote.is_some() || before.chars().next_back().is_none_or(|sign| " \t{,".contains(sign));
        let after = quote.map_or(Some(after), |quote| after.strip_prefix(quote))?;
        let is_key = is_start && after.trim_start().starts_with([':', '=']);
        is_key.then_some(at - quote.map_or(0, char::len_utf8))
    })
}

/// The row as a report shows it, at most `widest` characters around a span, and the marks under the span.
pub fn excerpt(row: &str, span: Span, widest: usize) -> (String, String) {
    let signs: Vec<char> = printable(&row.replace('\t', " ")).chars().collect();
    let (first, last) = (span.column.saturating_sub(1), span.end.saturating_sub(1).min(signs.len()));
    let is_long = signs.len() > widest;
    let from = if is_long { first.saturating_sub(widest / 4).min(signs.len() - widest) } else { 0 };
    let to = signs.len().min(from + widest);
    let mut shown: String = signs.get(from..to).unwrap_or_default().iter().collect();
    let mut shift = 0;
    if from > 0 {
        shown.insert(0, '…');
        shift = 1;
    }
    if to < signs.len() {
        shown.push('…');
    }
    let marks = last.min(to).saturating_sub(first).max(1);
    (shown.trim_end().to_owned(), " ".repeat(first - from.min(first) + shift) + &"^".repeat(marks))
}

#[cfg(test)]
#[path = "span_tests.rs"]
mod tests;
