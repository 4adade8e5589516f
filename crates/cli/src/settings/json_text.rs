//! Variables in a JSON text that its author wrote in the config: each is a part of a string, escaped, so that the JSON
//! keeps its structure whatever a variable holds.

use crate::settings::expansion::{Expanded, Piece};

/// A variable that cannot be filled in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidInsertion {
    /// It would be a value, or several.
    #[error("`${0}` is outside of a JSON string; expected it between two double quotes")]
    OutsideOfString(String),
    /// It would decide what a value is for.
    #[error("`${0}` is in the name of a JSON member; expected it in a value")]
    InName(String),
    /// Its first character would lose its meaning, or get another one.
    #[error("`${0}` follows a backslash in a JSON string; remove the backslash")]
    AfterBackslash(String),
    /// A value that no policy needs.
    #[error("the value of `${variable}` holds `{found}`, a control character")]
    ControlCharacter {
        /// The variable.
        variable: String,
        /// The character, made printable.
        found: String,
    },
}

/// The text with its variables filled in. Whether it is JSON is not checked here.
pub(crate) fn fill_in(json: &Expanded) -> Result<String, InvalidInsertion> {
    let mut text = String::new();
    let mut position = Position::default();
    for piece in &json.0 {
        match piece {
            Piece::Written(written) => {
                for character in written.chars() {
                    position.advance(character)?;
                }
                text.push_str(written);
            }
            Piece::Filled { variable, text: value, .. } => {
                position.insert(variable)?;
                escape(variable, value, &mut text)?;
            }
        }
    }
    Ok(text)
}

/// Where in the JSON the written text has come to.
#[derive(Default)]
struct Position {
    in_string: bool,
    after_backslash: bool,
    /// A variable of the string that is being read, or that was read last.
    variable: Option<String>,
}

impl Position {
    fn advance(&mut self, character: char) -> Result<(), InvalidInsertion> {
        match (self.in_string, character) {
            (true, _) if self.after_backslash => self.after_backslash = false,
            (true, '\\') => self.after_backslash = true,
            (true, '"') => self.in_string = false,
            (false, '"') => {
                self.in_string = true;
                self.variable = None;
            }
            (false, ':') => {
                if let Some(variable) = self.variable.take() {
                    return Err(InvalidInsertion::InName(variable));
                }
            }
            (false, other) if !other.is_whitespace() => self.variable = None,
            _ => {}
        }
        Ok(())
    }

    fn insert(&mut self, variable: &str) -> Result<(), InvalidInsertion> {
        if !self.in_string {
            return Err(InvalidInsertion::OutsideOfString(variable.to_owned()));
        }
        if self.after_backslash {
            return Err(InvalidInsertion::AfterBackslash(variable.to_owned()));
        }
        self.variable = Some(variable.to_owned());
        Ok(())
    }
}

fn escape(variable: &str, value: &str, text: &mut String) -> Result<(), InvalidInsertion> {
    for character in value.chars() {
        if character.is_control() {
            return Err(InvalidInsertion::ControlCharacter {
                variable: variable.to_owned(),
                found: character.escape_debug().to_string(),
            });
        }
        if matches!(character, '"' | '\\') {
            text.push('\\');
        }
        text.push(character);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::settings::any_value;
    use crate::settings::expansion::{Variables, expand};

    fn filled_in(json: &str, value: &str) -> Result<String, InvalidInsertion> {
        let lookup = |name: &str| (name == "V").then_some(value);
        fill_in(&expand(json, Variables { holder: "", lookup: &lookup }).unwrap())
    }

    /// The JSON with a mark in place of each text.
    fn shape(json: &Value) -> Value {
        match json {
            Value::String(_) => Value::String("text".to_owned()),
            Value::Array(items) => items.iter().map(shape).collect(),
            Value::Object(members) => {
                members.iter().map(|(name, value)| (name.clone(), shape(value))).collect()
            }
            other => other.clone(),
        }
    }

    /// Every text, in order.
    fn texts(json: &Value) -> Vec<String> {
        match json {
            Value::String(text) => vec![text.clone()],
            Value::Array(items) => items.iter().flat_map(texts).collect(),
            Value::Object(members) => members.values().flat_map(texts).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn the_structure_stays_whatever_a_variable_holds() {
        for json in [
            r#"{"Statement":[{"Effect":"Allow","Resource":["arn:aws:s3:::b/$V/*"]}],"N":1}"#,
            r#"{"A":"$V","B":["$V","x${V}-y",{"C":"\"$V\\\\"}],"D":null}"#,
        ] {
            let json = json.replace("${V}", "$V");
            let written: Value = serde_json::from_str(&json).unwrap();
            let mut filled = 0;
            for value in any_value::all() {
                let Ok(text) = filled_in(&json, &value) else {
                    assert!(value.contains(char::is_control), "{value:?}");
                    continue;
                };
                let read: Value =
                    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
                assert_eq!(shape(&read), shape(&written), "{value:?}");
                let expected = texts(&written).into_iter().map(|text| text.replace("$V", &value));
                assert_eq!(texts(&read), expected.collect::<Vec<_>>());
                filled += 1;
            }
            assert!(filled > 1000, "{filled}");
        }
    }

    #[test]
    fn a_variable_is_a_part_of_a_value_and_nothing_else() {
        let v = || "V".to_owned();
        for (json, error) in [
            (r#"{"A": $V}"#, InvalidInsertion::OutsideOfString(v())),
            (r#"{"A": "x" ${V:-y}}"#, InvalidInsertion::OutsideOfString(v())),
            (r#"{"A": "x\\"$V"}"#, InvalidInsertion::OutsideOfString(v())),
            (r#"{"$V": "x"}"#, InvalidInsertion::InName(v())),
            ("{\"a$V\"\n : \"x\"}", InvalidInsertion::InName(v())),
            (r#"{"A": "\$V"}"#, InvalidInsertion::AfterBackslash(v())),
            (r#"{"A": "\\\$V"}"#, InvalidInsertion::AfterBackslash(v())),
        ] {
            for value in ["", "x", "\"", "1"] {
                assert_eq!(filled_in(json, value), Err(error.clone()), "{json} {value}");
            }
        }
        assert_eq!(filled_in(r#"{"A": "$V", "B": 1}"#, "x").unwrap(), r#"{"A": "x", "B": 1}"#);
        assert_eq!(filled_in(r#"{"A": "$$V"}"#, "x").unwrap(), r#"{"A": "$V"}"#);
    }

    #[test]
    fn control_characters_are_refused() {
        for value in ["\n", "a\u{0}", "\t", "\u{7f}", "\u{85}"] {
            let error = filled_in(r#"{"A": "$V"}"#, value).unwrap_err();
            assert!(matches!(error, InvalidInsertion::ControlCharacter { .. }), "{value:?}");
        }
    }
}
