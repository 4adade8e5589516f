//! The command of `exec` and `scope`: found before anything is sent, run with the credentials.

use std::convert::Infallible;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Command;

use export::Session;

use crate::commands::child_environment::ChildEnvironment;
use crate::failure::Failure;
use crate::io::environment::{self, Environment};
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
        changes.apply(&session, &mut self.command);
        // The copies that remain are the environment of the command, and what becoming it takes away.
        drop(session);
        let ran: Result<Infallible, _> = successor::run(&mut self.command);
        match ran {
            Ok(never) => match never {},
            Err(error) => Err(Failure::of_exec(&self.path, &error)),
        }
    }
}
