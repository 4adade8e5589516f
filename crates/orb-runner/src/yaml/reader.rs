//! Text to values, from the parser's events.
//!
//! The event parser is used, and not its ready-made tree, because only events tell `"yes"` from `yes` and
//! show a key that occurs twice.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput};

use super::{BareWords, Map, Value, scalar};

/// Why a text is not a document that every reader understands alike.
#[derive(Debug, thiserror::Error)]
pub enum YamlError {
    /// The text is not YAML.
    #[error("this is not YAML")]
    Syntax(#[source] ScanError),
    /// Readers differ in which of the two wins.
    #[error("line {line}: the key `{key}` occurs twice")]
    DuplicateKey {
        /// The key.
        key: String,
        /// Where it occurs again.
        line: usize,
    },
    /// Readers differ in what it means.
    #[error("line {line}: `{text}` needs quotes, YAML readers differ in what it means")]
    Ambiguous {
        /// The scalar as written.
        text: String,
        /// Where it stands.
        line: usize,
    },
    /// YAML that has no place in an orb or its tests.
    #[error("line {line}: {what} is not supported")]
    Unsupported {
        /// The construct.
        what: &'static str,
        /// Where it stands.
        line: usize,
    },
}

/// Reads one document.
pub fn parse(text: &str, bare_words: BareWords) -> Result<Value, YamlError> {
    let mut reader = Reader { parser: Parser::new_from_str(text), bare_words, anchored: BTreeMap::new() };
    let mut document = None;
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::StreamEnd => return Ok(document.unwrap_or(Value::Null)),
            Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing => {}
            _ if document.is_some() => return Err(unsupported("a second document", span)),
            node => document = Some(reader.node(node, span)?),
        }
    }
}

/// The parser's number for a node without an anchor.
const NO_ANCHOR: usize = 0;

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    bare_words: BareWords,
    /// What an alias stands for, by the number that the parser gives an anchor.
    anchored: BTreeMap<usize, Value>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), YamlError> {
        self.parser.next_event().unwrap_or(Ok((Event::StreamEnd, Span::default()))).map_err(YamlError::Syntax)
    }

    fn node(&mut self, event: Event<'a>, span: Span) -> Result<Value, YamlError> {
        match event {
            Event::Scalar(_, _, _, Some(_))
            | Event::SequenceStart(_, Some(_))
            | Event::MappingStart(_, Some(_)) => Err(unsupported("a tag", span)),
            Event::Scalar(text, style, anchor, None) => {
                let value = self.scalar(text.into_owned(), style, span)?;
                Ok(self.keep(anchor, value))
            }
            Event::SequenceStart(anchor, None) => {
                let value = self.list()?;
                Ok(self.keep(anchor, value))
            }
            Event::MappingStart(anchor, None) => {
                let value = self.map()?;
                Ok(self.keep(anchor, value))
            }
            // Inside of what it stands for an alias has no value yet.
            Event::Alias(anchor) => {
                self.anchored.get(&anchor).cloned().ok_or(unsupported("an alias of what it stands in", span))
            }
            _ => Err(unsupported("a document that ends here", span)),
        }
    }

    fn keep(&mut self, anchor: usize, value: Value) -> Value {
        if anchor != NO_ANCHOR {
            self.anchored.insert(anchor, value.clone());
        }
        value
    }

    fn scalar(&self, text: String, style: ScalarStyle, span: Span) -> Result<Value, YamlError> {
        if style != ScalarStyle::Plain {
            return Ok(Value::Text(text));
        }
        scalar::resolve(&text, self.bare_words).ok_or(YamlError::Ambiguous { text, line: span.start.line() })
    }

    fn list(&mut self) -> Result<Value, YamlError> {
        let mut list = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Value::List(list)),
                (event, span) => list.push(self.node(event, span)?),
            }
        }
    }

    fn map(&mut self) -> Result<Value, YamlError> {
        let mut map = Map::new();
        let mut merged: Option<Map> = None;
        loop {
            let (key, span) = match self.next()? {
                (Event::MappingEnd, _) => {
                    // The mapping's own keys win, wherever the merge key stands.
                    let mut whole = merged.unwrap_or_default();
                    whole.append(&mut map);
                    return Ok(Value::Map(whole));
                }
                (Event::Scalar(key, ScalarStyle::Plain, NO_ANCHOR, None), span) if key == "<<" => {
                    let (event, value_span) = self.next()?;
                    let Value::Map(other) = self.node(event, value_span)? else {
                        return Err(unsupported("a merge of anything but one mapping", value_span));
                    };
                    if merged.replace(other).is_some() {
                        return Err(YamlError::DuplicateKey {
                            key: key.into_owned(),
                            line: span.start.line(),
                        });
                    }
                    continue;
                }
                (Event::Scalar(key, style, NO_ANCHOR, None), span) => {
                    // A key is text whatever it looks like; this call is for the words that are refused.
                    self.scalar(key.clone().into_owned(), style, span)?;
                    (key.into_owned(), span)
                }
                (_, span) => return Err(unsupported("a key that is no plain text", span)),
            };
            let (event, value_span) = self.next()?;
            let value = self.node(event, value_span)?;
            if map.insert(key.clone(), value).is_some() {
                return Err(YamlError::DuplicateKey { key, line: span.start.line() });
            }
        }
    }
}

