//! What a job's executor sets: the variables of its image, its own variables, and its shell. The image itself is not
//! used: the caller's machine is the executor.

use std::collections::BTreeMap;

use super::ExpandError;
use super::calls::{Expander, Scope};
use super::reference::{BoundArguments, substitute};
use super::run_step::{environment, optional_text};
use crate::yaml::{Map, Value};

/// The settings of a job that its executor can have.
#[derive(Default)]
pub(super) struct Settings {
    /// The variables of the first image: contexts and projects override them.
    pub(super) image: BTreeMap<String, String>,
    /// The job's variables.
    pub(super) environment: BTreeMap<String, String>,
    /// The job's shell.
    pub(super) shell: Option<String>,
}

impl Settings {
    /// Reads the settings of a job, which has them over those of its executor.
    pub(super) fn of_job(
        job: &Map,
        expander: &Expander<'_>,
        bound: &BoundArguments,
    ) -> Result<Self, ExpandError> {
        let mut settings = match job.get("executor") {
            Some(executor) => of_executor(&substitute(executor, bound)?, expander)?,
            None => Self::default(),
        };
        settings.add(job, bound)?;
        Ok(settings)
    }

    fn add(&mut self, definition: &Map, bound: &BoundArguments) -> Result<(), ExpandError> {
        let first_image = definition.get("docker").and_then(Value::as_list).and_then(<[Value]>::first);
        if let Some(image) = first_image {
            self.image.extend(environment(image.at(&["environment"]), bound)?);
        }
        self.environment.extend(environment(definition.get("environment"), bound)?);
        if let Some(shell) = optional_text(definition.get("shell"), bound)? {
            self.shell = Some(shell);
        }
        Ok(())
    }
}

/// An executor by its name, or by a mapping with its name and its arguments.
fn of_executor(executor: &Value, expander: &Expander<'_>) -> Result<Settings, ExpandError> {
    let mut arguments = executor.as_map().cloned().unwrap_or_default();
    let named = arguments.remove("name");
    let name = named.as_ref().unwrap_or(executor).as_text();
    let name =
        name.ok_or(ExpandError::Shape { what: "`executor` is neither a name nor a mapping with `name`" })?;
    let definition = find(name, expander)?;
    let scope = Scope::of_config();
    let bound = expander.bind(definition.get("parameters"), &arguments, &scope, &scope)?;
    let mut settings = Settings::default();
    settings.add(definition, &bound)?;
    Ok(settings)
}

fn find<'a>(name: &str, expander: &Expander<'a>) -> Result<&'a Map, ExpandError> {
    let not_found = || ExpandError::ExecutorNotFound { executor: name.to_owned() };
    let (document, name) = match name.split_once('/') {
        None => (expander.config, name),
        Some((import, name)) => {
            let missing = || ExpandError::MissingOrb { import: import.to_owned() };
            (expander.orbs.get(import).ok_or_else(missing)?, name)
        }
    };
    document.at(&["executors", name]).and_then(Value::as_map).ok_or_else(not_found)
}
