//! YAML as CloudFormation uses it: tags stand for functions, and every scalar is a text. It is read from parser
//! events, because only events have line numbers. A tag becomes the function's name in JSON. The parser is a port of
//! the one in `PyYAML` and yaml.v3, so it takes what cfn-lint, the AWS CLI and SAM take.

mod tag_before_comma;

use std::collections::{BTreeMap, BTreeSet};

use libyaml_safer::{Event, EventData, Parser, ScalarStyle};

use crate::{
    lines::Lines,
    node::{Content, DEEPEST, Node},
    position::Position,
};

/// The limit for what aliases repeat, in values and bytes of text. An alias beyond it counts as unknown.
const MOST_REPEATED: usize = 4 * 1024 * 1024;

/// As many line breaks as the parser looks ahead, so that it never looks beyond the end.
const END: &str = "\n\n\n\n";

/// Why a text cannot be read as YAML.
#[derive(Debug, thiserror::Error)]
#[error("{problem} at line {line}")]
pub(crate) struct InvalidYaml {
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) problem: &'static str,
}

impl InvalidYaml {
    fn of(error: &libyaml_safer::Error, text: &str, lines: &Lines) -> Self {
        // The error about a character has no mark.
        let at = match error.problem_mark() {
            Some(mark) => usize::try_from(mark.index).unwrap_or(text.len()),
            None => text.find(is_not_allowed).unwrap_or(0),
        };
        // The parser may be behind the last line.
        Self { line: lines.at(at.min(text.trim_end_matches('\n').len())), problem: error.problem() }
    }
}

fn is_not_allowed(c: char) -> bool {
    matches!(c, '\u{FFFE}' | '\u{FFFF}') || (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}'))
}

/// Reads all documents of a text.
pub(crate) fn parse(text: &str) -> Result<Vec<Node>, InvalidYaml> {
    let lines = &Lines::of_file(text);
    let text = &*tag_before_comma::moved(text, END).map_err(|at| InvalidYaml {
        line: lines.at(at),
        problem: "found a tag and a comma without a blank between them",
    })?;
    // The parser looks ahead, also at the end of a text.
    let ended = format!("{text}{END}");
    let mut bytes = ended.as_bytes();
    let mut parser = Parser::new();
    parser.set_input_string(&mut bytes);
    let next = || parser.parse().map_err(|error| InvalidYaml::of(&error, text, lines));
    let mut reader = Reader { next, lines, anchors: BTreeMap::new(), repeated: 0, end: 0 };
    let mut documents = Vec::new();
    loop {
        let event = reader.next()?;
        match event.data {
            EventData::StreamEnd => return Ok(documents),
            EventData::StreamStart { .. } | EventData::DocumentEnd { .. } => {}
            EventData::DocumentStart { .. } => reader.anchors.clear(),
            _ => documents.push(reader.node(event, 0)?),
        }
    }
}

struct Reader<'a, F> {
    next: F,
    lines: &'a Lines,
    anchors: BTreeMap<String, Node>,
    repeated: usize,
    /// Where the last event ended.
    end: usize,
}

