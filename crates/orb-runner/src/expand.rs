//! A job of a config, with every command, parameter and condition resolved: the steps as an agent gets them.
//!
//! CircleCI does this on its servers. Here it is a pure function from documents to a [`Job`]. The executor and its image
//! are ignored: the caller's machine is the executor.

mod calls;
mod condition;
mod error;
mod parameters;
mod reference;
mod run_step;
mod step;

use std::collections::BTreeMap;

pub use error::ExpandError;
pub use step::{Job, RunStep, Step, When};

use crate::yaml::{Map, Value};
use calls::{Expander, Scope};

/// The steps of `job`, where `orbs` holds a packed orb for each import that the job uses.
///
/// An import is resolved by its name alone: the version in the config does not describe a local file.
pub fn expand(config: &Value, orbs: &BTreeMap<String, Value>, job: &str) -> Result<Job, ExpandError> {
    let Some(definition) = config.at(&["jobs", job]).and_then(Value::as_map) else {
        return Err(ExpandError::NoSuchJob { job: job.to_owned() });
    };
    let expander = Expander { config, orbs };
    let none = Map::new();
    let scope = Scope::of_config();
    let bound = expander.bind(definition.get("parameters"), &none, &scope, &scope)?;
    let scope = scope.with(bound);
    let steps = definition.get("steps").ok_or(ExpandError::Shape { what: "a job has no `steps`" })?;
    Ok(Job {
        name: job.to_owned(),
        environment: run_step::environment(definition.get("environment"), &scope.bound)?,
        shell: run_step::optional_text(definition.get("shell"), &scope.bound)?,
        steps: expander.steps(steps, &scope)?,
    })
}
