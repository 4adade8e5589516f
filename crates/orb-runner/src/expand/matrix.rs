//! `matrix` of a workflow's entry: one job for each combination of the listed values.

use super::ExpandError;
use crate::yaml::{Map, Value};

/// The arguments of each job, in the order of the lists.
pub(super) fn combinations(matrix: &Value) -> Result<Vec<Map>, ExpandError> {
    let shape = || ExpandError::Shape { what: "`matrix` needs `parameters` with a list for each parameter" };
    let lists = matrix.at(&["parameters"]).and_then(Value::as_map).ok_or_else(shape)?;
    let mut combinations = vec![Map::new()];
    for (name, values) in lists {
        let values = values.as_list().filter(|values| !values.is_empty()).ok_or_else(shape)?;
        let with_each = |arguments: &Map| {
            let with = |value: &Value| {
                let mut arguments = arguments.clone();
                arguments.insert(name.clone(), value.clone());
                arguments
            };
            values.iter().map(with).collect::<Vec<_>>()
        };
        combinations = combinations.iter().flat_map(with_each).collect();
    }
    let excluded = matrix.at(&["exclude"]).and_then(Value::as_list).unwrap_or_default();
    combinations.retain(|arguments| !excluded.iter().any(|each| each.as_map() == Some(arguments)));
    Ok(combinations)
}

/// The name of one job: the entry's own with `<< matrix.x >>` in it, else the job's with all values, by the order of the
/// parameters' names. CircleCI's documentation shows that order and does not state the rule.
pub(super) fn name_of(own: Option<&str>, job: &str, arguments: &Map) -> Result<String, ExpandError> {
    let Some(own) = own else {
        let values = arguments.values().filter_map(Value::to_text);
        return Ok([job.to_owned()].into_iter().chain(values).collect::<Vec<_>>().join("-"));
    };
    let mut name = String::new();
    let mut rest = own;
    while let Some((before, after)) = rest.split_once("<<") {
        let (variable, after) =
            after.split_once(">>").ok_or_else(|| ExpandError::Unclosed { text: own.to_owned() })?;
        let variable = variable.trim();
        let value = variable.strip_prefix("matrix.").and_then(|name| arguments.get(name)?.to_text());
        name.push_str(before);
        name.push_str(&value.ok_or_else(|| ExpandError::UnknownVariable { name: variable.to_owned() })?);
        rest = after;
    }
    name.push_str(rest);
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{BareWords, parse};

    /// The names of the jobs of a matrix, or why there are none.
    fn names(matrix: &str, own: Option<&str>) -> String {
        let matrix = parse(matrix, BareWords::AreBooleans).unwrap();
        let names = combinations(&matrix).and_then(|all| {
            all.iter().map(|each| name_of(own, "build", each)).collect::<Result<Vec<_>, _>>()
        });
        names.map_or_else(|refusal| refusal.to_string(), |names| names.join(" "))
    }

    #[test]
    fn a_matrix_is_a_job_for_each_combination_that_is_not_excluded() {
        let two = "parameters: {version: ['0.1', '0.2'], platform: [macos, linux]}";
        let expected = "build-macos-0.1 build-macos-0.2 build-linux-0.1 build-linux-0.2";
        assert_eq!(names(two, None), expected);
        let excluded = format!("{two}\nexclude: [{{platform: macos, version: '0.2'}}, {{platform: linux}}]");
        assert_eq!(names(&excluded, None), "build-macos-0.1 build-linux-0.1 build-linux-0.2");
        let named = Some("on << matrix.platform >>/<<matrix.version>>");
        assert_eq!(names(two, named), "on macos/0.1 on macos/0.2 on linux/0.1 on linux/0.2");
    }

    #[test]
    fn a_matrix_without_lists_and_a_name_of_nothing_are_refused() {
        let needs = "`matrix` needs `parameters` with a list for each parameter";
        for matrix in ["{}", "parameters: {a: b}", "parameters: {a: []}"] {
            assert!(names(matrix, None).contains(needs), "{matrix}");
        }
        let one = "parameters: {a: [1]}";
        assert_eq!(names(one, Some("<< matrix.b >>")), "Unknown variable(s): matrix.b");
        assert_eq!(names(one, Some("<< a >>")), "Unknown variable(s): a");
        assert!(names(one, Some("<< matrix.a")).starts_with("Unclosed '<<' tag"));
    }
}
