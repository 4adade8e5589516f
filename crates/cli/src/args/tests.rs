//! The command line: what clap accepts, how long `--help` is, and the order of the flags.

use std::collections::BTreeMap;

use super::{Command, program};

/// Every command with its line in `--help` and its flags, in the order of `--help`.
pub(crate) fn commands() -> Vec<(String, &'static str, Vec<&'static str>)> {
    let definitions = Command::all().map(Command::definition);
    let flags = |definition: &'static super::Definition| definition.flags().map(|flag| flag.setting.flag);
    definitions.map(|it| (it.path.join(" "), it.about, flags(it).collect())).to_vec()
}

/// The flags of every command and subcommand, without clap's own.
pub(crate) fn flags_by_command() -> BTreeMap<String, Vec<String>> {
    let mut flags = BTreeMap::new();
    let mut all = program();
    all.build();
    let mut commands = vec![all];
    while let Some(command) = commands.pop() {
        let long = command.get_arguments().filter_map(|argument| Some(format!("--{}", argument.get_long()?)));
        let ours = long.filter(|flag| flag != "--help" && flag != "--version");
        flags.insert(command.get_name().to_owned(), ours.collect());
        commands.extend(command.get_subcommands().cloned());
    }
    flags
}

#[test]
fn clap_accepts_the_definition() {
    program().debug_assert();
}

#[test]
fn help_fits_a_terminal_of_forty_four_lines() {
    let mut commands = vec![program()];
    while let Some(mut command) = commands.pop() {
        let help = command.render_help().to_string();
        assert!(help.lines().count() <= 44, "{help}");
        commands.extend(command.get_subcommands().cloned());
    }
}

#[test]
fn only_the_chosen_command_gets_its_flags() {
    for mut command in verbs(&program()) {
        let name = command.get_name().to_owned();
        let about = command.get_about().cloned();
        assert_eq!(command.get_arguments().count(), 0, "{name}");
        command.build();
        assert!(command.get_arguments().any(|flag| flag.get_long() == Some("quiet")), "{name}");
        assert_eq!(command.get_about(), about.as_ref(), "{name}");
    }
}

/// The commands that do something, not their groups.
fn verbs(command: &clap::Command) -> Vec<clap::Command> {
    if command.has_subcommands() {
        return command.get_subcommands().flat_map(verbs).collect();
    }
    vec![command.clone()]
}

#[test]
fn two_flags_come_in_the_same_order_in_every_command() {
    let flags: Vec<(String, Vec<String>)> = flags_by_command().into_iter().collect();
    for (command, of_command) in &flags {
        for (other, of_other) in &flags {
            let common = |one: &[String], another: &[String]| -> Vec<String> {
                one.iter().filter(|flag| another.contains(flag)).cloned().collect()
            };
            assert_eq!(common(of_command, of_other), common(of_other, of_command), "{command}, {other}");
        }
    }
}
