//! The program: from arguments to one of the stages, and from its result to streams and an exit code.

mod arguments;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use orb_runner::expand::{Job, expand};
use orb_runner::pack::{Pins, pack, pins_text};
use orb_runner::run::{Machine, parse_env_file, run};
use orb_runner::yaml::{self, BareWords, Value};

use arguments::{Action, Arguments, JobArguments};

/// The exit code of the runner's own errors: no step is likely to end with it.
const RUNNER_ERROR: u8 = 125;

fn main() -> ExitCode {
    match act(Arguments::parse().action) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            report(error.as_ref());
            ExitCode::from(RUNNER_ERROR)
        }
    }
}

fn act(action: Action) -> Result<u8, Box<dyn Error>> {
    match action {
        Action::Pack { source, version, sums } => {
            let sums = sums.map(|path| read(&path)).transpose()?;
            let orb = pack(&source, &Pins::new(version, sums.as_deref())?)?;
            print(&yaml::render(&orb))
        }
        Action::Pins { source, sums } => print(&pins_text(&source, &Pins::new(None, Some(&read(&sums)?))?)?),
        Action::Expand { job } => print(&yaml::render(&expand_job(&job)?.steps_document())),
        Action::Run { job, env_files, root, project } => {
            let mut contexts = BTreeMap::new();
            for path in env_files {
                let text = read(&path)?;
                contexts.extend(parse_env_file(&text).map_err(|source| UnusableFile::new(&path, source))?);
            }
            let machine = Machine::new(root, project, contexts, &host_path())?;
            Ok(run(&expand_job(&job)?, &machine, &mut io::stdout())?)
        }
    }
}

fn expand_job(arguments: &JobArguments) -> Result<Job, Box<dyn Error>> {
    let mut orbs = BTreeMap::new();
    for (name, path) in &arguments.orbs {
        orbs.insert(name.clone(), read_yaml(path)?);
    }
    let document = read_yaml(&arguments.config)?;
    // An example of an orb holds its config under `usage`.
    let config = document.at(&["usage"]).unwrap_or(&document);
    Ok(expand(config, &orbs, &arguments.job)?)
}

fn read_yaml(path: &Path) -> Result<Value, UnusableFile> {
    yaml::parse(&read(path)?, BareWords::AreBooleans).map_err(|source| UnusableFile::new(path, source))
}

fn read(path: &Path) -> Result<String, UnusableFile> {
    fs::read_to_string(path).map_err(|source| UnusableFile::new(path, source))
}

fn print(text: &str) -> Result<u8, Box<dyn Error>> {
    io::stdout().write_all(text.as_bytes())?;
    Ok(0)
}

#[expect(clippy::disallowed_methods, reason = "the only place where this program reads its environment")]
fn host_path() -> String {
    std::env::var("PATH").unwrap_or_default()
}

/// A file named on the command line is not usable.
#[derive(Debug, thiserror::Error)]
#[error("cannot use `{path}`")]
struct UnusableFile {
    path: String,
    source: Box<dyn Error + Send + Sync>,
}

impl UnusableFile {
    fn new(path: &Path, source: impl Error + Send + Sync + 'static) -> Self {
        Self { path: path.display().to_string(), source: Box::new(source) }
    }
}

/// Prints an error and its causes. Where stderr is closed, only the exit code remains.
fn report(error: &dyn Error) {
    let mut stderr = io::stderr().lock();
    let _ = writeln!(stderr, "error: {error}");
    let mut cause = error.source();
    while let Some(source) = cause {
        let _ = writeln!(stderr, "  caused by: {source}");
        cause = source.source();
    }
}
