//! The jobs of a config's workflows: a job under the name that its workflow gives it, with its arguments.

use super::{ExpandError, matrix};
use crate::yaml::{Map, Value};

/// One job of a workflow.
#[derive(Clone)]
pub(super) struct Entry<'a> {
    /// The name by which CircleCI shows it.
    pub(super) name: String,
    /// The job in the config's `jobs`, or `import/name` for one of an orb.
    pub(super) job: &'a str,
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

/// The names that the workflows of a config give their jobs. Jobs that wait for an approval are among them.
pub fn names_in_workflows(config: &Value) -> Result<Vec<String>, ExpandError> {
    Ok(entries(config)?.into_iter().map(|entry| entry.name).collect())
}

/// Every job, in the order of the document.
pub(super) fn entries(config: &Value) -> Result<Vec<Entry<'_>>, ExpandError> {
    let Some(workflows) = config.at(&["workflows"]).and_then(Value::as_map) else { return Ok(Vec::new()) };
    let mut entries = Vec::new();
    for workflow in workflows.values().filter_map(|workflow| workflow.at(&["jobs"])) {
        let jobs =
            workflow.as_list().ok_or(ExpandError::Shape { what: "`jobs` of a workflow is not a list" })?;
        let of_workflow = jobs.iter().map(of_entry).collect::<Result<Vec<_>, _>>()?;
        entries.extend(numbered(of_workflow.concat()));
    }
    Ok(entries)
}

/// The jobs of one entry: one, or with a matrix one for each combination.
fn of_entry(value: &Value) -> Result<Vec<Entry<'_>>, ExpandError> {
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
    let own_name = settings.and_then(|settings| settings.get("name")).and_then(Value::as_text);
    let entry = Entry {
        name: own_name.unwrap_or(job).to_owned(),
        job,
        arguments: arguments.map(|(key, value)| (key.clone(), value.clone())).collect(),
        before: settings.and_then(|settings| settings.get("pre-steps")),
        after: settings.and_then(|settings| settings.get("post-steps")),
    };
    let Some(matrix) = settings.and_then(|settings| settings.get("matrix")) else { return Ok(vec![entry]) };
    let of_combination = |of_matrix: Map| {
        let mut each = entry.clone();
        each.name = matrix::name_of(own_name, job, &of_matrix)?;
        each.arguments.extend(of_matrix);
        Ok(each)
    };
    matrix::combinations(matrix)?.into_iter().map(of_combination).collect()
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
