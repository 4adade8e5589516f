//! YAML as CloudFormation uses it: tags stand for functions, and every scalar is a text. It is read from parser
//! events, because only events have line numbers. A tag becomes the function's name in JSON.

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};

use crate::node::{Content, DEEPEST, Node};

/// Why a text cannot be read as YAML.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InvalidYaml {
    #[error("not YAML")]
    Syntax(#[source] ScanError),
    #[error("nested more than {DEEPEST} levels deep")]
    TooDeep,
    #[error("a second document begins at line {0}")]
    SecondDocument(usize),
}

/// Reads one document; an empty text is null.
pub(crate) fn parse(text: &str) -> Result<Node, InvalidYaml> {
    let mut reader = Reader { parser: Parser::new_from_str(text) };
    let mut document = None;
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::StreamEnd => return Ok(document.unwrap_or(Node::new(1, Content::Null))),
            Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing => {}
            _ if document.is_some() => return Err(InvalidYaml::SecondDocument(span.start.line())),
            node => document = Some(reader.node(node, span, 0)?),
        }
    }
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), InvalidYaml> {
        let end = Ok((Event::StreamEnd, Span::default()));
        self.parser.next_event().unwrap_or(end).map_err(InvalidYaml::Syntax)
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, InvalidYaml> {
        if depth > DEEPEST {
            return Err(InvalidYaml::TooDeep);
        }
        let line = span.start.line().max(1);
        let (content, function) = match event {
            Event::Scalar(text, style, _, tag) => (scalar(&text, style), function(tag.as_deref())),
            Event::SequenceStart(_, tag) => (self.list(depth)?, function(tag.as_deref())),
            Event::MappingStart(_, tag) => (self.map(depth)?, function(tag.as_deref())),
            // An alias is not expanded: its value may be far larger than the text.
            _ => (Content::Unknown, None),
        };
        // The text of a block begins on the line after its indicator.
        let first = if matches!(content, Content::Block(_)) { line + 1 } else { line };
        let node = Node::new(first, content);
        Ok(match function {
            Some(name) => Node::new(line, Content::Map(vec![(name, node)])),
            None => node,
        })
    }

    fn list(&mut self, depth: usize) -> Result<Content, InvalidYaml> {
        let mut list = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd | Event::StreamEnd, _) => return Ok(Content::List(list)),
                (event, span) => list.push(self.node(event, span, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Content, InvalidYaml> {
        let mut map = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::MappingEnd | Event::StreamEnd) {
                return Ok(Content::Map(map));
            }
            let name = self.node(event, span, depth + 1)?.text_or_hole();
            let (event, span) = self.next()?;
            map.push((name, self.node(event, span, depth + 1)?));
        }
    }
}

fn scalar(text: &str, style: ScalarStyle) -> Content {
    match (style, text) {
        (ScalarStyle::Literal, _) => Content::Block(text.to_owned()),
        (ScalarStyle::Plain, "" | "~" | "null" | "Null" | "NULL") => Content::Null,
        _ => Content::Text(text.to_owned()),
    }
}

/// The JSON name of the function that a CloudFormation tag stands for.
fn function(tag: Option<&Tag>) -> Option<String> {
    let tag = tag.filter(|tag| tag.handle == "!")?;
    Some(match tag.suffix.as_str() {
        name @ ("Ref" | "Condition") => name.to_owned(),
        name => format!("Fn::{name}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_become_the_functions_of_json() {
        let node = parse("a: !Ref B\nc:\n  - !Sub\n    - x${D}\n    - {D: 1}\n").unwrap();
        assert_eq!(node.at("a").and_then(|a| a.at("Ref")).and_then(Node::as_text), Some("B"));
        let Content::List(list) = &node.at("c").unwrap().content else { panic!("{node:?}") };
        assert_eq!(list[0].at("Fn::Sub").unwrap().line, 3);
    }

    #[test]
    fn a_block_begins_on_its_own_line_and_an_alias_is_unknown() {
        let node = parse("a: &x |\n  one\n  two\nb: *x\nc: 2012-10-17\nd: true\n").unwrap();
        assert_eq!(node.at("a"), Some(&Node::new(2, Content::Block("one\ntwo\n".to_owned()))));
        assert_eq!(node.at("b").unwrap().content, Content::Unknown);
        assert_eq!(node.at("c"), Some(&Node::text(5, "2012-10-17")));
        assert_eq!(node.at("d"), Some(&Node::text(6, "true")));
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        assert!(matches!(parse("a: [1\n"), Err(InvalidYaml::Syntax(_))));
        assert!(matches!(parse("a: 1\n---\nb: 2\n"), Err(InvalidYaml::SecondDocument(3))));
        assert!(matches!(
            parse(&"[".repeat(DEEPEST + 2)),
            Err(InvalidYaml::TooDeep | InvalidYaml::Syntax(_))
        ));
        assert!(matches!(parse(&"- ".repeat(DEEPEST + 2)), Err(InvalidYaml::TooDeep)));
    }
}
