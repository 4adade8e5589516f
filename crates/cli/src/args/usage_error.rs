//! A command line that cannot be understood: what is wrong with it, in the words of all other errors.

use std::ffi::{OsStr, OsString};

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::command::{Command, Flag, Operand, OperandKind, PROGRAM};
use super::help::{Form, help, names_below, usage};
use crate::settings::setting::Shape;
use crate::settings::similar::nearest;

/// What is wrong with a command line.
#[derive(Debug)]
pub(crate) enum UsageError {
    /// No command is named: the help of the group of commands.
    NoCommand(String),
    /// A word that is not understood.
    Invalid {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: String,
    },
}

impl UsageError {
    /// What the parser has found in these arguments of this process. The path is that of the command.
    pub(super) fn of_parser(error: &clap::Error, path: &[&str], arguments: &[OsString]) -> Self {
        let context = |kind: ContextKind| match error.get(kind) {
            Some(ContextValue::String(text)) => text.as_str(),
            Some(ContextValue::Strings(texts)) => texts.first().map_or("", String::as_str),
            _ => "",
        };
        let argument = context(ContextKind::InvalidArg);
        // As `--role-arn <ARN>` or `<FILE>...`.
        let name = argument.split(' ').next().unwrap_or_default();
        let message = match error.kind() {
            ErrorKind::MissingSubcommand => return Self::NoCommand(help(path, Form::Short)),
            ErrorKind::InvalidSubcommand => {
                return Self::unknown_command(context(ContextKind::InvalidSubcommand), path);
            }
            ErrorKind::UnknownArgument if argument.starts_with('-') => {
                return unknown_flag(argument, path, arguments);
            }
            ErrorKind::UnknownArgument if Command::at(path).is_none() => {
                return Self::unknown_command(argument, path);
            }
            ErrorKind::UnknownArgument => format!("unexpected argument `{}`", argument.escape_debug()),
            ErrorKind::MissingRequiredArgument => {
                format!("{} is required", name.trim_matches(['<', '>', '.']))
            }
            ErrorKind::ArgumentConflict => format!("`{name}` is given twice"),
            ErrorKind::TooManyValues => format!("`{name}` takes no value"),
            ErrorKind::InvalidUtf8 => not_utf8(path, arguments),
            _ if name.is_empty() => "the command line is not understood".to_owned(),
            _ => format!("`{name}` needs a value"),
        };
        let hint = match error.kind() {
            ErrorKind::UnknownArgument | ErrorKind::MissingRequiredArgument => how_to_name_a_command(path),
            _ => None,
        };
        Self::Invalid { message, hint: hint.unwrap_or_else(|| how_to(path)) }
    }

    /// A word in the place of a command.
    pub(super) fn unknown_command(word: &str, path: &[&str]) -> Self {
        let typed = typed(path);
        Self::Invalid {
            message: format!("`{typed}` has no command `{}`", word.escape_debug()),
            hint: meant(nearest(word, names_below(path)), &format!("`{typed} -h` lists the commands")),
        }
    }

    /// A word that is not one of the operand's.
    pub(super) fn unknown_word(word: &str, operand: Operand) -> Self {
        let words = operand.words().join(", ");
        Self::Invalid {
            message: format!("invalid value `{}`; expected {words}", word.escape_debug()),
            hint: meant(
                nearest(word, operand.words().iter().copied()),
                &format!("name one {}", operand.name),
            ),
        }
    }
}

fn unknown_flag(argument: &str, path: &[&str], arguments: &[OsString]) -> UsageError {
    let name = argument.split('=').next().unwrap_or_default();
    let known = || flags_at(path).map(|flag| flag.setting.flag).chain(["--help"]);
    let mut own = arguments.iter().take_while(|text| *text != "--");
    if !own.clone().any(|text| text.to_string_lossy().starts_with(name)) {
        return UsageError::Invalid {
            message: format!("unexpected argument `{}` behind `--`", argument.escape_debug()),
            hint: format!("write the flags of `{}` without `--` before them", typed(path)),
        };
    }
    if known().any(|flag| flag == name) {
        return UsageError::Invalid { message: format!("`{name}` takes no value"), hint: how_to(path) };
    }
    // The parser takes the letters behind one dash for a flag each.
    let one_dash =
        own.find_map(|text| text.to_str().filter(|text| text.starts_with(name) && !name.starts_with("--")));
    let name = one_dash.unwrap_or(name).split('=').next().unwrap_or_default();
    let meant_by = |name: &str| nearest(name, known());
    let others: Vec<String> = Command::all()
        .map(Command::definition)
        .iter()
        .filter(|other| other.flags().any(|flag| flag.setting.flag == name))
        .map(|other| format!("`{}`", other.path.join(" ")))
        .collect();
    let hint = if others.is_empty() {
        let with_two_dashes = one_dash.filter(|_| name.len() > 2).map(|_| format!("-{name}"));
        meant(meant_by(with_two_dashes.as_deref().unwrap_or(name)), &how_to(path))
    } else {
        format!("{name} is a flag of {}; {}", others.join(", "), how_to(path))
    };
    UsageError::Invalid { message: format!("`{}` has no flag `{}`", typed(path), name.escape_debug()), hint }
}

/// The flag whose value is not UTF-8. The value is not shown: it may be a secret. Operands need not be UTF-8.
fn not_utf8(path: &[&str], arguments: &[OsString]) -> String {
    let takes_value = |text: &OsStr| {
        flags_at(path).find(|flag| !matches!(flag.setting.shape, Shape::Switch) && text == flag.setting.flag)
    };
    let is_broken = |text: &OsString| text.to_str().is_none();
    let own = arguments.split(|text| text == "--").next().unwrap_or_default();
    let pairs = own.iter().zip(own.iter().skip(1));
    let behind = pairs.filter(|(_, value)| is_broken(value)).find_map(|(flag, _)| takes_value(flag));
    let with = own
        .iter()
        .filter(|text| is_broken(text))
        .find_map(|text| flags_at(path).find(|flag| flag.is_typed_in(text)));
    match behind.or(with) {
        Some(flag) => format!("the value of `{}` is not UTF-8", flag.setting.flag),
        None => "an argument is not UTF-8".to_owned(),
    }
}

fn flags_at(path: &[&str]) -> impl Iterator<Item = &'static Flag> {
    Command::at(path).into_iter().flat_map(|command| command.definition().flags())
}

fn meant(nearest: Option<&str>, otherwise: &str) -> String {
    nearest.map_or_else(|| otherwise.to_owned(), |word| format!("did you mean `{word}`?"))
}

fn how_to(path: &[&str]) -> String {
    let lists = if Command::at(path).is_some() { "flags" } else { "commands" };
    format!("`{} -h` lists the {lists}", typed(path))
}

/// Where the operand is a command line.
fn how_to_name_a_command(path: &[&str]) -> Option<String> {
    let definition = Command::at(path)?.definition();
    let kind = definition.operand?.kind;
    let takes_command = matches!(kind, OperandKind::CommandLine | OperandKind::OptionalCommandLine);
    takes_command.then(|| format!("write the command behind `--`: `{}`", usage(definition)))
}

fn typed(path: &[&str]) -> String {
    [&[PROGRAM], path].concat().join(" ")
}
