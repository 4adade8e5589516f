//! A job of a config, with every command, parameter and condition resolved: the steps as an agent gets them.
//!
//! CircleCI does this on its servers. Here it is a pure function from documents to a [`Job`]. Of an executor and its
//! image only variables and shell are used: the caller's machine is the executor.

mod calls;
mod condition;
mod error;
mod executor;
mod matrix;
mod parameters;
mod reference;
mod run_step;
mod step;
mod workflow;

use std::collections::BTreeMap;

pub use error::ExpandError;
pub use step::{Job, RunStep, Step, When};
pub use workflow::names_in_workflows;

use crate::yaml::{Map, Value};
use calls::{Expander, Scope};
use executor::Settings;

/// The steps of `job`, where `orbs` holds a packed orb for each import that the job uses. A name that a workflow gives a
/// job stands for that job, which may be an orb's, with the workflow's arguments, any other for a job of the config
/// without arguments.
///
/// An import is resolved by its name alone: the version in the config does not describe a local file.
pub fn expand(config: &Value, orbs: &BTreeMap<String, Value>, job: &str) -> Result<Job, ExpandError> {
    let entries = workflow::entries(config)?;
    let entry = entries.iter().find(|entry| entry.name == job);
    let name = entry.map_or(job, |entry| entry.job);
    let expander = Expander { config, orbs };
    let Some((definition, scope)) = expander.job(name)? else {
        let mut known: Vec<String> = entries.into_iter().map(|entry| entry.name).collect();
        let defined = config.at(&["jobs"]).and_then(Value::as_map);
        known.extend(defined.into_iter().flat_map(|jobs| jobs.keys().cloned()));
        known.sort();
        known.dedup();
        return Err(ExpandError::NoSuchJob { job: job.to_owned(), known: known.join(", ") });
    };
    let none = Map::new();
    let outer = Scope::of_config();
    let arguments = entry.map_or(&none, |entry| &entry.arguments);
    let bound = expander.bind(definition.get("parameters"), arguments, &outer, &scope)?;
    let scope = scope.with(bound);
    let steps = definition.get("steps").ok_or(ExpandError::Shape { what: "a job has no `steps`" })?;
    let settings = Settings::of_job(definition, &expander, &scope.bound)?;
    let around = |steps: Option<&Value>| steps.map_or(Ok(Vec::new()), |steps| expander.steps(steps, &outer));
    let before = around(entry.and_then(|entry| entry.before))?;
    let after = around(entry.and_then(|entry| entry.after))?;
    Ok(Job {
        name: job.to_owned(),
        image: settings.image,
        environment: settings.environment,
        shell: settings.shell,
        steps: [before, expander.steps(steps, &scope)?, after].concat(),
    })
}
