//! From text to values, by the parser's events.
//!
//! The event parser is used instead of its tree, because only events distinguish `"yes"` from `yes` and show a key that
//! occurs twice.

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput};

use super::{BareWords, Map, Value, scalar};

/// Why a text is not a document that all readers understand in the same way.
#[derive(Debug, thiserror::Error)]
pub enum YamlError {
    /// The text is not YAML.
    #[error("the text is not YAML")]
    Syntax(#[source] ScanError),
    /// Readers differ in which of the two wins.
    #[error("line {line}: the key `{key}` occurs twice")]
    DuplicateKey {
        /// The key.
        key: String,
        /// The line of the second occurrence.
        line: usize,
    },
    /// Readers differ in what it means.
    #[error("line {line}: `{text}` needs quotes: YAML readers differ in what it means")]
    Ambiguous {
        /// The scalar as written.
        text: String,
        /// Its line.
        line: usize,
    },
    /// A construct that neither the orb nor its tests need.
    #[error("line {line}: {what} is not supported")]
    Unsupported {
        /// The construct.
        what: &'static str,
        /// Its line.
        line: usize,
    },
}

/// Reads one document.
pub fn parse(text: &str, bare_words: BareWords) -> Result<Value, YamlError> {
    let mut reader = Reader { parser: Parser::new_from_str(text), bare_words };
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

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    bare_words: BareWords,
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
            Event::Scalar(text, style, 0, None) => self.scalar(text.into_owned(), style, span),
            Event::SequenceStart(0, None) => self.list(),
            Event::MappingStart(0, None) => self.map(),
            _ => Err(unsupported("an anchor or an alias", span)),
        }
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
        loop {
            let (key, span) = match self.next()? {
                (Event::MappingEnd, _) => return Ok(Value::Map(map)),
                (Event::Scalar(key, style, 0, None), span) => {
                    if key == "<<" && style == ScalarStyle::Plain {
                        return Err(unsupported("a merge key", span));
                    }
                    // A key is always text; this call refuses ambiguous words.
                    self.scalar(key.clone().into_owned(), style, span)?;
                    (key.into_owned(), span)
                }
                (_, span) => return Err(unsupported("a key that is not plain text", span)),
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
            ("a:\n  b: on\n", "line 2: `on` needs quotes: YAML readers differ in what it means"),
            ("no: 1\n", "line 1: `no` needs quotes: YAML readers differ in what it means"),
            ("a: &x 1\nb: *x\n", "line 1: an anchor or an alias is not supported"),
            ("<<: {a: 1}\n", "line 1: a merge key is not supported"),
            ("a: !!str 1\n", "line 1: a tag is not supported"),
            ("a: 1\n---\nb: 2\n", "line 3: a second document is not supported"),
            ("? [a]\n: 1\n", "line 1: a key that is not plain text is not supported"),
            ("a: [1\n", "the text is not YAML"),
        ];
        for (text, message) in table {
            let refusal = parse(text, BareWords::AreRefused).unwrap_err();
            assert_eq!(refusal.to_string(), message, "{text:?}");
        }
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
