//! One entry of an env file: a variable with all lines of its value, or one other line. Separate from the editor because
//! only this file knows about quotes.

use crate::lines::Line;

/// A variable with the lines of its value; or, without a name, a comment, a blank line or an unknown one.
pub(super) struct Entry<'l, 'a> {
    /// The variable's name.
    pub(super) name: Option<&'a str>,
    /// What is before the name: indentation, `export`.
    pub(super) prefix: &'a str,
    /// One line, or more where a quoted value spans them.
    pub(super) lines: &'l [Line<'a>],
}

impl<'l, 'a> Entry<'l, 'a> {
    /// The first entry of `lines` and the lines after it; `None` at the end.
    pub(super) fn first_of(lines: &'l [Line<'a>]) -> Option<(Self, &'l [Line<'a>])> {
        let (first, following) = lines.split_first()?;
        let (name, prefix, value) = match parse(first.text) {
            Some((prefix, name, value)) => (Some(name), prefix, value),
            None => (None, "", ""),
        };
        let (lines, rest) = lines.split_at_checked(1 + lines_to_closing_quote(value, following))?;
        Some((Self { name, prefix, lines }, rest))
    }

    /// Whether it sets a value. A name alone takes the value from the environment.
    pub(super) fn has_value(&self) -> bool {
        let first = self.lines.first().map_or("", |line| line.text);
        first.split_once(DELIMITERS).is_some_and(|(_, value)| !value.trim().is_empty())
    }

    /// Its value, if it is one line of `NAME=value` in which no reader finds quotes, references or comments.
    pub(super) fn plain_value(&self) -> Option<&'a str> {
        let [line] = self.lines else { return None };
        let (_, value) = line.text.split_once(DELIMITERS).filter(|_| !line.text.contains(": "))?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "+/=_-".contains(c);
        (!value.is_empty() && value.chars().all(is_plain)).then_some(value)
    }

    /// Whether its value is two quotes.
    pub(super) fn is_quoted_blank(&self) -> bool {
        let first = self.lines.first().map_or("", |line| line.text);
        let value = first.split_once(DELIMITERS).map_or("", |(_, value)| value.trim());
        matches!(value, "\"\"" | "''" | "``")
    }

    /// Whether a line break follows it.
    pub(super) fn is_terminated(&self) -> bool {
        self.lines.last().is_some_and(|line| !line.ending.is_empty())
    }
}

/// Prefix, name and value of a line that sets a variable. A name alone counts: Docker then takes the value from its own
/// environment.
fn parse(text: &str) -> Option<(&str, &str, &str)> {
    // An editor on Windows may have put a byte order mark before the first name.
    let body = text.trim_start_matches('\u{feff}').trim_start();
    let body = match body.strip_prefix("export") {
        Some(after) if after.starts_with([' ', '\t']) => after.trim_start(),
        _ => body,
    };
    let (prefix, _) = text.split_at_checked(text.len() - body.len())?;
    let (name, after) = body.split_at_checked(body.find(|c| !is_of_name(c)).unwrap_or(body.len()))?;
    let after = after.trim_start();
    let value =
        if after.is_empty() { after } else { after.strip_prefix('=').or_else(|| after_colon(after))? };
    (!name.is_empty()).then_some((prefix, name, value))
}

/// `NAME=value`; the readers of Node and Ruby also take `NAME: value`.
const DELIMITERS: [char; 2] = ['=', ':'];

fn after_colon(text: &str) -> Option<&str> {
    text.strip_prefix(':').filter(|value| value.starts_with([' ', '\t']))
}

/// Node's reader allows dots and dashes in names.
fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_.-".contains(character)
}

/// How many lines after the first belong to a value whose quote is not closed in its first line. 0 if no later line closes
/// it: then it is an apostrophe and not a quote.
fn lines_to_closing_quote(value: &str, following: &[Line<'_>]) -> usize {
    let mut characters = value.trim_start().chars();
    let Some(quote) = characters.next().filter(|first| matches!(first, '"' | '\'' | '`')) else { return 0 };
    if closes(characters.as_str(), quote) {
        return 0;
    }
    following.iter().position(|line| closes(line.text, quote)).map_or(0, |at| at + 1)
}

/// Whether `text` holds the quote that ends the value. In double quotes a backslash escapes the next character.
fn closes(text: &str, quote: char) -> bool {
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == quote {
            return true;
        }
        if character == '\\' && quote == '"' {
            characters.next();
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn export_is_a_word_of_its_own() {
        let name = |text| parse(text).map(|(_, name, _)| name);
        assert_eq!(name("export AWS_PROFILE=x"), Some("AWS_PROFILE"));
        assert_eq!(name("export\tAWS_PROFILE=x"), Some("AWS_PROFILE"));
        assert_eq!(name("exportAWS_PROFILE=x"), Some("exportAWS_PROFILE"));
    }
}
