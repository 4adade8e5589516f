//! `<< parameters.x >>` in values.
//!
//! A text that is one reference becomes the argument itself, with its type; inside a longer text the argument becomes
//! text. An inserted argument is not expanded again, so it can hold `<<`.

use std::collections::BTreeMap;

use super::ExpandError;
use super::step::Step;
use crate::yaml::Value;

/// The arguments of one call, by parameter.
pub(super) type BoundArguments = BTreeMap<String, Argument>;

/// What a parameter stands for.
#[derive(Debug, Clone)]
pub(super) enum Argument {
    /// A value of any type but `steps`.
    Value(Value),
    /// Steps, already expanded: the names in them are the caller's.
    Steps(Vec<Step>),
}

/// The value with all references in it replaced, at any depth.
pub(super) fn substitute(value: &Value, bound: &BoundArguments) -> Result<Value, ExpandError> {
    match value {
        Value::Text(text) => substitute_text(text, bound),
        Value::List(list) => {
            list.iter().map(|value| substitute(value, bound)).collect::<Result<_, _>>().map(Value::List)
        }
        Value::Map(map) => map
            .iter()
            .map(|(key, value)| Ok((key.clone(), substitute(value, bound)?)))
            .collect::<Result<_, _>>()
            .map(Value::Map),
        scalar => Ok(scalar.clone()),
    }
}

/// The argument that a text stands for, if it is one reference and nothing else.
pub(super) fn whole_reference<'a>(
    text: &str,
    bound: &'a BoundArguments,
) -> Result<Option<&'a Argument>, ExpandError> {
    let Some(rest) = text.trim().strip_prefix("<<") else { return Ok(None) };
    match rest.split_once(">>") {
        Some((variable, "")) => find(variable, bound).map(Some),
        _ => Ok(None),
    }
}

fn substitute_text(text: &str, bound: &BoundArguments) -> Result<Value, ExpandError> {
    match whole_reference(text, bound)? {
        Some(Argument::Value(value)) => return Ok(value.clone()),
        Some(Argument::Steps(_)) => return Err(not_text(text.trim())),
        None => {}
    }
    let mut result = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<<") {
        if let Some(before) = before.strip_suffix('\\') {
            result.push_str(before);
            result.push_str("<<");
            rest = after;
            continue;
        }
        result.push_str(before);
        let line = || format!("<<{}", after.lines().next().unwrap_or_default());
        let (variable, after) =
            after.split_once(">>").ok_or_else(|| ExpandError::Unclosed { text: line() })?;
        let Argument::Value(value) = find(variable, bound)? else { return Err(not_text(variable.trim())) };
        result.push_str(&value.to_text().ok_or_else(|| not_text(variable.trim()))?);
        rest = after;
    }
    result.push_str(rest);
    Ok(Value::Text(result))
}

fn find<'a>(variable: &str, bound: &'a BoundArguments) -> Result<&'a Argument, ExpandError> {
    let variable = variable.trim();
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if variable.is_empty() || !variable.chars().all(is_name) {
        return Err(ExpandError::Unclosed { text: format!("<<{variable}") });
    }
    let Some(name) = variable.strip_prefix("parameters.") else {
        return Err(ExpandError::UnknownVariable { name: variable.to_owned() });
    };
    bound.get(name).ok_or_else(|| ExpandError::Undeclared { name: name.to_owned() })
}

fn not_text(name: &str) -> ExpandError {
    ExpandError::NotText { name: name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound() -> BoundArguments {
        [
            ("text", Value::Text("a<<b".into())),
            ("flag", Value::Boolean(true)),
            ("count", Value::Integer(3)),
            ("executor", Value::Map([("name".to_owned(), Value::Text("x".into()))].into())),
        ]
        .map(|(name, value)| (name.to_owned(), Argument::Value(value)))
        .into()
    }

    #[test]
    fn references_are_replaced_by_the_table() {
        let text = |text: &str| Value::Text(text.to_owned());
        let table = [
            ("plain", text("plain")),
            ("<< parameters.text >>", text("a<<b")),
            ("<<parameters.flag>>", Value::Boolean(true)),
            ("<<\tparameters.count  >>", Value::Integer(3)),
            ("is <<parameters.flag>>, << parameters.count >>", text("is true, 3")),
            ("<<parameters.text>><<parameters.text>>", text("a<<ba<<b")),
            ("cat \\<<EOF", text("cat <<EOF")),
            ("\\<< parameters.text >>", text("<< parameters.text >>")),
            ("\\<<< <<parameters.count>>", text("<<< 3")),
        ];
        for (input, expected) in table {
            assert_eq!(substitute_text(input, &bound()).unwrap(), expected, "{input:?}");
        }
    }

    #[test]
    fn what_is_no_parameter_is_named() {
        let table = [
            ("a << parameters.other >>", "Arguments referenced without declared parameters: other"),
            ("<< pipeline.number >>", "Unknown variable(s): pipeline.number"),
            (
                "cat <<EOF",
                "Unclosed '<<' tag in string: '<<EOF' ('<<' must be escaped as '\\<<' in config v2.1+)",
            ),
            (
                "<<# parameters.text >>",
                "Unclosed '<<' tag in string: '<<# parameters.text' ('<<' must be escaped as '\\<<' in config v2.1+)",
            ),
            ("a << parameters.executor >>", "the parameter `parameters.executor` has no text form"),
        ];
        for (input, message) in table {
            assert_eq!(substitute_text(input, &bound()).unwrap_err().to_string(), message, "{input:?}");
        }
    }
}
