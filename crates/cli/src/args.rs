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
use command::{Definition, Flag, OperandKind, PROGRAM};
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
    let mut matches = match program().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) if error.kind() == ErrorKind::DisplayVersion => {
            return Ok(Parsed::Text(format!("{PROGRAM} {}\n", env!("CARGO_PKG_VERSION"))));
        }
        Err(error) => return Err(UsageError::of_parser(&error, &start.path)),
    };
    while let Some((_, of_subcommand)) = matches.remove_subcommand() {
        matches = of_subcommand;
    }
    let Some(command) = Command::at(&start.path) else {
        return Err(UsageError::of_parser(&clap::Error::new(ErrorKind::MissingSubcommand), &start.path));
    };
    let definition = command.definition();
    let mut flags = Flags::of(&mut matches, definition.flags().map(|flag| flag.setting));
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

/// The command line as clap's definition. clap only parses: help and the texts of errors are ours.
fn program() -> clap::Command {
    let program = clap::Command::new(PROGRAM).version(env!("CARGO_PKG_VERSION"));
    let trust = group(clap::Command::new("trust")).subcommands(commands_of_group(&["trust"]));
    group(program).subcommands(commands_of_group(&[])).subcommand(trust)
}

fn group(command: clap::Command) -> clap::Command {
    command.subcommand_required(true).disable_help_flag(true).disable_help_subcommand(true)
}

/// The commands of the group with this path.
fn commands_of_group(path: &'static [&'static str]) -> impl Iterator<Item = clap::Command> {
    let definitions = Command::all().into_iter().map(Command::definition);
    definitions.filter_map(move |definition| {
        let (name, group) = definition.path.split_last()?;
        // clap builds the flags of the chosen command only: building those of all commands took a sixth of an
        // exchange's instructions. Code that walks the tree of commands calls `build` first.
        (group == path).then(|| clap::Command::new(*name).disable_help_flag(true).defer(definition.build))
    })
}

/// Adds the flags of a command.
fn with_flags(command: clap::Command, definition: &Definition) -> clap::Command {
    let command = command.args(definition.flags().map(argument));
    match definition.operand {
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
        Shape::One(name) => argument.value_name(name).action(ArgAction::Set),
        Shape::List(name, _) => argument.value_name(name).action(ArgAction::Append),
    }
}

#[cfg(test)]
#[path = "args/tests.rs"]
pub(crate) mod tests;

#[cfg(test)]
#[path = "args/manual_tests.rs"]
mod manual_tests;
