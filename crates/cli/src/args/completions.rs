//! Completions for shells, written from the definitions of the commands: their names, their flags, and what the values
//! of flags can be. Each script is data and the code that reads it; it never starts this program.

mod bash;
mod fish;
mod powershell;
mod zsh;

use super::candidates::{Candidates, candidates};
use super::command::{Command, Definition, Flag, TRUST_ABOUT};

/// The script for the shell that the operand of `completions` names.
pub(crate) fn completions(shell: &str) -> Option<String> {
    match shell {
        "bash" => Some(bash::script()),
        "zsh" => Some(zsh::script()),
        "fish" => Some(fish::script()),
        "powershell" => Some(powershell::script()),
        _ => None,
    }
}

/// The groups of commands: each path, and the names below it with a line for each.
fn groups() -> [(&'static [&'static str], &'static str); 2] {
    [(&[], ""), (&["trust"], TRUST_ABOUT)]
}

fn definitions() -> impl Iterator<Item = (Command, &'static Definition)> {
    Command::all().into_iter().map(|command| (command, command.definition()))
}

/// The flags of a command that take a value, each with its candidates.
fn flags_with_value(
    command: Command,
    definition: &Definition,
) -> impl Iterator<Item = (&'static Flag, Candidates)> + use<> {
    let flags = definition.flags().filter(|flag| flag.value_name().is_some());
    flags.map(move |flag| (flag, candidates(command, flag)))
}
