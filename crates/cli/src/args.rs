//! The command line: the commands, the settings that each takes, and their values as text. `settings` parses the
//! values.

mod candidates;
mod command;
mod completions;
mod definitions;
mod help;
mod help_request;
mod man;
mod usage_error;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, value_parser};

pub(crate) use command::Command;
use command::{Flag, Operand, OperandKind, PROGRAM};
pub(crate) use completions::completions;
use help_request::Start;
pub(crate) use man::manual_page;
pub(crate) use usage_error::UsageError;

use crate::settings::flags::Flags;
use crate::settings::setting::Shape;

const OPERANDS: &str = "OPERANDS";

/// What a command line asks for.
pub(crate) enum Parsed {
    /// A command.
    Run(Command, Flags),
    /// A text about this program.
    Text(String),
}

/// Parses the arguments of this process; the first one is the program's name.
pub(crate) fn parse(arguments: &[OsString]) -> Result<Parsed, UsageError> {
    let start = Start::of(arguments.get(1..).unwrap_or_default())?;
    if let Some(form) = start.help {
        return Ok(Parsed::Text(help::help(&start.path, form)));
    }
    let Some(command) = Command::at(&start.path) else { return without_command(arguments, &start.path) };
    let definition = command.definition();
    // From the command's name on. A parser of what is typed: that of all commands takes a tenth of an exchange's
    // instructions, and that of all flags of this command a tenth of what `credential-process` takes from its cache.
    let of_command = arguments.get(start.path.len()..).unwrap_or_default();
    let typed = || definition.flags().filter(|flag| of_command.iter().any(|text| flag.is_typed_in(text)));
    let mut matches = parser(definition.operand, typed())
        .try_get_matches_from(of_command)
        // The error names flags that are not typed.
        .or_else(|_| parser(definition.operand, definition.flags()).try_get_matches_from(of_command))
        .map_err(|error| UsageError::of_parser(&error, &start.path, arguments))?;
    let mut flags = Flags::of(&mut matches, typed().map(|flag| flag.setting));
    if let Some(operand) = definition.operand {
        flags.operands = matches.remove_many(OPERANDS).into_iter().flatten().collect();
        let words = flags.operands.iter().map(|word: &OsString| word.to_string_lossy());
        let unknown = words.into_iter().find(|word| !operand.words().contains(&word.as_ref()));
        if let Some(unknown) = unknown.filter(|_| !operand.words().is_empty()) {
            return Err(UsageError::unknown_word(&unknown, operand));
        }
    }
    Ok(Parsed::Run(command, flags))
}

/// What a command line without a command asks for, or why it has none.
fn without_command(arguments: &[OsString], path: &[&str]) -> Result<Parsed, UsageError> {
    match program().try_get_matches_from(arguments) {
        Err(error) if error.kind() == ErrorKind::DisplayVersion => {
            Ok(Parsed::Text(format!("{PROGRAM} {}\n", env!("CARGO_PKG_VERSION"))))
        }
        Err(error) => Err(UsageError::of_parser(&error, path, arguments)),
        Ok(_) => Err(UsageError::of_parser(&clap::Error::new(ErrorKind::MissingSubcommand), path, arguments)),
    }
}

/// The commands by their names, for the word that is none of them.
fn program() -> clap::Command {
    let group = |command: clap::Command| {
        command.subcommand_required(true).disable_help_flag(true).disable_help_subcommand(true)
    };
    let commands =
        |path: &[&'static str]| help::names_below(path).map(clap::Command::new).collect::<Vec<_>>();
    let all = commands(&[]).into_iter().map(|command| match command.get_name() {
        "trust" => group(command).subcommands(commands(&["trust"])),
        _ => command,
    });
    group(clap::Command::new(PROGRAM)).version(env!("CARGO_PKG_VERSION")).subcommands(all)
}

/// The parser of these flags. clap only parses: help and the texts of errors are ours.
fn parser(operand: Option<Operand>, flags: impl Iterator<Item = &'static Flag>) -> clap::Command {
    let command = clap::Command::new(PROGRAM).disable_help_flag(true).args(flags.map(argument));
    match operand {
        None => command,
        Some(operand) => {
            let is_required = !matches!(operand.kind, OperandKind::OptionalCommandLine);
            let operands = Arg::new(OPERANDS).value_name(operand.name).required(is_required);
            let operands = match operand.kind {
                OperandKind::Words(_) => operands.num_args(1),
                OperandKind::Files => operands.num_args(1..),
                OperandKind::CommandLine | OperandKind::OptionalCommandLine => {
                    operands.num_args(1..).last(true)
                }
            };
            command.arg(operands.value_parser(value_parser!(OsString)))
        }
    }
}

fn argument(flag: &'static Flag) -> Arg {
    let setting = flag.setting;
    let argument = Arg::new(setting.flag).long(setting.flag.trim_start_matches("--"));
    match setting.shape {
        Shape::Switch => argument.action(ArgAction::SetTrue),
        Shape::One(_) => argument.action(ArgAction::Set),
        Shape::List(..) => argument.action(ArgAction::Append),
    }
}

#[cfg(test)]
#[path = "args/tests.rs"]
pub(crate) mod tests;

#[cfg(test)]
#[path = "args/manual_tests.rs"]
mod manual_tests;
