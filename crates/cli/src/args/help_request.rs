//! Whether the command line asks for help, with a flag or with the word `help`. It is recognized before the command line
//! is parsed, so that it is printed whatever else stands there.

use std::ffi::OsString;

use super::command::Command;
use super::help::{Form, names_below};
use super::usage_error::UsageError;

/// What the words at the beginning of a command line name.
pub(super) struct Start {
    /// The command, or the group of commands.
    pub(super) path: Vec<&'static str>,
    /// The help to print instead of running the command.
    pub(super) help: Option<Form>,
}

impl Start {
    /// Of the arguments of this process, without the program's name. `--` ends what this program reads.
    pub(super) fn of(arguments: &[OsString]) -> Result<Self, UsageError> {
        let arguments: Vec<&str> =
            arguments.iter().map(|argument| argument.to_str().unwrap_or("?")).collect();
        let mut own = arguments.split(|argument| *argument == "--").next().unwrap_or_default().iter();
        let mut path = Vec::new();
        let mut is_word = false;
        while Command::at(&path).is_none()
            && let Some(word) = own.as_slice().first().filter(|word| !word.starts_with('-'))
        {
            match names_below(&path).find(|name| name == word) {
                Some(name) => path.push(name),
                None if *word == "help" => is_word = true,
                None if is_word => return Err(UsageError::unknown_command(word, &path)),
                None => return Ok(Self { path, help: None }),
            }
            own.next();
        }
        let has = |flag: &str| own.as_slice().contains(&flag);
        let help = match () {
            () if is_word || has("--help") => Some(Form::Full),
            () if has("-h") => Some(Form::Short),
            () => None,
        };
        Ok(Self { path, help })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_is_a_flag_or_a_word_before_the_name() {
        for (line, path, help) in [
            ("", "", None),
            ("--help", "", Some(Form::Full)),
            ("-h", "", Some(Form::Short)),
            ("help", "", Some(Form::Full)),
            ("help assume", "assume", Some(Form::Full)),
            ("help trust generate", "trust generate", Some(Form::Full)),
            ("trust help generate", "trust generate", Some(Form::Full)),
            ("trust help", "trust", Some(Form::Full)),
            ("assume --to x -h", "assume", Some(Form::Short)),
            ("assume --role-arn --help -h", "assume", Some(Form::Full)),
            ("assume help", "assume", None),
            ("assume -- --help", "assume", None),
            ("asume --help", "", None),
        ] {
            let arguments: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
            let start = Start::of(&arguments).unwrap();
            assert_eq!((start.path.join(" ").as_str(), start.help), (path, help), "{line}");
        }
        assert!(Start::of(&["help", "asume"].map(OsString::from)).is_err());
    }
}
