//! The plain steps that expansion ends with, as data and as a document.
//!
//! Separate from how a `run` is read: an argument can hold steps, and a `run` can refer to arguments.

use std::collections::BTreeMap;

use crate::yaml::{Map, Value};

/// An expanded job.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its name in the config.
    pub name: String,
    /// The variables of its image, which contexts override.
    pub image: BTreeMap<String, String>,
    /// The job's own variables, with those of its executor.
    pub environment: BTreeMap<String, String>,
    /// The shell of steps that do not name one.
    pub shell: Option<String>,
    /// Its steps, in order.
    pub steps: Vec<Step>,
}

/// A step that an agent runs.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Fetches the project.
    Checkout,
    /// Runs a text in a shell.
    Run(Box<RunStep>),
}

/// A `run` with all its settings.
#[derive(Debug, Clone, PartialEq)]
pub struct RunStep {
    /// The name in the log.
    pub name: String,
    /// The shell's text.
    pub command: String,
    /// The shell and its options, if not the default ones.
    pub shell: Option<String>,
    /// The step's own variables.
    pub environment: BTreeMap<String, String>,
    /// Whether the next step starts without waiting for this one.
    pub background: bool,
    /// The directory it runs in, if not the project's.
    pub working_directory: Option<String>,
    /// Whether it runs after a failure.
    pub when: When,
    /// How long it may write nothing. It is shown, and [`crate::run`] does not enforce it.
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

impl When {
    fn as_text(self) -> &'static str {
        match self {
            Self::OnSuccess => "on_success",
            Self::OnFail => "on_fail",
            Self::Always => "always",
        }
    }
}

impl Job {
    /// The steps as a document, for people and for expected files of tests. Settings without effect are left out.
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
