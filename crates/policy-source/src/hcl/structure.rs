//! Files and blocks. At the top level a block that cannot be read is skipped.

use super::{
    parser::{InvalidHcl, Parsed, Parser},
    syntax::{Block, Body, Part},
};
use crate::lines::Lines;

/// A block that is not closed is read up to the file's end. After so many parts nothing more is read.
const MOST_SKIPPED: usize = 100;

/// A part of the file that is not HCL, and was skipped.
#[derive(Debug)]
pub(crate) struct Skipped<'a> {
    pub(crate) error: InvalidHcl,
    pub(crate) text: &'a str,
}

/// Reads a file.
pub(crate) fn parse<'a>(text: &'a str, lines: &'a Lines) -> (Body, Vec<Skipped<'a>>) {
    let mut parser = Parser::new(text, lines);
    let mut body = Body::default();
    let mut skipped = Vec::new();
    loop {
        parser.skip_lines();
        if parser.rest().is_empty() {
            return (body, skipped);
        }
        let start = parser.at;
        if let Err(error) = parser.item(&mut body) {
            let skipped_text = text.get(start..).unwrap_or_default();
            let is_last = skipped.len() + 1 == MOST_SKIPPED;
            let length = if is_last { skipped_text.len() } else { next_block(skipped_text) };
            parser = Parser::new(text, lines);
            parser.at = start + length;
            let text = skipped_text.get(..length).unwrap_or_default();
            skipped.push(Skipped { error, text });
        }
    }
}

/// Where the next line begins that looks like the start of a block.
fn next_block(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let looks_like_one = line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && line.trim_end().ends_with(['{', '}']);
        if at > 0 && looks_like_one {
            break;
        }
        at += line.len();
    }
    at
}

impl Parser<'_> {
    /// An attribute or a block.
    fn item(&mut self, body: &mut Body) -> Parsed<()> {
        let line = self.position();
        let Some(name) = self.take_name() else { return self.error("expected an attribute or a block") };
        self.skip_space();
        if !self.rest().starts_with("==") && self.take("=") {
            let value = self.expression()?;
            self.skip_space();
            if !self.rest().is_empty() && !self.rest().starts_with(['\n', '}']) {
                return self.error("expected the end of the line");
            }
            body.attributes.push((name.to_owned(), value));
            return Ok(());
        }
        let mut labels = Vec::new();
        while !self.take("{") {
            if self.take("\"") {
                labels.push(self.quoted()?.iter().map(literal).collect());
            } else if let Some(label) = self.take_name() {
                labels.push(label.to_owned());
            } else {
                return self.error("expected `=` or `{`");
            }
        }
        let inner = self.by_lines(true, Self::body)?;
        let line = line.ending(self.at);
        body.blocks.push(Block { line, kind: name.to_owned(), labels, body: inner });
        Ok(())
    }

    /// A block's content up to its brace.
    fn body(&mut self) -> Parsed<Body> {
        let mut body = Body::default();
        loop {
            self.skip_lines();
            if self.take("}") {
                return Ok(body);
            }
            self.item(&mut body)?;
        }
    }
}

fn literal(part: &Part) -> &str {
    if let Part::Text(text) = part { text } else { "" }
}
