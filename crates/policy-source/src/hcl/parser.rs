//! Where the parser is in the text: spaces, comments, names, and how deep it is.

use crate::{lines::Lines, position::Position};

/// How deep expressions and blocks may be nested.
const DEEPEST: usize = 128;

/// Why a text cannot be read as HCL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem} at line {line}")]
pub(crate) struct InvalidHcl {
    pub(crate) line: usize,
    pub(crate) problem: &'static str,
}

pub(super) type Parsed<T> = Result<T, InvalidHcl>;

pub(crate) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    /// Whether a line break ends an expression. Brackets and parentheses suspend that, braces restore it.
    pub(super) is_by_lines: bool,
    depth: usize,
    lines: &'a Lines,
    /// Before and behind the spaces and comments that were skipped last.
    skipped: (usize, usize),
}

impl<'a> Parser<'a> {
    pub(crate) fn new(text: &'a str, lines: &'a Lines) -> Self {
        Self { text, at: 0, is_by_lines: true, depth: 0, lines, skipped: (0, 0) }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Where the next token begins.
    pub(super) fn position(&self) -> Position {
        Position::new(self.lines, self.at, self.at)
    }

    /// Where the last token ends.
    pub(super) fn token_end(&self) -> usize {
        let (before, behind) = self.skipped;
        if self.at == behind { before } else { self.at }
    }

    fn line(&self) -> usize {
        self.lines.at(self.at)
    }

    pub(super) fn error<T>(&self, problem: &'static str) -> Parsed<T> {
        Err(InvalidHcl { line: self.line(), problem })
    }

    /// Reads one level deeper.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= DEEPEST {
            return self.error("nested more than 128 levels deep");
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Reads with or without line breaks as ends of expressions.
    pub(super) fn by_lines<T>(
        &mut self,
        is_by_lines: bool,
        read: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Parsed<T> {
        let outer = std::mem::replace(&mut self.is_by_lines, is_by_lines);
        let result = self.nested(read);
        self.is_by_lines = outer;
        result
    }

    /// Skips spaces and comments; line breaks only where they end nothing.
    pub(super) fn skip_space(&mut self) {
        let before = self.token_end();
        self.skip();
        self.skipped = (before, self.at);
    }

    fn skip(&mut self) {
        loop {
            let rest = self.rest();
            let blank = |c: char| matches!(c, ' ' | '\t' | '\r') || (c == '\n' && !self.is_by_lines);
            let length = rest.find(|c| !blank(c)).unwrap_or(rest.len());
            self.at += length;
            let rest = self.rest();
            if rest.starts_with('#') || rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.at += rest.find("*/").map_or(rest.len(), |end| end + 2);
            } else {
                return;
            }
        }
    }

    /// Skips spaces, comments and line breaks.
    pub(super) fn skip_lines(&mut self) {
        let outer = std::mem::replace(&mut self.is_by_lines, false);
        self.skip_space();
        self.is_by_lines = outer;
    }

    /// Takes this text, after spaces.
    pub(super) fn take(&mut self, token: &str) -> bool {
        self.skip_space();
        self.take_here(token)
    }

    /// Takes this text if it is next.
    pub(super) fn take_here(&mut self, token: &str) -> bool {
        let is_next = self.rest().starts_with(token);
        if is_next {
            self.at += token.len();
        }
        is_next
    }

    pub(super) fn expect(&mut self, token: &str, problem: &'static str) -> Parsed<()> {
        if self.take(token) { Ok(()) } else { self.error(problem) }
    }

    /// The name that is next, without taking it.
    pub(super) fn peek_name(&self) -> Option<&'a str> {
        let rest = self.rest();
        if !rest.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return None;
        }
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        rest.get(..rest.find(|c| !is_part(c)).unwrap_or(rest.len()))
    }

    pub(super) fn take_name(&mut self) -> Option<&'a str> {
        self.skip_space();
        let name = self.peek_name()?;
        self.at += name.len();
        Some(name)
    }

    pub(super) fn take_keyword(&mut self, keyword: &str) -> bool {
        self.skip_space();
        let is_next = self.peek_name() == Some(keyword);
        if is_next {
            self.at += keyword.len();
        }
        is_next
    }
}
