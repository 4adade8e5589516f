//! From values to text: sorted keys, an indentation of four spaces, scripts as literal blocks.
//!
//! Separate from the reader because it serves all readers: parsers of YAML 1.1 and 1.2 read the same values from its text.

use super::{BareWords, Map, Value, scalar};

const INDENT: usize = 4;

/// The document as text.
pub fn render(document: &Value) -> String {
    let mut text = String::new();
    match document {
        Value::Map(map) if !map.is_empty() => write_map(&mut text, map, 0),
        Value::List(list) if !list.is_empty() => write_list(&mut text, list, 0),
        scalar => text.push_str(&format!("{}\n", inline(scalar))),
    }
    text
}

fn write_map(text: &mut String, map: &Map, indent: usize) {
    for (key, value) in map {
        text.push_str(&format!("{:indent$}{}:", "", text_scalar(key)));
        write_value(text, value, indent);
    }
}

fn write_list(text: &mut String, list: &[Value], indent: usize) {
    for value in list {
        match value {
            Value::Map(map) if !map.is_empty() => {
                let mut entries = String::new();
                write_map(&mut entries, map, indent + 2);
                text.push_str(&format!("{:indent$}- {}", "", entries.trim_start_matches(' ')));
            }
            other => {
                text.push_str(&format!("{:indent$}-", ""));
                write_value(text, other, indent);
            }
        }
    }
}

/// Writes what follows `key:` or `-`, with the line break.
fn write_value(text: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Map(map) if !map.is_empty() => {
            text.push('\n');
            write_map(text, map, indent + INDENT);
        }
        Value::List(list) if !list.is_empty() => {
            text.push('\n');
            write_list(text, list, indent + INDENT);
        }
        Value::Text(lines) if is_literal(lines) => write_literal(text, lines, indent),
        scalar => text.push_str(&format!(" {}\n", inline(scalar))),
    }
}

fn inline(value: &Value) -> String {
    match value {
        Value::Text(text) => text_scalar(text),
        Value::Map(_) => "{}".to_owned(),
        Value::List(_) => "[]".to_owned(),
        Value::Null => "null".to_owned(),
        other => other.to_text().unwrap_or_default(),
    }
}

/// Whether a literal block keeps the text unchanged; carriage returns and unusual line breaks need escapes.
fn is_literal(text: &str) -> bool {
    text.contains('\n')
        && text.chars().any(|c| c != '\n')
        && text.chars().all(|c| c == '\n' || is_printable(c))
}

fn write_literal(text: &mut String, lines: &str, indent: usize) {
    // Without a digit the first line's leading spaces would be read as indentation.
    let digit = if lines.starts_with([' ', '\n', '\t']) { INDENT.to_string() } else { String::new() };
    let (body, chomping) = match lines.strip_suffix('\n') {
        None => (lines, "-"),
        Some(body) if body.ends_with('\n') => (body, "+"),
        Some(body) => (body, ""),
    };
    text.push_str(&format!(" |{digit}{chomping}\n"));
    for line in body.split('\n') {
        if !line.is_empty() {
            text.push_str(&format!("{:1$}{line}", "", indent + INDENT));
        }
        text.push('\n');
    }
}

/// Text on one line: without quotes where all readers read it as text, else in double quotes.
fn text_scalar(text: &str) -> String {
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && !text.ends_with(' ')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || " _-./".contains(c));
    let stays_text = matches!(scalar::resolve(text, BareWords::AreRefused), Some(Value::Text(_)));
    // `y` and `n` are booleans to some readers of YAML 1.1.
    if is_word && stays_text && text.len() > 1 {
        return text.to_owned();
    }
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if is_printable(c) => quoted.push(c),
            c => quoted.push_str(&format!("\\U{:08X}", u32::from(c))),
        }
    }
    quoted.push('"');
    quoted
}

fn is_printable(c: char) -> bool {
    c == '\t' || (!c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::parse;

    #[test]
    fn every_text_reads_back_as_itself() {
        let texts = [
            "",
            " ",
            "word",
            "two words ",
            "y",
            "yes",
            "null",
            "3600",
            "2.1",
            "0900",
            "- a",
            "a: b",
            "# c",
            "'",
            "\"",
            "\\<<",
            "*x",
            "&x",
            "{a}",
            "a\n",
            "a\n\n",
            "\na\n",
            "  a\nb\n",
            "a\n  b",
            "\ta\nb\n",
            "\n",
            "\n\n",
            "a\r\nb\n",
            "a\u{2028}b",
            "\u{7f}",
            "é\n😀\n",
            "a\n\nb\n",
            "trailing \nspace\n",
            "if [ 1 ]; then\n\techo 'x'\nfi\n",
        ];
        for text in texts {
            let scalar = Value::Text(text.to_owned());
            let nested = Value::Map(Map::from([
                (
                    "list".to_owned(),
                    Value::List(vec![
                        scalar.clone(),
                        Value::Map(Map::from([("k".to_owned(), scalar.clone())])),
                    ]),
                ),
                (text.to_owned(), scalar),
                ("z".to_owned(), Value::Integer(1)),
            ]));
            let written = render(&nested);
            assert_eq!(parse(&written, BareWords::AreRefused).unwrap(), nested, "{text:?} as\n{written}");
        }
    }

    #[test]
    fn a_document_has_sorted_keys_and_four_spaces() {
        let text = "bb:\n  dd: |\n    x\n    y\naa:\n- run: {name: the name, command: 'a: b'}\n- [1, true, null, 2.1]\nempty: {}\nnone: []\n";
        let written = render(&parse(text, BareWords::AreRefused).unwrap());
        let expected = r#"aa:
    - run:
          command: "a: b"
          name: the name
    -
        - 1
        - true
        - null
        - 2.1
bb:
    dd: |
        x
        y
empty: {}
none: []
"#;
        assert_eq!(written, expected);
    }
}
