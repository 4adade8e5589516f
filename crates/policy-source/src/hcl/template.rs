//! Quoted templates and heredocs.

use super::{
    parser::{Parsed, Parser},
    syntax::{Expression, Part, TemplateFor},
};

/// The parts of a template while it is read, with the directives that are open.
#[derive(Default)]
struct Parts {
    parts: Vec<Part>,
    open: Vec<Open>,
}

/// A directive that is not ended, and the parts before it.
struct Open {
    before: Vec<Part>,
    kind: OpenKind,
}

enum OpenKind {
    If(Expression),
    /// With the parts for a condition that holds.
    Else(Expression, Vec<Part>),
    For(TemplateFor),
}

impl Parts {
    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.parts.last_mut() {
            Some(Part::Text(last)) => last.push_str(text),
            _ => self.parts.push(Part::Text(text.to_owned())),
        }
    }

    fn push(&mut self, part: Part) {
        self.parts.push(part);
    }

    fn open(&mut self, kind: OpenKind) {
        self.open.push(Open { before: std::mem::take(&mut self.parts), kind });
    }

    /// `else`: `false` if no `if` is open.
    fn otherwise(&mut self) -> bool {
        let Some(Open { before, kind: OpenKind::If(condition) }) = self.open.pop() else { return false };
        let then = std::mem::take(&mut self.parts);
        self.open.push(Open { before, kind: OpenKind::Else(condition, then) });
        true
    }

    /// `endif` or `endfor`: `false` if no such directive is open.
    fn close(&mut self, is_for: bool) -> bool {
        let Some(Open { before, kind }) = self.open.pop() else { return false };
        let inner = std::mem::replace(&mut self.parts, before);
        let part = match kind {
            OpenKind::If(condition) if !is_for => Part::If(Box::new(condition), [inner, Vec::new()]),
            OpenKind::Else(condition, then) if !is_for => Part::If(Box::new(condition), [then, inner]),
            OpenKind::For(each) if is_for => Part::For(Box::new(TemplateFor { parts: inner, ..each })),
            _ => return false,
        };
        self.parts.push(part);
        true
    }
}