fn unsupported(what: &'static str, span: Span) -> YamlError {
    YamlError::Unsupported { what, line: span.start.line() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_make_text_of_any_word() {
        let document = parse("a: \"yes\"\nb: '12'\nc: |\n  true\n", BareWords::AreRefused).unwrap();
        assert_eq!(document.at(&["a"]), Some(&Value::Text("yes".into())));
        assert_eq!(document.at(&["b"]), Some(&Value::Text("12".into())));
        assert_eq!(document.at(&["c"]), Some(&Value::Text("true\n".into())));
    }

    #[test]
    fn what_readers_take_differently_is_refused_with_its_line() {
        let table = [
            ("a: 1\na: 2\n", "line 2: the key `a` occurs twice"),
            ("a:\n  b: on\n", "line 2: `on` needs quotes, YAML readers differ in what it means"),
            ("no: 1\n", "line 1: `no` needs quotes, YAML readers differ in what it means"),
            ("a: &x [*x]\n", "line 1: an alias of what it stands in is not supported"),
            ("&x a: 1\n", "line 1: a key that is no plain text is not supported"),
            ("<<: [{a: 1}, {b: 1}]\n", "line 1: a merge of anything but one mapping is not supported"),
            ("<<: {a: 1}\n<<: {b: 1}\n", "line 2: the key `<<` occurs twice"),
            ("a: !!str 1\n", "line 1: a tag is not supported"),
            ("a: 1\n---\nb: 2\n", "line 3: a second document is not supported"),
            ("? [a]\n: 1\n", "line 1: a key that is no plain text is not supported"),
            ("a: [1\n", "this is not YAML"),
        ];
        for (text, message) in table {
            let refusal = parse(text, BareWords::AreRefused).unwrap_err();
            assert_eq!(refusal.to_string(), message, "{text:?}");
        }
    }

    #[test]
    fn an_alias_is_written_out_and_a_merge_key_gives_way_to_the_mapping_s_own_keys() {
        let short = "a: &x {k: 1, l: &y [2]}\nb: *x\nc: {k: 3, <<: *x, m: *y}\nd: {\"<<\": 4}\n";
        let long = "a: {k: 1, l: [2]}\nb: {k: 1, l: [2]}\nc: {k: 3, l: [2], m: [2]}\nd: {\"<<\": 4}\n";
        assert_eq!(parse(short, BareWords::AreRefused).unwrap(), parse(long, BareWords::AreRefused).unwrap());
    }

    #[test]
    fn a_pair_in_a_flow_list_is_a_mapping() {
        let short = parse("[run: {a: b, c: d}, checkout]", BareWords::AreRefused).unwrap();
        let long = parse("- run:\n    a: b\n    c: d\n- checkout\n", BareWords::AreRefused).unwrap();
        assert_eq!(short, long);
    }

    #[test]
    fn an_empty_text_is_null() {
        assert_eq!(parse("# nothing\n", BareWords::AreRefused).unwrap(), Value::Null);
    }
}
