//! Runs an expanded job: each step is a new process, in the environment of a CircleCI job.
//!
//! Steps pass only files to later steps. `BASH_ENV` names one that only bash reads, and that does not exist until a step
//! writes it. `no_output_timeout` is not enforced.

mod environment;
mod machine;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Child, ExitStatus};

use rustix::process::{Pid, Signal, kill_process_group};

pub use environment::{InvalidLine, parse_env_file};
pub use machine::Machine;

use crate::expand::{Job, RunStep, Step, When};

/// Why a job could not be run to its end. A failed step is not such an error.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The job's own directory.
    #[error("cannot prepare `{}`", path.display())]
    Prepare {
        /// The directory.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The shell does not exist, or the step's text or variables are too long for a process.
    #[error("cannot start the step `{step}`")]
    Start {
        /// The step's name.
        step: String,
        /// The system's reason.
        source: io::Error,
    },
    /// The log is closed.
    #[error("cannot write the log")]
    Log(#[source] io::Error),
}

/// Runs the job's steps and returns the status of the first one that failed, or 0.
pub fn run(job: &Job, machine: &Machine, log: &mut impl Write) -> Result<u8, RunError> {
    let mut background = Background::default();
    let mut failed = None;
    for step in &job.steps {
        let step = match step {
            Step::Checkout => {
                announce(log, "checkout (the project directory is used as it is)")?;
                continue;
            }
            Step::Run(step) => step,
        };
        if !is_due(step.when, failed) {
            continue;
        }
        announce(log, &step.name)?;
        let status = start(job, step, machine, &mut background)?;
        failed = failed.or(status.filter(|status| *status != 0));
    }
    Ok(failed.unwrap_or(0))
}

fn is_due(when: When, failed: Option<u8>) -> bool {
    match when {
        When::Always => true,
        When::OnSuccess => failed.is_none(),
        When::OnFail => failed.is_some(),
    }
}

/// Starts a step and waits for it. A step in the background is not waited for and has no status.
fn start(
    job: &Job,
    step: &RunStep,
    machine: &Machine,
    background: &mut Background,
) -> Result<Option<u8>, RunError> {
    let cannot_start = |source| RunError::Start { step: step.name.clone(), source };
    let mut command = machine.command(job, step);
    if step.background {
        background.0.push(Background::in_own_group(&mut command).spawn().map_err(cannot_start)?);
        return Ok(None);
    }
    command.status().map(|status| Some(status_code(status))).map_err(cannot_start)
}

/// The status as a shell would report it.
fn status_code(status: ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt;
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    u8::try_from(code).unwrap_or(1)
}

fn announce(log: &mut impl Write, name: &str) -> Result<(), RunError> {
    let line = name.lines().next().unwrap_or_default();
    writeln!(log, "==> {line}").and_then(|()| log.flush()).map_err(RunError::Log)
}

/// Steps in the background. They and their children end with the job.
#[derive(Default)]
struct Background(Vec<Child>);

impl Background {
    fn in_own_group(command: &mut std::process::Command) -> &mut std::process::Command {
        use std::os::unix::process::CommandExt;
        command.process_group(0)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        for child in &mut self.0 {
            // An error means that the whole group has ended already.
            let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
            let _ = child.wait();
        }
    }
}
