//! The table of settings against the command line and the orb.

use std::collections::BTreeSet;

use super::*;
use crate::args::tests::flags_by_command;
use crate::settings::caller::{WITHOUT_PARAMETER, parameter};

#[test]
fn each_variable_is_named_after_its_flag() {
    for setting in all() {
        let name = setting.flag.trim_start_matches("--").replace('-', "_").to_uppercase();
        assert_eq!(setting.variable, format!("CIRCLECI_AWS_OIDC_{name}"));
    }
}

#[test]
fn the_table_and_the_command_line_know_the_same_flags() {
    let flags: BTreeSet<String> = flags_by_command().into_values().flatten().collect();
    let table: BTreeSet<String> = all().map(|setting| setting.flag.to_owned()).collect();
    assert_eq!(flags, table);
}

/// The variables that a command of the orb passes.
fn passed_by(command: &str) -> BTreeSet<&str> {
    let names = command.lines().filter_map(|line| line.trim().split_once(": <<").map(|(name, _)| name));
    names.filter(|name| name.starts_with("CIRCLECI_AWS_OIDC_")).collect()
}

/// The commands of this program with the command of the orb that calls each.
const OF_THE_ORB: [(&str, &str); 5] = [
    ("assume", include_str!("../../../../orb/src/commands/aws-configure-credentials.yml")),
    ("profiles", include_str!("../../../../orb/src/commands/aws-configure-profiles.yml")),
    ("whoami", include_str!("../../../../orb/src/commands/whoami.yml")),
    ("preflight", include_str!("../../../../orb/src/commands/preflight.yml")),
    ("clear", include_str!("../../../../orb/src/commands/clear-credentials.yml")),
];

/// Errors name what the user typed: the table of parameters is that of the orb's YAML.
#[test]
fn a_setting_has_the_parameter_that_the_orb_passes_to_it() {
    let pairs = OF_THE_ORB.iter().flat_map(|(_, file)| file.lines()).filter_map(|line| {
        let (variable, value) = line.trim().split_once(": << parameters.")?;
        let setting = all().find(|setting| setting.variable == variable)?;
        Some((setting, value.trim_end_matches(" >>")))
    });
    let mut passed = BTreeSet::new();
    for (setting, name) in pairs {
        assert_eq!(parameter(setting), Some(name), "{}", setting.flag);
        passed.insert(setting.flag);
    }
    for setting in WITHOUT_PARAMETER {
        assert!(!passed.contains(setting.flag), "{}", setting.flag);
    }
    assert!(!passed.is_empty());
}

#[test]
fn the_orb_and_the_command_line_know_the_same_names() {
    let flags = flags_by_command();
    for (command, file) in OF_THE_ORB {
        let with_parameter = all().filter(|setting| {
            !WITHOUT_PARAMETER.contains(setting) && flags[command].iter().any(|flag| flag == setting.flag)
        });
        assert_eq!(passed_by(file), with_parameter.map(|setting| setting.variable).collect(), "{command}");
    }
}

/// What `assume` itself adds to a profile's line.
static OF_THE_LINE: [&Setting; 3] = [&SETTINGS, &JOB_KEY, &HOME];

/// The orb passes the variables of `assume` to its background step, and a profile's line is made from them.
#[test]
fn what_renews_knows_no_setting_that_assume_does_not() {
    let flags = flags_by_command();
    let of_the_line = |flag: &String| OF_THE_LINE.iter().any(|setting| setting.flag == flag);
    for flag in [&flags["serve"][..], &flags["credential-process"]].concat() {
        if of_the_line(&flag) {
            continue;
        }
        assert!(flags["assume"].contains(&flag), "{flag}");
    }
}

#[test]
fn a_misspelled_name_leads_to_the_known_one() {
    for (name, known) in [
        ("CIRCLECI_AWS_OIDC_ROLEARN", Some("CIRCLECI_AWS_OIDC_ROLE_ARN")),
        ("CIRCLECI_AWS_OIDC_SESION_NAME", Some("CIRCLECI_AWS_OIDC_SESSION_NAME")),
        ("CIRCLECI_AWS_OIDC_CHAIN_ROLE", Some("CIRCLECI_AWS_OIDC_CHAIN_ROLE_ARN")),
        ("CIRCLECI_AWS_OIDC_X", None),
        ("CIRCLECI_AWS_OIDC_", None),
    ] {
        assert_eq!(most_similar(name), known, "{name}");
    }
}
