//! Errors of `exec` that `assume` does not have.

use std::ffi::OsStr;
use std::io;
use std::path::Path;

use super::{ExitStatus, Failure};
use crate::io::process::program_search::ProgramError;
use crate::sinks::SinkError;

impl Failure {
    /// The command of the command line cannot be found: a mistake of the user, before anything is sent.
    pub(crate) fn of_program(error: &ProgramError, name: &OsStr) -> Self {
        let failure =
            Self::of(ExitStatus::Settings, error).while_doing("the command cannot be run".to_owned());
        let name = name.to_string_lossy();
        match error {
            ProgramError::NotExecutable(path) if path.is_dir() => {
                failure.hint("name a program, and its arguments behind it")
            }
            ProgramError::NotExecutable(path) => failure.hint(format!(
                "run `chmod +x {0}`, or name the program that reads it, for example `-- sh {0}`",
                path.display()
            )),
            _ if name.contains([' ', ';', '|', '&', '$', '>']) => failure.hint(
                "write the program and its arguments as separate words; a shell's syntax needs a shell: `-- sh -c '…'`",
            ),
            ProgramError::NotInPath(_) => failure.hint("correct the name, or give the path of the program"),
            ProgramError::Missing(_) => failure.hint("correct the path"),
        }
    }

    /// The command would use a profile before the endpoint of `--serve`.
    pub(crate) fn of_profile_of_command(error: &SinkError) -> Self {
        Self::of_sink(error)
            .hint("remove them from that profile, or leave `--serve` out, as AWS tools use keys first")
    }

    /// The thread that waits for the command is gone: a bug of this program.
    pub(crate) fn of_lost_command() -> Self {
        Self::of(ExitStatus::Local, &io::Error::other("the thread that waits for it has ended"))
            .while_doing("the command is out of sight".to_owned())
    }

    /// The system cannot run the command, which is known after STS has granted the credentials.
    pub(crate) fn of_exec(program: &Path, error: &io::Error) -> Self {
        let failure =
            Self::of(ExitStatus::Local, error).while_doing(format!("`{}` cannot be run", program.display()));
        match error.raw_os_error() {
            // ENOEXEC
            Some(8) if cfg!(unix) => failure.hint(
                "a script needs a first line that names its program, such as `#!/bin/sh`; a binary must be one for this \
                 system",
            ),
            // E2BIG
            Some(7) if cfg!(unix) => failure.hint("shorten the arguments or the variables of this step"),
            // ENOENT: the file has been found before.
            Some(2) if cfg!(unix) => failure.hint("install the program of its first line, or the loader of its C library"),
            _ => failure,
        }
    }
}
