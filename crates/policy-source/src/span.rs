//! Where a statement or a condition is inside its line. The readers give lines; this file finds the key in the text of
//! the line, and where its value ends.

use serde::de::IgnoredAny;
use trust_policy::lint::{HOLE, PolicyLocation, printable};

use crate::{policy_text::PolicyText, read::Source};

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
    /// Where a location of the policy with this index is. `text` is the file's.
    pub fn span_of(&self, index: usize, location: &PolicyLocation, text: &str) -> Option<Span> {
        let policy = self.policies.get(index)?;
        let line = policy.line_of(location);
        let row = text.strip_prefix('\u{FEFF}').unwrap_or(text).lines().nth(line.checked_sub(1)?)?;
        let earlier = self.policies.get(..index).unwrap_or_default();
        let found = match (&location.condition, location.statement) {
            (Some(names), Some(statement)) => {
                let before = conditions_before(earlier, policy, statement, names, line);
                keys(row, &names.1).nth(before).map(|start| (start, end_of_entry(row, start)))
            }
            (_, statement) => statement_in(row, earlier, policy, statement, line),
        };
        let (start, end) = found.filter(|(start, end)| start < end).unwrap_or_else(|| whole(row));
        let column = |offset: usize| row.get(..offset).map_or(1, |before| before.chars().count() + 1);
        Some(Span { line, column: column(start), end: column(end) })
    }
}

/// The row without its white space.
fn whole(row: &str) -> (usize, usize) {
    let end = row.trim_end().len();
    (row.len() - row.trim_start().len(), end)
}

/// How many conditions on the same key stand before this one in the same line.
fn conditions_before(
    earlier: &[PolicyText],
    policy: &PolicyText,
    statement: usize,
    names: &(String, String),
    line: usize,
) -> usize {
    let own = policy.statements.iter().enumerate();
    let own = own.flat_map(|(index, lines)| lines.conditions.iter().map(move |found| (index, found)));
    let own =
        own.take_while(|(index, (found, _))| *index < statement || found != names).map(|(_, found)| found);
    let others = earlier.iter().flat_map(|policy| &policy.statements).flat_map(|lines| &lines.conditions);
    others.chain(own).filter(|((_, key), at)| *key == names.1 && *at == line).count()
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

/// The end of the value after the key at `start`: of a JSON value, or else of the row.
fn end_of_entry(row: &str, start: usize) -> usize {
    let (_, end) = whole(row);
    let json = || {
        let rest = row.get(start..)?;
        let name = json_length(rest)?;
        let behind = rest.get(name..)?;
        let value = name + behind.len() - behind.trim_start().strip_prefix(':')?.len();
        Some(start + value + json_length(rest.get(value..)?)?)
    };
    json().unwrap_or_else(|| row.get(..end).map_or(end, |row| row.trim_end_matches(',').len()))
}

/// The length of the JSON value that the text begins with, and of the white space before it.
fn json_length(text: &str) -> Option<usize> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    Some(values.byte_offset())
}

/// The statement in a row that holds the whole policy.
fn statement_in(
    row: &str,
    earlier: &[PolicyText],
    policy: &PolicyText,
    statement: Option<usize>,
    line: usize,
) -> Option<(usize, usize)> {
    let policies_before = earlier.iter().filter(|other| other.line == line).count();
    let names = ["AssumeRolePolicyDocument", "assume_role_policy"];
    let mut documents = names.iter().flat_map(|name| keys(row, name)).skip(policies_before);
    let document = documents.next().unwrap_or(0);
    let list = document + keys(row.get(document..)?, "Statement").next()?;
    let Some(statement) = statement else { return Some((list, end_of_entry(row, list))) };
    let (_, values) = row.get(list..)?.split_once(':')?;
    let mut at = row.len() - values.len();
    let is_list = values.trim_start().starts_with('[');
    if is_list {
        at = row.len() - values.trim_start().len() + 1;
    }
    let here = policy.statements.iter().take(statement).filter(|other| other.line == line).count();
    for _ in 0..here {
        at += json_length(row.get(at..)?)?;
        at += row.get(at..)?.find(',')? + 1;
    }
    let rest = row.get(at..)?;
    let start = row.len() - rest.trim_start().len();
    Some((start, at + json_length(rest)?))
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
