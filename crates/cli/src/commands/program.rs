//! The command of `exec` and `scope`: found before anything is sent, run with the credentials.

use std::convert::Infallible;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::{self, JoinHandle};

use export::{Session, Variable};

use crate::commands::child_environment::ChildEnvironment;
use crate::failure::Failure;
use crate::io::environment::{self, Environment};
use crate::io::process::supervised::Supervised;
use crate::io::process::{program_search, successor};

/// A program that exists, with its arguments.
pub(super) struct Program {
    path: PathBuf,
    command: Command,
}

impl Program {
    /// From the words behind `--`.
    pub(super) fn find(words: &[OsString], environment: &Environment) -> Result<Self, Failure> {
        let (name, arguments) = match words.split_first() {
            Some((name, arguments)) => (name.as_os_str(), arguments),
            None => (OsStr::new(""), [].as_slice()),
        };
        let search_path = environment::search_path();
        let path = program_search::find(name, search_path.as_deref(), environment);
        let path = path.map_err(|error| Failure::of_program(&error, name))?;
        let mut command = successor::command(&path, name);
        command.args(arguments);
        Ok(Self { path, command })
    }

    /// Becomes the program, or, where a process cannot, ends with its exit code. Returns only errors.
    pub(super) fn run_with(&mut self, session: Session, changes: &ChildEnvironment) -> Result<(), Failure> {
        changes.apply(session.variables(), &mut self.command);
        // The copies that remain are the environment of the command, and what becoming it takes away.
        drop(session);
        let ran: Result<Infallible, _> = successor::run(&mut self.command);
        match ran {
            Ok(never) => match never {},
            Err(error) => Err(Failure::of_exec(&self.path, &error)),
        }
    }

    /// Starts the program below this one, which passes signals on and ends as the program ends. The thread returns only if
    /// it cannot wait.
    pub(super) fn start_with<'v>(
        mut self,
        variables: impl Iterator<Item = Variable<'v>>,
        changes: &ChildEnvironment,
    ) -> Result<JoinHandle<Failure>, Failure> {
        changes.apply(variables, &mut self.command);
        let failed = |error: io::Error, path: &Path| Failure::of_exec(path, &error);
        let running = Supervised::start(&mut self.command).map_err(|error| failed(error, &self.path))?;
        let path = self.path.clone();
        let stands_in = move || match running.stand_in() {
            Ok(never) => match never {},
            Err(error) => failed(error, &self.path),
        };
        thread::Builder::new()
            .name("command".to_owned())
            .spawn(stands_in)
            .map_err(|error| failed(error, &path))
    }
}
