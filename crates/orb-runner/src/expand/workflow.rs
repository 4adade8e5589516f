//! The jobs of a config's workflows: a job under the name that its workflow gives it, with its arguments.

use super::ExpandError;
use crate::yaml::{Map, Value};

/// One entry of a workflow.
pub(super) struct Entry<'a> {
    /// The name by which CircleCI shows it.
    pub(super) name: String,
    /// The job in the config's `jobs`.
    pub(super) job: &'a str,
    /// Whether it stands for a job for each value of a list, which is not supported.
    pub(super) has_matrix: bool,
    /// The arguments of its parameters.
    pub(super) arguments: Map,
    /// Steps around the job's own.
    pub(super) before: Option<&'a Value>,
    /// The same, after them.
    pub(super) after: Option<&'a Value>,
}

/// Keys of an entry that are no arguments.
const OF_WORKFLOWS: [&str; 10] = [
    "context",
    "filters",
    "matrix",
    "name",
    "override-with",
    "post-steps",
    "pre-steps",
    "requires",
    "serial-group",
    "type",
];

/// Every entry, in the order of the document.
pub(super) fn entries(config: &Value) -> Result<Vec<Entry<'_>>, ExpandError> {
    let Some(workflows) = config.at(&["workflows"]).and_then(Value::as_map) else { return Ok(Vec::new()) };
    let mut entries = Vec::new();
    for workflow in workflows.values().filter_map(|workflow| workflow.at(&["jobs"])) {
        let jobs =
            workflow.as_list().ok_or(ExpandError::Shape { what: "`jobs` of a workflow is not a list" })?;
        let of_workflow = jobs.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
        entries.extend(numbered(of_workflow));
    }
    Ok(entries)
}

fn entry(value: &Value) -> Result<Entry<'_>, ExpandError> {
    let shape =
        ExpandError::Shape { what: "a job of a workflow is neither a name nor a mapping with one key" };
    let (job, settings) = match value {
        Value::Text(job) => (job, None),
        Value::Map(map) if map.len() == 1 => {
            let (job, settings) = map.first_key_value().ok_or(shape)?;
            (job, settings.as_map())
        }
        _ => return Err(shape),
    };
    let is_argument = |(key, _): &(&String, &Value)| !OF_WORKFLOWS.contains(&key.as_str());
    let arguments = settings.into_iter().flatten().filter(is_argument);
    let name = settings.and_then(|settings| settings.get("name")).and_then(Value::as_text).unwrap_or(job);
    Ok(Entry {
        name: name.to_owned(),
        job,
        has_matrix: settings.is_some_and(|settings| settings.contains_key("matrix")),
        arguments: arguments.map(|(key, value)| (key.clone(), value.clone())).collect(),
        before: settings.and_then(|settings| settings.get("pre-steps")),
        after: settings.and_then(|settings| settings.get("post-steps")),
    })
}

/// CircleCI numbers jobs of one name in a workflow.
fn numbered(mut entries: Vec<Entry<'_>>) -> Vec<Entry<'_>> {
    let names: Vec<String> = entries.iter().map(|entry| entry.name.clone()).collect();
    for (at, entry) in entries.iter_mut().enumerate() {
        let same = |names: &[String]| names.iter().filter(|name| **name == entry.name).count();
        if same(&names) > 1 {
            entry.name = format!("{}-{}", entry.name, same(names.get(..=at).unwrap_or_default()));
        }
    }
    entries
}
