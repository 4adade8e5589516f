//! The command line: the commands, the settings that each takes, and their values as text. `settings` parses the
//! values.

mod command;
mod definitions;

use std::ffi::OsString;

use clap::{Arg, ArgAction, value_parser};

pub(crate) use command::Command;
use command::{Definition, Flag, Positional};

use crate::settings::flags::Flags;
use crate::settings::setting::Shape;

const FILES: &str = "FILE";

/// Parses the arguments of this process; the first one is the program's name.
pub(crate) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<(Command, Flags), clap::Error> {
    let mut matches = program().try_get_matches_from(arguments)?;
    let mut path = Vec::new();
    while let Some((name, of_subcommand)) = matches.remove_subcommand() {
        path.push(name);
        matches = of_subcommand;
    }
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let command = Command::all().into_iter().find(|command| command.definition().path == path);
    let command = command.ok_or_else(|| clap::Error::new(clap::error::ErrorKind::MissingSubcommand))?;
    let definition = command.definition();
    let mut flags = Flags::of(&mut matches, definition.flags().map(|flag| flag.setting));
    if definition.positional.is_some() {
        flags.files = matches.remove_many(FILES).into_iter().flatten().collect();
    }
    Ok((command, flags))
}

/// The command line as clap's definition.
fn program() -> clap::Command {
    let program = clap::Command::new("circleci-aws-oidc")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Exchanges a CI job's OIDC token for short-lived AWS credentials");
    let trust = group(clap::Command::new("trust").about("Generate, lint and test IAM trust policies"))
        .subcommands(commands_of_group(&["trust"]));
    group(program).max_term_width(100).subcommands(commands_of_group(&[])).subcommand(trust)
}

fn group(command: clap::Command) -> clap::Command {
    command.subcommand_required(true).arg_required_else_help(true).disable_help_subcommand(true)
}

/// The commands of the group with this path.
fn commands_of_group(path: &'static [&'static str]) -> impl Iterator<Item = clap::Command> {
    let definitions = Command::all().into_iter().map(Command::definition);
    definitions.filter_map(move |definition| {
        let (name, group) = definition.path.split_last()?;
        (group == path).then(|| {
            let command = clap::Command::new(*name).about(definition.about).after_help(definition.after_help);
            // clap builds the flags of the chosen command only: building those of all commands took a sixth of an
            // exchange's instructions. Code that walks the tree of commands calls `build` first.
            command.defer(definition.build)
        })
    })
}

/// Adds the flags of a command.
fn with_flags(command: clap::Command, definition: &Definition) -> clap::Command {
    let command = command.args(definition.flags().map(argument));
    match definition.positional {
        None => command,
        Some(Positional { help }) => {
            let files = Arg::new(FILES).value_name(FILES).required(true).num_args(1..);
            command.arg(files.value_parser(value_parser!(std::path::PathBuf)).help(help))
        }
    }
}

fn argument(flag: &'static Flag) -> Arg {
    let setting = flag.setting;
    let argument = Arg::new(setting.flag).long(setting.flag.trim_start_matches("--")).help(flag.help());
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