impl<F: FnMut() -> Result<Event, InvalidYaml>> Reader<'_, F> {
    fn next(&mut self) -> Result<Event, InvalidYaml> {
        let event = (self.next)()?;
        self.end = usize::try_from(event.end_mark.index).unwrap_or(usize::MAX);
        Ok(event)
    }

    fn position(&self, event: &Event) -> Position {
        let offset = |index: u64| usize::try_from(index).unwrap_or(usize::MAX);
        Position::new(self.lines, offset(event.start_mark.index), offset(event.end_mark.index))
    }

    fn node(&mut self, event: Event, depth: usize) -> Result<Node, InvalidYaml> {
        let mut line = self.position(&event);
        let (content, tag, anchor) = match event.data {
            EventData::Scalar { anchor, tag, value, style, .. } => (scalar(value, style), tag, anchor),
            EventData::SequenceStart { anchor, tag, .. } => (self.list(depth)?, tag, anchor),
            EventData::MappingStart { anchor, tag, .. } => (self.map(depth)?, tag, anchor),
            EventData::Alias { anchor } => return Ok(self.repeat(line, &anchor)),
            _ => (Content::Unknown, None, None),
        };
        // The text of a block begins on the line after its indicator.
        line = line.ending(self.end);
        let first = if matches!(content, Content::Block(_)) { line.below(1).named(line) } else { line };
        let mut node = Node::new(first, content);
        if let Some(name) = tag.as_deref().and_then(function) {
            node = Node::new(line, Content::Map(vec![(name, node)]));
        }
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    /// The value that an alias repeats, with its lines. Few bytes of aliases can stand for any amount of it.
    fn repeat(&mut self, line: Position, anchor: &str) -> Node {
        let Some(node) = self.anchors.get(anchor) else { return Node::new(line, Content::Unknown) };
        self.repeated = self.repeated.saturating_add(node.size());
        if self.repeated > MOST_REPEATED { Node::new(line, Content::Unknown) } else { node.clone() }
    }

    fn list(&mut self, depth: usize) -> Result<Content, InvalidYaml> {
        if depth >= DEEPEST {
            return self.skipped();
        }
        let mut list = Vec::new();
        loop {
            let event = self.next()?;
            match event.data {
                EventData::SequenceEnd | EventData::StreamEnd => return Ok(Content::List(list)),
                _ => list.push(self.node(event, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Content, InvalidYaml> {
        if depth >= DEEPEST {
            return self.skipped();
        }
        let mut own = Vec::new();
        let mut merged = Vec::new();
        loop {
            let event = self.next()?;
            if matches!(event.data, EventData::MappingEnd | EventData::StreamEnd) {
                break;
            }
            let is_merge = is_merge(&event.data);
            let key = self.node(event, depth + 1)?;
            let event = self.next()?;
            let mut value = self.node(event, depth + 1)?;
            value.line = value.line.named(key.line);
            let name = key.text_or_hole();
            match value.content {
                Content::Map(entries) if is_merge => merged.extend(entries),
                Content::List(maps) if is_merge => {
                    merged.extend(maps.into_iter().flat_map(|map| match map.content {
                        Content::Map(entries) => entries,
                        _ => Vec::new(),
                    }));
                }
                _ => own.push((name, value)),
            }
        }
        // A name of the map itself wins over a merged one, and of two merged ones the first.
        let mut known: BTreeSet<String> = BTreeSet::new();
        if !merged.is_empty() {
            known.extend(own.iter().map(|(name, _)| name.clone()));
        }
        own.extend(merged.into_iter().filter(|(name, _)| known.insert(name.clone())));
        Ok(Content::Map(own))
    }

    /// Reads over a collection that is nested too deep to be part of a policy.
    fn skipped(&mut self) -> Result<Content, InvalidYaml> {
        let mut open = 1_usize;
        while open > 0 {
            match self.next()?.data {
                EventData::SequenceStart { .. } | EventData::MappingStart { .. } => open += 1,
                EventData::SequenceEnd | EventData::MappingEnd => open -= 1,
                EventData::StreamEnd => break,
                _ => {}
            }
        }
        Ok(Content::Unknown)
    }
}

fn is_merge(event: &EventData) -> bool {
    matches!(event, EventData::Scalar { value, style: ScalarStyle::Plain, tag: None, .. } if value == "<<")
}

fn scalar(text: String, style: ScalarStyle) -> Content {
    match (style, text.as_str()) {
        (ScalarStyle::Literal, _) => Content::Block(text),
        (ScalarStyle::Plain, "" | "~" | "null" | "Null" | "NULL") => Content::Null,
        _ => Content::Text(text),
    }
}

/// The JSON name of the function that a CloudFormation tag stands for.
fn function(tag: &str) -> Option<String> {
    let name = tag.strip_prefix('!').filter(|name| !name.is_empty())?;
    Some(match name {
        "Ref" | "Condition" => name.to_owned(),
        name => format!("Fn::{name}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Node {
        parse(text).unwrap().remove(0)
    }

    #[test]
    fn tags_become_the_functions_of_json() {
        let node = one("a: !Ref B\nc:\n  - !Sub\n    - x${D}\n    - {D: 1}\n");
        assert_eq!(node.at("a").and_then(|a| a.at("Ref")).and_then(Node::as_text), Some("B"));
        assert_eq!(node.at("c").unwrap().items()[0].at("Fn::Sub").unwrap().line.line, 3);
    }

    #[test]
    fn a_block_begins_on_its_own_line_and_an_alias_repeats_its_anchor() {
        let node = one("a: &x |\n  one\n  two\nb: *x\nc: 2012-10-17\nd: true\n");
        assert_eq!(node.at("a"), Some(&Node::new(2, Content::Block("one\ntwo\n".to_owned()))));
        assert_eq!(node.at("b"), node.at("a"));
        assert_eq!(node.at("c"), Some(&Node::text(5, "2012-10-17")));
        assert_eq!(node.at("d"), Some(&Node::text(6, "true")));
    }

    #[test]
    fn merge_keys_add_what_a_map_does_not_have() {
        let node = one("a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {<<: [*a, *b], x: 0}\n'<<': 1\n");
        let c: Vec<_> = node
            .at("c")
            .unwrap()
            .entries()
            .iter()
            .map(|(name, node)| (name.as_str(), node.as_text().unwrap()))
            .collect();
        assert_eq!(c, [("x", "0"), ("y", "2"), ("z", "4")]);
        assert!(node.at("<<").is_some());
    }

    #[test]
    fn aliases_that_multiply_end_at_a_limit() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..20 {
            let list = vec![format!("*a{}", level - 1); 8].join(", ");
            text.push_str(&format!("a{level}: &a{level} [{list}]\n"));
        }
        assert!(one(&text).size() < 3 * MOST_REPEATED);
        assert_eq!(one("a: &a [*a]").at("a").unwrap().items()[0].content, Content::Unknown);
    }

    #[test]
    fn what_python_and_go_take_is_taken() {
        for text in [
            "a: {\n  \"b\": [1]\n}\n",
            "a:\n  b: [\n  1\n  ]\n",
            "a:\n  b: \"one\ntwo\"\n",
            "a:\n  b: 'one\n\n two'\n",
            "a: 1\n---\nb: 2\n",
            "{\"a\": 1, b: x}",
            "a: [1, 2,\n]\n",
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
        assert_eq!(one("a:\n  b: \"one\ntwo\"\n").at("a").unwrap().at("b"), Some(&Node::text(2, "one two")));
    }

    #[test]
    fn what_cannot_be_read_is_refused_and_what_is_too_deep_is_unknown() {
        assert!(parse("a: [1\n").is_err());
        let deep = format!("a: {}{}\nb: 1\n", "[".repeat(DEEPEST + 2), "]".repeat(DEEPEST + 2));
        assert_eq!(one(&deep).at("b"), Some(&Node::text(2, "1")));
    }
}
