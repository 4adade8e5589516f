//! The variables of a step, in CircleCI's order of precedence.
//!
//! Separate from the processes because the order is documented and can be tested without a process.

use std::collections::BTreeMap;

use crate::expand::{Job, RunStep};

/// Variables by name.
pub(super) type Variables = BTreeMap<String, String>;

/// A line of an env file that is not `NAME=VALUE`.
///
/// It holds only the line's number: such files hold secrets.
#[derive(Debug, thiserror::Error)]
#[error("line {line} is not `NAME=VALUE`")]
pub struct InvalidLine {
    line: usize,
}

/// Reads `NAME=VALUE` lines. Values are literal: no quotes, no comments, no expansion.
pub fn parse_env_file(text: &str) -> Result<BTreeMap<String, String>, InvalidLine> {
    let mut variables = BTreeMap::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
        let is_name = |name: &str| {
            name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        match line.split_once('=').filter(|(name, _)| is_name(name)) {
            Some((name, value)) => variables.insert(name.to_owned(), value.to_owned()),
            None => return Err(InvalidLine { line: index + 1 }),
        };
    }
    Ok(variables)
}

/// The variables of a step. Later ones win: the machine's, the image's, those of contexts and project, CircleCI's, the job's, the step's.
pub(super) fn of_step(
    image: &Variables,
    contexts: &Variables,
    built_in: &Variables,
    job: &Job,
    step: &RunStep,
) -> Variables {
    let mut variables = image.clone();
    for layer in [&job.image, contexts, built_in, &job.environment, &step.environment] {
        variables.extend(layer.clone());
    }
    variables
}

/// CircleCI's own variables that a job without a server can have.
pub(super) fn built_in(job: &str, bash_env: &str) -> Variables {
    [
        ("BASH_ENV", bash_env),
        ("CI", "true"),
        ("CIRCLECI", "true"),
        ("CIRCLE_BUILD_NUM", "1"),
        ("CIRCLE_JOB", job),
        ("CIRCLE_NODE_INDEX", "0"),
        ("CIRCLE_PROJECT_REPONAME", "example-app"),
        ("CIRCLE_PROJECT_USERNAME", "example-org"),
        ("CIRCLE_NODE_TOTAL", "1"),
        ("CIRCLE_SHELL_ENV", bash_env),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_an_env_file_are_literal() {
        let variables = parse_env_file("A= b=\"$C\" # d\n\nE=\n").unwrap();
        let expected = [("A", " b=\"$C\" # d"), ("E", "")];
        assert_eq!(variables, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
    }

    #[test]
    fn a_bad_line_is_told_by_its_number_alone() {
        for text in ["A=1\nsecret\n", "A=1\n=secret\n", "A=1\n1A=secret\n", "A=1\nexport A=secret\n"] {
            assert_eq!(parse_env_file(text).unwrap_err().to_string(), "line 2 is not `NAME=VALUE`");
        }
    }
}
