//! What this step started with, before its shell read the file of `BASH_ENV`. A block that `clear` has removed since is not
//! read by the next step, but its values are still in this step, and what they replaced is not. What the step itself has
//! unset since, such as a key of a context, the next step has again.

use export::bash_env;
use zeroize::Zeroizing;

use crate::io::environment::{Environment, vars};
use crate::io::files::{bash_env_path, text_file};
use crate::io::process::ancestors;

/// Shells that read the file, or can be told to.
const SHELLS: [&str; 7] = ["bash", "sh", "dash", "busybox", "zsh", "mksh", "ksh"];

/// This step's environment, with the variables of a removed block as they were before that block, and those that this step
/// has unset.
pub(crate) enum StepStart {
    /// No block was removed, and nothing was unset.
    AsHere,
    /// As the environment of the shell shows that has read the block.
    Known(Environment),
    /// No shell with such an environment is seen.
    Unknown,
}

impl StepStart {
    /// Looks for a removed block, and for the shell that has read it.
    pub(crate) fn of(environment: &Environment) -> Self {
        let Some(removed) = removed_block(environment) else {
            return with_values_unset_since(environment).map_or(Self::AsHere, Self::Known);
        };
        match before(removed, environment) {
            Some(start) => Self::Known(with_values_of(&start, environment)),
            None => Self::Unknown,
        }
    }
}

fn removed_block(environment: &Environment) -> Option<&str> {
    let read = ids_in(environment);
    if read.is_empty() {
        return None;
    }
    let text = text_file::read(&bash_env_path::name(environment)).ok().flatten().map(Zeroizing::new);
    let blocks = bash_env::blocks(text.as_ref().map_or("", |text| text.as_str()));
    read.into_iter().find(|id| !blocks.split(' ').any(|block| block == *id))
}

/// With the variables that a process of this job above this one was started with and that are not set here. Only on
/// CircleCI: elsewhere one shell runs several commands of a job, and what it unsets stays unset.
fn with_values_unset_since(environment: &Environment) -> Option<Environment> {
    let job = environment.non_blank(vars::CIRCLE_WORKFLOW_JOB_ID)?;
    let unset: Vec<&str> = bash_env::names().filter(|name| environment.non_blank(name).is_none()).collect();
    let of_job = |start: &Environment| start.non_blank(vars::CIRCLE_WORKFLOW_JOB_ID) == Some(job);
    let mut found = None;
    for (_, start) in ancestors::with_environments().filter(|(_, start)| of_job(start)) {
        let here = found.as_ref().unwrap_or(environment);
        let is_unset = |name: &&str| here.non_blank(name).is_none();
        let set: Vec<(&str, &str)> = unset
            .iter()
            .copied()
            .filter(is_unset)
            .filter_map(|name| Some((name, start.non_blank(name)?)))
            .collect();
        if !set.is_empty() {
            found = Some(here.after(set, &[]));
        }
    }
    found
}

fn ids_in(environment: &Environment) -> Vec<&str> {
    environment.non_blank(bash_env::BLOCKS).unwrap_or_default().split_whitespace().collect()
}

fn with_values_of(start: &Environment, environment: &Environment) -> Environment {
    let names: Vec<&str> = bash_env::names().collect();
    let set = names.iter().filter_map(|name| Some((*name, start.raw(name)?)));
    environment.after([], &names).after(set, &[])
}

/// The environment of the nearest process above this one that does not have the block: the shell that has read it. Another
/// program there, such as the agent of a CI system, does not have the variables of the job.
fn before(block: &str, environment: &Environment) -> Option<Environment> {
    let (shell, start) = ancestors::with_environments().find(|(_, start)| !ids_in(start).contains(&block))?;
    let reads_the_same = start.raw(vars::BASH_ENV) == environment.raw(vars::BASH_ENV);
    let name = shell.program_name().unwrap_or_default();
    // Such as `bash-5.3` or `ksh93`.
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-'));
    (reads_the_same && SHELLS.contains(&name)).then_some(start)
}
