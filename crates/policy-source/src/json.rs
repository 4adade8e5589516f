//! JSON with the lines of its values. `serde_json` parses it; its raw values are slices of the text, and their offset
//! gives the line.

use std::fmt;

use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;

use crate::{
    lines::Lines,
    node::{Content, DEEPEST, Node},
    position::Position,
};

/// Why a text cannot be read as JSON.
#[derive(Debug, thiserror::Error)]
#[error("not JSON")]
pub(crate) struct InvalidJson(#[source] pub(crate) serde_json::Error);

/// Reads one document.
pub(crate) fn parse(text: &str, lines: &Lines) -> Result<Node, InvalidJson> {
    let document: &RawValue = serde_json::from_str(text).map_err(InvalidJson)?;
    Reader { text, lines }.node(document, 0)
}

struct Reader<'a> {
    text: &'a str,
    lines: &'a Lines,
}

impl Reader<'_> {
    fn position(&self, part: &RawValue) -> Position {
        let start = part.get().as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        Position::new(self.lines, start, start + part.get().len())
    }

    fn node(&self, value: &RawValue, depth: usize) -> Result<Node, InvalidJson> {
        let json = value.get();
        let line = self.position(value);
        // Too deep to be part of a policy.
        if depth > DEEPEST {
            return Ok(Node::new(line, Content::Unknown));
        }
        let content = match json.bytes().next() {
            Some(b'{') => {
                let entries: Entries<'_> = serde_json::from_str(json).map_err(InvalidJson)?;
                let nodes = entries.0.into_iter().map(|(name, value)| {
                    let mut node = self.node(value, depth + 1)?;
                    node.line = node.line.named(self.position(name));
                    Ok((serde_json::from_str(name.get()).map_err(InvalidJson)?, node))
                });
                Content::Map(nodes.collect::<Result<_, _>>()?)
            }
            Some(b'[') => {
                let values: Vec<&RawValue> = serde_json::from_str(json).map_err(InvalidJson)?;
                let nodes = values.into_iter().map(|value| self.node(value, depth + 1));
                Content::List(nodes.collect::<Result<_, _>>()?)
            }
            Some(b'"') => Content::Text(serde_json::from_str(json).map_err(InvalidJson)?),
            Some(b'n') => Content::Null,
            _ => Content::Text(json.to_owned()),
        };
        Ok(Node::new(line, content))
    }
}

/// An object's pairs in the order of the text; a repeated name is kept.
struct Entries<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Node, InvalidJson> {
        parse(text, &Lines::from(1, text))
    }

    #[test]
    fn values_keep_their_lines_and_their_order() {
        let node = read("{\n \"b\": [1,\n  true],\n \"a\": \"x\\ny\", \"b\": null}").unwrap();
        let entries = node.entries();
        let names: Vec<(&str, usize)> =
            entries.iter().map(|(name, node)| (name.as_str(), node.line.line)).collect();
        assert_eq!(names, [("b", 2), ("a", 4), ("b", 4)]);
        let list = Content::List(vec![Node::text(2, "1"), Node::text(3, "true")]);
        assert_eq!(entries[0].1.content, list);
        assert_eq!(entries[1].1.as_text(), Some("x\ny"));
    }

    #[test]
    fn a_part_of_a_file_counts_on() {
        let text = "{\n\"a\": 1}";
        assert_eq!(parse(text, &Lines::from(7, text)).unwrap().at("a").unwrap().line.line, 8);
        assert_eq!(parse(text, &Lines::one(7)).unwrap().at("a").unwrap().line.line, 7);
    }

    #[test]
    fn what_is_no_json_is_refused_and_what_is_too_deep_is_unknown() {
        assert!(matches!(read("{\"a\": 01}"), Err(InvalidJson(_))));
        assert!(matches!(read("{} x"), Err(InvalidJson(_))));
        let deep = format!("{}{}", "[".repeat(DEEPEST + 2), "]".repeat(DEEPEST + 2));
        assert!(read(&deep).is_ok_and(|node| !node.is_literal()));
    }
}
