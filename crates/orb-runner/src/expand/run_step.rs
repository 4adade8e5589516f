//! A `run` and its settings, with references replaced: the last stage of expansion.
//!
//! Separate from the calls: no command is looked up here.

use std::collections::BTreeMap;

use super::ExpandError;
use super::reference::{Argument, BoundArguments, substitute, whole_reference};
use super::step::{RunStep, When};
use crate::yaml::{Map, Value};

impl RunStep {
    /// Reads the value of a `run` key.
    pub(super) fn read(run: &Value, bound: &BoundArguments) -> Result<Self, ExpandError> {
        let shorthand;
        let run = match run {
            Value::Map(map) => map,
            Value::Text(_) => {
                shorthand = Map::from([("command".to_owned(), run.clone())]);
                &shorthand
            }
            _ => return Err(ExpandError::Shape { what: "a `run` is neither text nor a mapping" }),
        };
        if let Some(key) = run.keys().find(|key| !RUN_KEYS.contains(&key.as_str())) {
            return Err(ExpandError::UnknownKey { key: key.clone() });
        }
        let text = |key: &str| optional_text(run.get(key), bound);
        let command = text("command")?.ok_or(ExpandError::Shape { what: "a `run` has no `command`" })?;
        Ok(Self {
            name: text("name")?.unwrap_or_else(|| command.clone()),
            command,
            shell: text("shell")?,
            environment: environment(run.get("environment"), bound)?,
            background: background(run.get("background"), bound)?,
            working_directory: text("working_directory")?,
            when: When::read(text("when")?.as_deref())?,
            no_output_timeout: text("no_output_timeout")?,
        })
    }
}

const RUN_KEYS: [&str; 8] = [
    "background",
    "command",
    "environment",
    "name",
    "no_output_timeout",
    "shell",
    "when",
    "working_directory",
];

impl When {
    fn read(text: Option<&str>) -> Result<Self, ExpandError> {
        match text {
            None | Some("on_success") => Ok(Self::OnSuccess),
            Some("on_fail") => Ok(Self::OnFail),
            Some("always") => Ok(Self::Always),
            Some(other) => Err(ExpandError::When { value: other.to_owned() }),
        }
    }
}

/// A text after substitution; `None` where it is absent.
pub(super) fn optional_text(
    value: Option<&Value>,
    bound: &BoundArguments,
) -> Result<Option<String>, ExpandError> {
    let Some(value) = value else { return Ok(None) };
    let value = substitute(value, bound)?;
    value
        .to_text()
        .map(Some)
        .ok_or(ExpandError::Shape { what: "a list or a mapping is used where text is needed" })
}

/// Variables after substitution. A boolean parameter becomes 1 or 0, which happens only here.
pub(super) fn environment(
    variables: Option<&Value>,
    bound: &BoundArguments,
) -> Result<BTreeMap<String, String>, ExpandError> {
    let Some(variables) = variables else { return Ok(BTreeMap::new()) };
    let variables =
        variables.as_map().ok_or(ExpandError::Shape { what: "`environment` is not a mapping" })?;
    let mut environment = BTreeMap::new();
    for (name, value) in variables {
        let text = match value.as_text().map(|text| whole_reference(text, bound)).transpose()?.flatten() {
            Some(Argument::Value(Value::Boolean(flag))) => Some(u8::from(*flag).to_string()),
            _ => substitute(value, bound)?.to_text(),
        };
        let text = text.ok_or(ExpandError::Shape { what: "a variable of `environment` is not text" })?;
        environment.insert(name.clone(), text);
    }
    Ok(environment)
}

fn background(value: Option<&Value>, bound: &BoundArguments) -> Result<bool, ExpandError> {
    match value.map(|value| substitute(value, bound)).transpose()? {
        None => Ok(false),
        Some(Value::Boolean(flag)) => Ok(flag),
        Some(_) => Err(ExpandError::Shape { what: "`background` is not a boolean" }),
    }
}
