//! Steps that are not plain yet: calls of commands, conditional steps, steps passed as an argument.
//!
//! A command sees its own parameters and the commands of its own orb, and nothing of its caller's. The functions call each
//! other because the language does: a step can be a call, whose command has steps.

use std::collections::BTreeMap;

use super::condition;
use super::error::ExpandError;
use super::parameters::{Kind, Parameter};
use super::reference::{Argument, BoundArguments, substitute, whole_reference};
use super::step::{RunStep, Step};
use crate::yaml::{Map, Value};

/// The documents that names are looked up in.
pub(super) struct Expander<'a> {
    pub(super) config: &'a Value,
    pub(super) orbs: &'a BTreeMap<String, Value>,
}

/// Where a list of steps is.
#[derive(Clone, Default)]
pub(super) struct Scope<'a> {
    /// The arguments of the enclosing command.
    pub(super) bound: BoundArguments,
    /// The import to whose commands names without a `/` refer; `None` is the config.
    orb: Option<&'a str>,
    /// The enclosing calls, as orb and name.
    calls: Vec<(Option<&'a str>, &'a str)>,
}

impl Scope<'_> {
    /// The config's top level: no parameters, its own commands.
    pub(super) fn of_config() -> Self {
        Self::default()
    }

    /// The same scope with arguments.
    pub(super) fn with(self, bound: BoundArguments) -> Self {
        Self { bound, ..self }
    }
}

impl<'a> Expander<'a> {
    /// Expands a list of steps, or a parameter that stands for one.
    pub(super) fn steps(&self, steps: &Value, scope: &Scope<'a>) -> Result<Vec<Step>, ExpandError> {
        if let Some(text) = steps.as_text()
            && let Some(Argument::Steps(steps)) = whole_reference(text, &scope.bound)?
        {
            return Ok(steps.clone());
        }
        let steps = steps.as_list().ok_or(ExpandError::Shape { what: "`steps` is not a list" })?;
        steps
            .iter()
            .map(|step| self.step(step, scope))
            .collect::<Result<Vec<_>, _>>()
            .map(|steps| steps.concat())
    }

    /// Finds a job, and the scope of its steps: `import/name` in an orb, a name alone in the config. `None` if there is
    /// none of this name.
    pub(super) fn job(&self, name: &str) -> Result<Option<(&'a Map, Scope<'a>)>, ExpandError> {
        let mut scope = Scope::of_config();
        let mut document = self.config;
        let mut name = name;
        if let Some((import, job)) = name.split_once('/') {
            let missing = || ExpandError::MissingOrb { import: import.to_owned() };
            let (key, orb) = self.orbs.get_key_value(import).ok_or_else(missing)?;
            scope.orb = Some(key.as_str());
            (document, name) = (orb, job);
        }
        let job = document.at(&["jobs"]).and_then(Value::as_map).and_then(|jobs| jobs.get(name));
        Ok(job.and_then(Value::as_map).map(|job| (job, scope)))
    }

    fn step(&self, step: &Value, scope: &Scope<'a>) -> Result<Vec<Step>, ExpandError> {
        let nothing = Value::Null;
        let (name, value) = match step {
            Value::Text(name) => (name, &nothing),
            Value::Map(map) if map.len() == 1 => {
                map.first_key_value().ok_or(ExpandError::Shape { what: "a step is empty" })?
            }
            _ => {
                return Err(ExpandError::Shape {
                    what: "a step is neither a name nor a mapping with one key",
                });
            }
        };
        match name.as_str() {
            "run" => Ok(vec![Step::Run(Box::new(RunStep::read(value, &scope.bound)?))]),
            "checkout" => Ok(vec![Step::Checkout]),
            "steps" => self.steps(value, scope),
            "when" => self.conditional(value, true, scope),
            "unless" => self.conditional(value, false, scope),
            name if NEEDS_CIRCLECI.contains(&name) => Err(ExpandError::Unsupported { step: name.to_owned() }),
            name => self.call(name, value, scope).map_err(|reason| ExpandError::Calling {
                command: name.to_owned(),
                source: Box::new(reason),
            }),
        }
    }

    fn conditional(&self, value: &Value, wanted: bool, scope: &Scope<'a>) -> Result<Vec<Step>, ExpandError> {
        let (Some(condition), Some(steps)) = (value.at(&["condition"]), value.at(&["steps"])) else {
            return Err(ExpandError::Shape { what: "`when` and `unless` need `condition` and `steps`" });
        };
        if condition::holds(&substitute(condition, &scope.bound)?)? == wanted {
            self.steps(steps, scope)
        } else {
            Ok(Vec::new())
        }
    }

