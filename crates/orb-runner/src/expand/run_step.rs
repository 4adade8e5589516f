//! The plain steps that are left after expansion, and how a `run` becomes one.
//!
//! Apart from the calls because this is the end of the road: no names are looked up here.

use std::collections::BTreeMap;

use super::ExpandError;
use super::reference::{Argument, Bound, substitute, whole_reference};
use crate::yaml::{Map, Value};

/// An expanded job.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its name in the config.
    pub name: String,
    /// The job's own variables.
    pub environment: BTreeMap<String, String>,
    /// The shell of steps that name none.
    pub shell: Option<String>,
    /// What it does, in order.
    pub steps: Vec<Step>,
}

/// A step that an agent carries out.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Fetch the project.
    Checkout,
    /// Run a text in a shell.
    Run(Box<RunStep>),
}

/// A `run` with all its settings.
#[derive(Debug, Clone, PartialEq)]
pub struct RunStep {
    /// What the log calls it.
    pub name: String,
    /// The shell's text.
    pub command: String,
    /// Program and options, if not the default shell.
    pub shell: Option<String>,
    /// Variables of this step alone.
    pub environment: BTreeMap<String, String>,
    /// Whether the next step starts at once.
    pub background: bool,
    /// Where it runs, if not in the project.
    pub working_directory: Option<String>,
    /// Whether it runs after a failure.
    pub when: When,
    /// How long it may be silent. Shown, but not enforced by [`crate::run`].
    pub no_output_timeout: Option<String>,
}

/// When a step runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Unless a step failed.
    OnSuccess,
    /// Only if a step failed.
    OnFail,
    /// In any case.
    Always,
}

impl RunStep {
    /// Reads the value of a `run` key.
    pub(super) fn read(run: &Value, bound: &Bound) -> Result<Self, ExpandError> {
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
            Some(_) => Err(ExpandError::Shape { what: "`when` is none of on_success, on_fail, always" }),
        }
    }

    fn as_text(self) -> &'static str {
        match self {
            Self::OnSuccess => "on_success",
            Self::OnFail => "on_fail",
            Self::Always => "always",
        }
    }
}

/// A text after substitution; what is absent stays absent.
pub(super) fn optional_text(value: Option<&Value>, bound: &Bound) -> Result<Option<String>, ExpandError> {
    let Some(value) = value else { return Ok(None) };
    let value = substitute(value, bound)?;
    value
        .to_text()
        .map(Some)
        .ok_or(ExpandError::Shape { what: "a list or a mapping stands where text is needed" })
}

/// Variables after substitution. A boolean parameter becomes 1 or 0 here, and here only.
pub(super) fn environment(
    variables: Option<&Value>,
    bound: &Bound,
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

fn background(value: Option<&Value>, bound: &Bound) -> Result<bool, ExpandError> {
    match value.map(|value| substitute(value, bound)).transpose()? {
        None => Ok(false),
        Some(Value::Boolean(flag)) => Ok(flag),
        Some(_) => Err(ExpandError::Shape { what: "`background` is not a boolean" }),
    }
}

impl Job {
    /// The steps as a document, for people and for golden files. Settings that have no effect are left out.
    pub fn steps_document(&self) -> Value {
        Value::List(self.steps.iter().map(Step::document).collect())
    }
}

impl Step {
    fn document(&self) -> Value {
        let Self::Run(step) = self else { return Value::Text("checkout".to_owned()) };
        let mut run = Map::new();
        let mut put = |key: &str, value: Option<&str>| {
            run.extend(value.map(|value| (key.to_owned(), Value::Text(value.to_owned()))));
        };
        put("name", Some(&step.name));
        put("command", Some(&step.command));
        put("shell", step.shell.as_deref());
        put("working_directory", step.working_directory.as_deref());
        put("no_output_timeout", step.no_output_timeout.as_deref());
        put("when", (step.when != When::OnSuccess).then(|| step.when.as_text()));
        if step.background {
            run.insert("background".to_owned(), Value::Boolean(true));
        }
        if !step.environment.is_empty() {
            let variables =
                step.environment.iter().map(|(name, text)| (name.clone(), Value::Text(text.clone())));
            run.insert("environment".to_owned(), Value::Map(variables.collect()));
        }
        Value::Map(Map::from([("run".to_owned(), Value::Map(run))]))
    }
}
