//! The texts of `-h`, which has a line for each flag, and of `--help`, which has everything: what no flag's line says,
//! variables, values, examples and exit codes. Both are at most 100 columns wide.

use super::command::{ABOUT, Command, Definition, Flag, OperandKind, PROGRAM, TRUST_ABOUT, below};
use crate::settings::setting::Setting;

/// The widest line.
pub(super) const COLUMNS: usize = 100;

/// How much is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `-h`.
    Short,
    /// `--help` and `help`.
    Full,
}

/// The help of a command, or of a group of commands.
pub(super) fn help(path: &[&str], form: Form) -> String {
    match (Command::at(path), form) {
        (Some(command), Form::Short) => short(command.definition()),
        (Some(command), Form::Full) => full(command.definition()),
        (None, _) => of_group(path, form),
    }
}

/// The line that shows how a command is typed.
pub(super) fn usage(definition: &Definition) -> String {
    let flags = if definition.groups.is_empty() { "" } else { " [FLAGS]" };
    let operand = definition.operand.map_or(String::new(), |operand| match operand.kind {
        OperandKind::Words(_) => format!(" {}", operand.name),
        OperandKind::Files => format!(" {}...", operand.name),
        OperandKind::CommandLine => format!(" -- {}...", operand.name),
        OperandKind::OptionalCommandLine => format!(" [-- {}...]", operand.name),
    });
    format!("{}{flags}{operand}", definition.typed())
}

/// A flag as its line shows it: with the name of its value, and dots where it may be repeated.
pub(super) fn flag_with_value(flag: &Flag) -> String {
    let dots = if flag.is_list() { "..." } else { "" };
    match flag.value_name() {
        Some(name) => format!("{} {name}{dots}", flag.setting.flag),
        None => flag.setting.flag.to_owned(),
    }
}

fn short(definition: &Definition) -> String {
    let mut sections: Vec<(String, Vec<(String, &str)>)> = Vec::new();
    if let Some(operand) = definition.operand {
        sections.push((format!("{}:", operand.name), vec![(operand.name.to_owned(), operand.help)]));
    }
    for group in definition.groups {
        let rows = group.flags.iter().map(|flag| (flag_with_value(flag), flag.help())).collect();
        sections.push((format!("{}:", group.heading), rows));
    }
    sections.push(("Help:".to_owned(), vec![("-h, --help".to_owned(), HELP)]));
    let width = sections.iter().flat_map(|(_, rows)| rows).map(|(name, _)| name.len()).max();
    let width = width.unwrap_or_default();
    let mut text = format!("{}\n\nUsage: {}\n\n", definition.about, usage(definition));
    for (heading, rows) in &sections {
        text += &format!("{heading}\n");
        for (name, help) in rows {
            text += &format!("  {name:width$}  {help}\n");
        }
    }
    if definition.flags().any(Flag::is_list) {
        text += "\nA flag with ... may be repeated.\n";
    }
    text
}

/// The line of the flag that prints this.
const HELP: &str = "Print this; --help: also variables, values, examples, exit codes";

fn full(definition: &Definition) -> String {
    let mut text = format!("{}\n\nUsage: {}\n", definition.about, usage(definition));
    for note in definition.notes {
        text += &format!("\n{}", wrapped(note, ""));
    }
    if let Some(operand) = definition.operand {
        text += &format!("\n{}:\n{}", operand.name, wrapped(operand.help, "  "));
    }
    let flags = definition.flags().map(|flag| flag_with_value(flag).len());
    let width = flags.max().unwrap_or_default();
    if width > 0 {
        text += "\nEach flag has a variable, named beside it; the flag wins over the variable.\n";
    }
    for group in definition.groups {
        text += &format!("\n{}:\n", group.heading);
        for flag in group.flags {
            let Setting { variable, .. } = flag.setting;
            text += &format!("  {:width$}  {variable}\n", flag_with_value(flag));
            for line in [flag.help()].into_iter().chain(flag.more().lines()) {
                text += &wrapped(line, "      ");
            }
            if flag.is_list() {
                text += "      May be repeated.\n";
            }
        }
    }
    text += "\nExamples:\n";
    for example in definition.examples {
        text += &format!("  # {}\n  {}\n", example.purpose, example.line.replace('\n', "\n  "));
    }
    text += "\nExit codes:\n";
    for (code, meaning) in definition.exit_codes {
        text += &format!("  {code}  {meaning}\n");
    }
    text
}

/// Examples of the whole program: the first steps.
pub(super) static FIRST_STEPS: [(&str, &str); 2] = [
    (
        "The identity provider and the role that a project's jobs assume",
        "circleci-aws-oidc trust generate --role-arn arn:aws:iam::123456789012:role/deploy --format aws-cli",
    ),
    (
        "In a job: its credentials for the steps that follow",
        "circleci-aws-oidc assume --role-arn arn:aws:iam::123456789012:role/deploy --region eu-west-1",
    ),
];

fn of_group(path: &[&str], form: Form) -> String {
    let is_program = path.is_empty();
    let about = if is_program { ABOUT } else { TRUST_ABOUT };
    let typed = [&[PROGRAM], path].concat().join(" ");
    let mut text = format!("{about}\n\nUsage: {typed} COMMAND [FLAGS]\n\nCommands:\n");
    let definitions = Command::all().map(Command::definition).into_iter();
    let rows: Vec<(String, &str)> = definitions
        .filter(|definition| definition.path.starts_with(path))
        .map(|definition| (definition.path.join(" "), definition.about))
        .collect();
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    for (name, about) in &rows {
        text += &format!("  {name:width$}  {about}\n");
    }
    text += "\nFlags:\n  -h, --help     Print help; COMMAND -h: a line for each flag, COMMAND --help: everything\n";
    if is_program {
        text += "  -V, --version  Print the version\n";
    }
    if is_program && form == Form::Full {
        text += "\nExamples:\n";
        for (purpose, line) in FIRST_STEPS {
            text += &format!("  # {purpose}\n  {line}\n");
        }
    }
    text
}

/// The text in lines that begin with `indent`. No line without a word.
fn wrapped(text: &str, indent: &str) -> String {
    let mut lines = String::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && indent.len() + line.len() + 1 + word.len() > COLUMNS {
            lines += &format!("{indent}{line}\n");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line += word;
    }
    if !line.is_empty() {
        lines += &format!("{indent}{line}\n");
    }
    lines
}

/// The names that are known below a path, to compare a misspelled one with.
pub(super) fn names_below(path: &[&str]) -> impl Iterator<Item = &'static str> + use<> {
    below(path).into_iter().map(|(name, _)| name)
}
