//! What GitHub's runner does between steps: it takes masks from stdout, and reads the file of `GITHUB_ENV` in the
//! two forms that its documentation gives (facts/aws.md 11.2). Whatever else stands there is an error to it.

use std::collections::BTreeMap;

use super::Job;

const MASK: &str = "::add-mask::";

/// The variables that the file sets, the last one of a name counting.
pub(crate) fn variables(text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut variables = BTreeMap::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.is_empty() {
            continue;
        }
        let (equals, heredoc) = (line.find('='), line.find("<<"));
        let (name, value) = match (equals, heredoc) {
            (equals, Some(at)) if equals.is_none_or(|equals| at < equals) => {
                let (name, end) = (&line[..at], &line[at + 2..]);
                if end.is_empty() {
                    return Err(format!("no delimiter: {line}"));
                }
                let mut value: Vec<&str> = Vec::new();
                loop {
                    match lines.next() {
                        None => return Err(format!("no line `{end}`")),
                        Some(line) if line == end => break,
                        Some(line) => value.push(line),
                    }
                }
                (name, value.join("\n"))
            }
            (Some(at), _) => (&line[..at], line[at + 1..].to_owned()),
            (None, _) => return Err(format!("neither form: {line}")),
        };
        if name.is_empty()
            || name.starts_with("GITHUB_")
            || name.starts_with("RUNNER_")
            || name == "NODE_OPTIONS"
        {
            return Err(format!("the name `{name}`"));
        }
        variables.insert(name.to_owned(), value);
    }
    Ok(variables)
}

/// Gives the step after this one what the file `env` of the job sets.
pub(crate) fn end_step(job: &mut Job) {
    for (name, value) in variables(&job.read("env")).unwrap() {
        job.set(&name, &value);
    }
}

/// The values that the runner hides from then on.
pub(crate) fn masks(stdout: &str) -> Vec<String> {
    let unescape = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    stdout.lines().filter_map(|line| line.strip_prefix(MASK)).map(unescape).collect()
}

/// What the log shows of a step: the runner does not print these commands.
pub(crate) fn without_masks(stdout: &[u8]) -> Vec<u8> {
    let lines = stdout.split_inclusive(|byte| *byte == b'\n');
    lines.filter(|line| !line.starts_with(MASK.as_bytes())).flatten().copied().collect()
}
