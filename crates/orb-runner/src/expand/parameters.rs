//! Declared parameters: their types, and whether a value has the type.
//!
//! As in CircleCI nothing is converted: `5` is not a string, `"true"` is not a boolean.

use super::ExpandError;
use crate::yaml::{Map, Value};

/// One declared parameter.
#[derive(Debug)]
pub(super) struct Parameter<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Its type.
    pub(super) kind: Kind<'a>,
    /// The value where the caller passes none; a parameter without a default is required.
    pub(super) default: Option<&'a Value>,
}

/// The types that CircleCI knows.
#[derive(Debug, PartialEq)]
pub(super) enum Kind<'a> {
    String,
    Boolean,
    Integer,
    Enum(Vec<&'a str>),
    Executor,
    Steps,
    EnvVarName,
}

impl<'a> Parameter<'a> {
    /// Reads the declarations of a command or a job.
    pub(super) fn read_all(declarations: Option<&'a Value>) -> Result<Vec<Self>, ExpandError> {
        let Some(declarations) = declarations else { return Ok(Vec::new()) };
        let declarations =
            declarations.as_map().ok_or(ExpandError::Shape { what: "`parameters` is not a mapping" })?;
        declarations.iter().map(|(name, declaration)| Self::read(name, declaration)).collect()
    }

    fn read(name: &'a str, declaration: &'a Value) -> Result<Self, ExpandError> {
        let invalid = |problem| ExpandError::Declaration { name: name.to_owned(), problem };
        if !is_parameter_name(name) {
            return Err(invalid("needs a name of lower-case letters, digits, `_` and `-`"));
        }
        let declaration = declaration.as_map().ok_or_else(|| invalid("is not a mapping"))?;
        if declaration.keys().any(|key| !["type", "description", "default", "enum"].contains(&key.as_str())) {
            return Err(invalid("has a key other than type, description, default and enum"));
        }
        let kind = match declaration.get("type").and_then(Value::as_text) {
            Some("string") => Kind::String,
            Some("boolean") => Kind::Boolean,
            Some("integer") => Kind::Integer,
            Some("enum") => {
                Kind::Enum(choices(declaration).ok_or_else(|| invalid("needs a list of texts as enum"))?)
            }
            Some("executor") => Kind::Executor,
            Some("steps") => Kind::Steps,
            Some("env_var_name") => Kind::EnvVarName,
            _ => return Err(invalid("has no type that CircleCI knows")),
        };
        let default = declaration.get("default");
        if let Some(value) = default.filter(|value| !kind.takes(value)) {
            return Err(ExpandError::DefaultType {
                name: name.to_owned(),
                expected: kind.describe(),
                value: show(value),
                actual: type_of(value),
            });
        }
        Ok(Self { name, kind, default })
    }

    /// Refuses an argument of another type, in CircleCI's words.
    pub(super) fn check(&self, argument: &Value) -> Result<(), ExpandError> {
        if self.kind.takes(argument) {
            return Ok(());
        }
        Err(ExpandError::ArgumentType {
            name: self.name.to_owned(),
            expected: self.kind.describe(),
            value: show(argument),
            actual: type_of(argument),
        })
    }
}

impl Kind<'_> {
    fn takes(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::String | Self::Executor, Value::Text(_))
            | (Self::Boolean, Value::Boolean(_))
            | (Self::Integer, Value::Integer(_))
            | (Self::Steps, Value::List(_)) => true,
            (Self::Executor, Value::Map(map)) => map.contains_key("name"),
            (Self::Enum(choices), Value::Text(text)) => choices.contains(&text.as_str()),
            (Self::EnvVarName, Value::Text(text)) => is_posix_name(text),
            _ => false,
        }
    }

    fn describe(&self) -> String {
        match self {
            Self::String => "string".to_owned(),
            Self::Boolean => "boolean".to_owned(),
            Self::Integer => "integer".to_owned(),
            Self::Enum(choices) => format!("enum ({})", choices.join(", ")),
            Self::Executor => "executor".to_owned(),
            Self::Steps => "steps".to_owned(),
            Self::EnvVarName => "env_var_name".to_owned(),
        }
    }
}

