//! What this step started with, before its shell read the file of `BASH_ENV`. A block that `clear` has removed since is not
//! read by the next step, but its values are still in this step, and what they replaced is not.

use std::path::PathBuf;

use export::bash_env;
use zeroize::Zeroizing;

use crate::io::environment::{Environment, vars};
use crate::io::files::{bash_env_path, text_file};

/// Shells that read the file, or can be told to.
const SHELLS: [&str; 7] = ["bash", "sh", "dash", "busybox", "zsh", "mksh", "ksh"];

/// Deeper than processes are nested in a job.
const MOST_ANCESTORS: usize = 64;

/// This step's environment, with the variables of a removed block as they were before that block.
pub(crate) enum StepStart {
    /// No block was removed.
    AsHere,
    /// As the environment of the shell shows that has read the block.
    Known(Environment),
    /// No shell with such an environment is seen.
    Unknown,
}

impl StepStart {
    /// Looks for a removed block, and for the shell that has read it.
    pub(crate) fn of(environment: &Environment) -> Self {
        let read = ids_in(environment);
        if read.is_empty() {
            return Self::AsHere;
        }
        let text = text_file::read(&bash_env_path::name(environment)).ok().flatten().map(Zeroizing::new);
        let blocks = bash_env::blocks(text.as_ref().map_or("", |text| text.as_str()));
        let Some(removed) = read.into_iter().find(|id| !blocks.split(' ').any(|block| block == *id)) else {
            return Self::AsHere;
        };
        match before(removed, environment) {
            Some(start) => Self::Known(with_values_of(&start, environment)),
            None => Self::Unknown,
        }
    }
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
    let mut process = parent()?;
    for _ in 0..MOST_ANCESTORS {
        let of_process = environment_of(process)?;
        if !ids_in(&of_process).contains(&block) {
            let reads_the_same = of_process.raw(vars::BASH_ENV) == environment.raw(vars::BASH_ENV);
            return (reads_the_same && is_shell(process)).then_some(of_process);
        }
        process = parent_of(process)?;
    }
    None
}

#[cfg(target_os = "linux")]
fn parent() -> Option<u32> {
    Some(std::os::unix::process::parent_id())
}

/// Only Linux shows the environment of another process.
#[cfg(not(target_os = "linux"))]
fn parent() -> Option<u32> {
    None
}

fn file_of(process: u32, name: &str) -> PathBuf {
    PathBuf::from(format!("/proc/{process}/{name}"))
}

fn environment_of(process: u32) -> Option<Environment> {
    let text = Zeroizing::new(text_file::read(&file_of(process, "environ")).ok()??);
    Some(Environment::default().after(text.split('\0').filter_map(|variable| variable.split_once('=')), &[]))
}

fn is_shell(process: u32) -> bool {
    let program = std::fs::read_link(file_of(process, "exe")).ok();
    let name = program.as_ref().and_then(|program| program.file_name()?.to_str()).unwrap_or_default();
    // Such as `bash-5.3` or `ksh93`.
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-'));
    SHELLS.contains(&name)
}

/// The fourth field; the second one, in parentheses, may hold anything.
fn parent_of(process: u32) -> Option<u32> {
    let text = text_file::read(&file_of(process, "stat")).ok()??;
    let (_, fields) = text.rsplit_once(')')?;
    fields.split_whitespace().nth(1)?.parse().ok().filter(|parent| *parent != 0)
}