impl Parser<'_> {
    /// A quoted template behind its quotation mark.
    pub(super) fn quoted(&mut self) -> Parsed<Vec<Part>> {
        let mut parts = Parts::default();
        loop {
            let rest = self.rest();
            let plain = rest.find(['"', '\\', '$', '%', '\n']).unwrap_or(rest.len());
            parts.text(rest.get(..plain).unwrap_or_default());
            self.at += plain;
            match self.rest().bytes().next() {
                Some(b'"') => {
                    self.at += 1;
                    return self.ended(parts);
                }
                Some(b'\\') => self.escape(&mut parts),
                Some(b'$' | b'%') => self.sequence(&mut parts)?,
                _ => return self.error("the string is not closed on its line"),
            }
        }
    }

    /// The whole text as a template, as in Terraform's JSON syntax.
    pub(super) fn whole_template(&mut self) -> Parsed<Vec<Part>> {
        let mut parts = Parts::default();
        while !self.rest().is_empty() {
            let rest = self.rest();
            let plain = rest.find(['$', '%']).unwrap_or(rest.len());
            parts.text(rest.get(..plain).unwrap_or_default());
            self.at += plain;
            if plain < rest.len() {
                self.sequence(&mut parts)?;
            }
        }
        self.ended(parts)
    }

    fn ended(&self, parts: Parts) -> Parsed<Vec<Part>> {
        if parts.open.is_empty() { Ok(parts.parts) } else { self.error("a template directive is not ended") }
    }

    /// An escape sequence. One that is not known stays as it is, as for python-hcl2.
    fn escape(&mut self, parts: &mut Parts) {
        self.at += 1;
        let rest = self.rest();
        let (length, found) = match rest.bytes().next() {
            Some(b'n') => (1, Some('\n')),
            Some(b'r') => (1, Some('\r')),
            Some(b't') => (1, Some('\t')),
            Some(b'"') => (1, Some('"')),
            Some(b'\\') => (1, Some('\\')),
            Some(b'u') => (5, code_point(rest, 5)),
            Some(b'U') => (9, code_point(rest, 9)),
            _ => (0, None),
        };
        match found {
            Some(found) => {
                self.at += length;
                parts.text(found.encode_utf8(&mut [0; 4]));
            }
            None => parts.text("\\"),
        }
    }

    /// `\"text\"` in an interpolation inside quotes: python-hcl2 takes it.
    pub(super) fn escaped_quotes(&mut self) -> Parsed<Vec<Part>> {
        let line = self.rest().split('\n').next().unwrap_or_default();
        let text = line.strip_prefix("\\\"").and_then(|rest| rest.split_once("\\\""));
        let Some((text, _)) = text else { return self.error("expected an expression") };
        self.at += text.len() + 4;
        Ok(vec![Part::Text(text.to_owned())])
    }

    /// `${…}`, `%{…}`, their escaped forms, or a single `$` or `%`.
    fn sequence(&mut self, parts: &mut Parts) -> Parsed<()> {
        for (escaped, text) in [("$${", "${"), ("%%{", "%{")] {
            if self.take_here(escaped) {
                parts.text(text);
                return Ok(());
            }
        }
        if self.take_here("${") {
            self.take_here("~");
            let value = self.by_lines(false, |parser| {
                let value = parser.expression()?;
                parser.take("~");
                parser.expect("}", "expected `}`")?;
                Ok(value)
            })?;
            parts.push(Part::Value(value));
        } else if self.take_here("%{") {
            self.take_here("~");
            self.by_lines(false, |parser| parser.directive(parts))?;
        } else {
            let single = self.rest().get(..1).unwrap_or_default();
            parts.text(single);
            self.at += single.len();
        }
        Ok(())
    }

    fn directive(&mut self, parts: &mut Parts) -> Parsed<()> {
        match self.take_name() {
            Some("if") => {
                let condition = self.expression()?;
                parts.open(OpenKind::If(condition));
            }
            Some("for") => {
                let mut names = Vec::new();
                while let Some(name) = self.take_name().filter(|name| *name != "in") {
                    names.push(name.to_owned());
                    self.take(",");
                }
                let Some(value_name) = names.pop() else { return self.error("expected a variable's name") };
                let (key_name, collection) = (names.pop(), self.expression()?);
                let each = TemplateFor { key_name, value_name, collection, parts: Vec::new() };
                parts.open(OpenKind::For(each));
            }
            Some("else") if parts.otherwise() => {}
            Some("endif") if parts.close(false) => {}
            Some("endfor") if parts.close(true) => {}
            Some("else" | "endif" | "endfor") => return self.error("this template directive ends nothing"),
            _ => return self.error("unknown template directive"),
        }
        self.take("~");
        self.expect("}", "expected `}`")
    }

    /// A heredoc from its `<<` on, up to its closing name.
    pub(super) fn heredoc(&mut self) -> Parsed<Vec<Part>> {
        if !self.take_here("<<") {
            return self.error("expected an expression");
        }
        self.take_here("-");
        let Some(marker) = self.peek_name() else { return self.error("expected the heredoc's name") };
        self.at += marker.len();
        let Some(start) = self.rest().find('\n') else { return self.error("the heredoc is not closed") };
        self.at += start + 1;
        let mut parts = Parts::default();
        let mut is_line_start = true;
        loop {
            let rest = self.rest();
            if is_line_start {
                let line = rest.split('\n').next().unwrap_or_default();
                if line.trim() == marker {
                    self.at += line.trim_end().len();
                    return self.ended(parts);
                }
            }
            let Some(plain) = rest.find(['$', '%', '\n']) else {
                return self.error("the heredoc is not closed");
            };
            let is_end = rest.get(plain..).is_some_and(|rest| rest.starts_with('\n'));
            let length = if is_end { plain + 1 } else { plain };
            parts.text(rest.get(..length).unwrap_or_default());
            self.at += length;
            is_line_start = is_end;
            if !is_end {
                self.sequence(&mut parts)?;
            }
        }
    }
}

fn code_point(rest: &str, length: usize) -> Option<char> {
    char::from_u32(u32::from_str_radix(rest.get(1..length)?, 16).ok()?)
}