fn choices(declaration: &Map) -> Option<Vec<&str>> {
    let choices = declaration.get("enum")?.as_list()?;
    choices.iter().map(Value::as_text).collect::<Option<Vec<_>>>().filter(|choices| !choices.is_empty())
}

fn is_parameter_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-')
}

fn is_posix_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn show(value: &Value) -> String {
    value.to_text().unwrap_or_else(|| type_of(value).to_owned())
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Boolean(_) => "boolean",
        Value::Integer(_) => "integer",
        Value::Decimal(_) => "number",
        Value::Text(_) => "string",
        Value::List(_) => "list",
        Value::Map(_) => "map",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{BareWords, parse};

    fn outcome(declaration: &str, argument: &str) -> String {
        let declarations = parse(&format!("p: {declaration}"), BareWords::AreBooleans).unwrap();
        let argument = parse(argument, BareWords::AreBooleans).unwrap();
        let checked = Parameter::read_all(Some(&declarations)).and_then(|all| all[0].check(&argument));
        checked.map_or_else(|refusal| refusal.to_string(), |()| "fits".to_owned())
    }

    #[test]
    fn arguments_fit_their_type_or_are_refused() {
        let refused = |expected: &str, value: &str, actual: &str| {
            format!(
                "Type error for argument p: expected type: {expected}, actual value: {value} (type {actual})"
            )
        };
        let table = [
            ("{type: string}", "word", "fits".to_owned()),
            ("{type: string}", "''", "fits".to_owned()),
            ("{type: string}", "5", refused("string", "5", "integer")),
            ("{type: string}", "yes", refused("string", "true", "boolean")),
            ("{type: boolean}", "off", "fits".to_owned()),
            ("{type: boolean}", "'true'", refused("boolean", "true", "string")),
            ("{type: integer}", "5", "fits".to_owned()),
            ("{type: integer}", "'5'", refused("integer", "5", "string")),
            ("{type: enum, enum: [a, b]}", "b", "fits".to_owned()),
            ("{type: enum, enum: [a, b]}", "c", refused("enum (a, b)", "c", "string")),
            ("{type: env_var_name}", "AWS_ROLE", "fits".to_owned()),
            ("{type: env_var_name}", "$AWS_ROLE", refused("env_var_name", "$AWS_ROLE", "string")),
            ("{type: executor}", "{name: default}", "fits".to_owned()),
            ("{type: executor}", "[default]", refused("executor", "list", "list")),
            ("{type: steps}", "[]", "fits".to_owned()),
            ("{type: steps}", "checkout", refused("steps", "checkout", "string")),
        ];
        for (declaration, argument, expected) in table {
            assert_eq!(outcome(declaration, argument), expected, "{declaration} given {argument}");
        }
    }

    #[test]
    fn a_flawed_declaration_is_refused() {
        let table = [
            ("{type: number}", "Parameter error: parameter 'p' has no type that CircleCI knows"),
            ("{default: a}", "Parameter error: parameter 'p' has no type that CircleCI knows"),
            ("{type: enum}", "Parameter error: parameter 'p' needs a list of texts as enum"),
            (
                "{type: string, defualt: a}",
                "Parameter error: parameter 'p' has a key other than type, description, default and enum",
            ),
            (
                "{type: boolean, default: 'on'}",
                "Parameter error: default value of parameter 'p' is 'on' (type string): expected type boolean",
            ),
            (
                "{type: enum, enum: [a], default: b}",
                "Parameter error: default value of parameter 'p' is 'b' (type string): expected type enum (a)",
            ),
        ];
        for (declaration, expected) in table {
            assert_eq!(outcome(declaration, "a"), expected, "{declaration}");
        }
    }
}