    fn call(&self, called: &str, arguments: &Value, scope: &Scope<'a>) -> Result<Vec<Step>, ExpandError> {
        let (orb, name, command) = self.find(called, scope.orb)?;
        if scope.calls.contains(&(orb, name)) {
            return Err(ExpandError::Recursion { command: called.to_owned() });
        }
        let none = Map::new();
        let arguments = match arguments {
            Value::Null => &none,
            Value::Map(arguments) => arguments,
            _ => return Err(ExpandError::Shape { what: "the arguments of a command are not a mapping" }),
        };
        let mut inner = Scope { bound: BoundArguments::new(), orb, calls: scope.calls.clone() };
        inner.calls.push((orb, name));
        inner.bound = self.bind(command.get("parameters"), arguments, scope, &inner)?;
        let steps = command.get("steps").ok_or(ExpandError::Shape { what: "a command has no `steps`" })?;
        self.steps(steps, &inner)
    }

    /// Finds a command: `import/name` in the config's imports, a name alone in the document of its caller.
    fn find(
        &self,
        called: &str,
        orb: Option<&'a str>,
    ) -> Result<(Option<&'a str>, &'a str, &'a Map), ExpandError> {
        let not_found = || ExpandError::CommandNotFound { command: called.to_owned() };
        let (orb, name) = match called.split_once('/') {
            None => (orb, called),
            Some(_) if orb.is_some() => return Err(not_found()),
            Some((import, name)) => {
                self.config.at(&["orbs", import]).ok_or_else(not_found)?;
                let orb = self.orbs.get_key_value(import);
                let (key, _) = orb.ok_or_else(|| ExpandError::MissingOrb { import: import.to_owned() })?;
                (Some(key.as_str()), name)
            }
        };
        let document = match orb {
            None => self.config,
            Some(orb) => self.orbs.get(orb).ok_or_else(not_found)?,
        };
        let commands = document.at(&["commands"]).and_then(Value::as_map).ok_or_else(not_found)?;
        let (name, command) = commands.get_key_value(name).ok_or_else(not_found)?;
        let command = command.as_map().ok_or(ExpandError::Shape { what: "a command is not a mapping" })?;
        Ok((orb, name, command))
    }

    /// Binds arguments to declared parameters. Arguments belong to the `caller`, defaults to the command's `own` scope.
    pub(super) fn bind(
        &self,
        declarations: Option<&Value>,
        arguments: &Map,
        caller: &Scope<'a>,
        own: &Scope<'a>,
    ) -> Result<BoundArguments, ExpandError> {
        let parameters = Parameter::read_all(declarations)?;
        let unexpected =
            arguments.keys().filter(|name| parameters.iter().all(|each| each.name != name.as_str()));
        if let Some(names) = names(unexpected.map(String::as_str)) {
            return Err(ExpandError::UnexpectedArguments { names });
        }
        let has_value = |each: &&Parameter<'_>| each.default.is_some() || arguments.contains_key(each.name);
        if let Some(names) = names(parameters.iter().filter(|each| !has_value(each)).map(|each| each.name)) {
            return Err(ExpandError::MissingArguments { names });
        }
        let mut bound = BoundArguments::new();
        for parameter in &parameters {
            let argument = match (arguments.get(parameter.name), parameter.default) {
                (Some(argument), _) => self.argument(parameter, argument, caller)?,
                (None, Some(default)) => self.argument(parameter, default, own)?,
                (None, None) => continue,
            };
            bound.insert(parameter.name.to_owned(), argument);
        }
        Ok(bound)
    }

    fn argument(
        &self,
        parameter: &Parameter<'_>,
        value: &Value,
        scope: &Scope<'a>,
    ) -> Result<Argument, ExpandError> {
        if parameter.kind == Kind::Steps {
            if value.as_text().is_none() {
                parameter.check(value)?;
            }
            return self.steps(value, scope).map(Argument::Steps);
        }
        let value = substitute(value, &scope.bound)?;
        parameter.check(&value)?;
        Ok(Argument::Value(value))
    }
}

/// Steps that act on CircleCI's storage or machines.
const NEEDS_CIRCLECI: [&str; 9] = [
    "add_ssh_keys",
    "attach_workspace",
    "deploy",
    "persist_to_workspace",
    "restore_cache",
    "save_cache",
    "setup_remote_docker",
    "store_artifacts",
    "store_test_results",
];

fn names<'n>(names: impl Iterator<Item = &'n str>) -> Option<String> {
    let names: Vec<_> = names.collect();
    (!names.is_empty()).then(|| names.join(", "))
}
