//! The table of settings against the command line, README.md and the orb, and how a value is looked up. Apart from
//! the table, which alone fills a file.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::args::CommandLine;
use clap::CommandFactory;

#[test]
fn each_variable_is_named_after_its_flag() {
    for setting in ALL {
        let name = setting.flag.trim_start_matches("--").replace('-', "_").to_uppercase();
        assert_eq!(setting.variable, format!("AWS_OIDC_{name}"));
    }
}

/// The flags of every command that has some, commands within commands too; not clap's own.
fn flags_by_command() -> BTreeMap<String, Vec<String>> {
    let mut flags = BTreeMap::new();
    let mut all = CommandLine::command();
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
fn the_table_and_the_command_line_know_the_same_flags() {
    let flags = flags_by_command();
    for (command, flags) in &flags {
        let table = ALL.iter().map(|setting| setting.flag).filter(|flag| flags.iter().any(|it| it == flag));
        assert_eq!(flags, &table.collect::<Vec<_>>(), "`{command}` has them in the table's order");
    }
    for setting in ALL {
        assert!(flags.values().flatten().any(|flag| flag == setting.flag), "{}", setting.flag);
    }
}

#[test]
fn the_readme_or_the_page_about_trust_lists_every_setting() {
    let readme =
        concat!(include_str!("../../../../README.md"), include_str!("../../../trust-policy/COMMANDS.md"));
    for Setting { flag, variable } in ALL {
        let row = readme.lines().find(|line| line.starts_with(&format!("| `{flag}`")));
        assert!(row.is_some_and(|row| row.contains(&format!("| `{variable}` |"))), "{flag}");
    }
}

/// Set in a job's `environment:` by the few who need them; the orb has no parameter for each.
const WITHOUT_PARAMETER: [Setting; 8] =
    [TO, STS_ENDPOINT, CA_BUNDLE, CONNECT_TIMEOUT, DEADLINE, MAX_ATTEMPTS, QUIET, COLOR];

/// The variables that a command of the orb passes.
fn passed_by(command: &str) -> BTreeSet<&str> {
    let names = command.lines().filter_map(|line| line.trim().split_once(": <<").map(|(name, _)| name));
    names.filter(|name| name.starts_with("AWS_OIDC_")).collect()
}

#[test]
fn the_orb_and_the_command_line_know_the_same_names() {
    let flags = flags_by_command();
    for (command, file) in [
        ("assume", include_str!("../../../../orb/src/commands/aws-configure-credentials.yml")),
        ("profiles", include_str!("../../../../orb/src/commands/aws-configure-profiles.yml")),
        ("whoami", include_str!("../../../../orb/src/commands/whoami.yml")),
        ("preflight", include_str!("../../../../orb/src/commands/preflight.yml")),
        ("clear", include_str!("../../../../orb/src/commands/clear-credentials.yml")),
    ] {
        let with_parameter = ALL.into_iter().filter(|setting| {
            !WITHOUT_PARAMETER.contains(setting) && flags[command].iter().any(|flag| flag == setting.flag)
        });
        assert_eq!(passed_by(file), with_parameter.map(|setting| setting.variable).collect(), "{command}");
    }
}

/// The orb gives its background step the variables of `assume`, and a profile's line is made of them.
#[test]
fn what_renews_knows_no_setting_that_assume_does_not() {
    let flags = flags_by_command();
    for flag in [&flags["serve"][..], &flags["credential-process"]].concat() {
        assert!(flags["assume"].contains(&flag), "{flag}");
    }
}

#[test]
fn a_flag_wins_and_is_taken_as_it_is() {
    let environment = Environment::from([("AWS_OIDC_REGION", "eu-west-1"), ("X", "y")]);
    let given = value(Some("$X"), REGION, &environment).unwrap().unwrap();
    assert_eq!(given, Value { text: "$X".to_owned(), name: "--region", filled_in: false });
}

#[test]
fn a_variable_is_filled_in_once() {
    let environment = Environment::from([("AWS_OIDC_REGION", "${R:-x}"), ("R", "$X")]);
    let given = value(None, REGION, &environment).unwrap().unwrap();
    assert_eq!(given, Value { text: "$X".to_owned(), name: "AWS_OIDC_REGION", filled_in: true });
}

#[test]
fn blank_is_absent_before_and_after_filling_in() {
    let environment = Environment::from([("AWS_OIDC_REGION", "$R"), ("R", ""), ("AWS_OIDC_PROFILE", " ")]);
    assert_eq!(value(None, REGION, &environment), Ok(None));
    assert_eq!(value(None, PROFILE, &environment), Ok(None));
    assert_eq!(value(Some(""), PROFILE, &environment), Ok(None));
}

#[test]
fn a_misspelled_name_leads_to_the_known_one() {
    for (name, known) in [
        ("AWS_OIDC_ROLEARN", Some("AWS_OIDC_ROLE_ARN")),
        ("AWS_OIDC_SESION_NAME", Some("AWS_OIDC_SESSION_NAME")),
        ("AWS_OIDC_CHAIN_ROLE", Some("AWS_OIDC_CHAIN_ROLE_ARN")),
        ("AWS_OIDC_X", None),
        ("AWS_OIDC_", None),
    ] {
        assert_eq!(resembling(name), known, "{name}");
    }
}

#[test]
fn a_name_that_only_looks_like_ours_is_refused() {
    let environment = Environment::from([("AWS_OIDC_ROLE_ARN", "x"), ("AWS_OIDC_ROLEARN", "x")]);
    assert_eq!(refuse_unknown(&environment), Err(GivenError::Unknown("AWS_OIDC_ROLEARN".to_owned())));
}
