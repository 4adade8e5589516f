//! What the user gave: a flag, or the variable of the same name. The table of both stands here and nowhere
//! else; a name in the environment that is not in it is an error, so that a misspelled setting is not
//! silently without effect.

use crate::environment::Environment;
use crate::expand::{ExpandError, expand};

/// One setting: its flag, and the variable that the orb fills in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Setting {
    /// For example `--role-arn`.
    pub(crate) flag: &'static str,
    /// For example `AWS_OIDC_ROLE_ARN`.
    pub(crate) variable: &'static str,
}

const fn setting(flag: &'static str, variable: &'static str) -> Setting {
    Setting { flag, variable }
}

pub(crate) const ROLE_ARN: Setting = setting("--role-arn", "AWS_OIDC_ROLE_ARN");
pub(crate) const SESSION_NAME: Setting = setting("--session-name", "AWS_OIDC_SESSION_NAME");
pub(crate) const DURATION: Setting = setting("--duration", "AWS_OIDC_DURATION");
pub(crate) const REGION: Setting = setting("--region", "AWS_OIDC_REGION");
pub(crate) const PROFILE: Setting = setting("--profile", "AWS_OIDC_PROFILE");
pub(crate) const TO: Setting = setting("--to", "AWS_OIDC_TO");
pub(crate) const TOKEN_SOURCE: Setting = setting("--token-source", "AWS_OIDC_TOKEN_SOURCE");
pub(crate) const ORGANIZATION_ID: Setting = setting("--organization-id", "AWS_OIDC_ORGANIZATION_ID");
pub(crate) const PROJECT_ID: Setting = setting("--project-id", "AWS_OIDC_PROJECT_ID");
pub(crate) const VCS_ORIGIN: Setting = setting("--vcs-origin", "AWS_OIDC_VCS_ORIGIN");
pub(crate) const BRANCH: Setting = setting("--branch", "AWS_OIDC_BRANCH");
pub(crate) const GIT_TAG: Setting = setting("--git-tag", "AWS_OIDC_GIT_TAG");
pub(crate) const USER_ID: Setting = setting("--user-id", "AWS_OIDC_USER_ID");
pub(crate) const AUDIENCE: Setting = setting("--audience", "AWS_OIDC_AUDIENCE");
pub(crate) const WORKLOAD_ROLE_ARN: Setting = setting("--workload-role-arn", "AWS_OIDC_WORKLOAD_ROLE_ARN");
pub(crate) const CHAIN_ROLE_ARN: Setting = setting("--chain-role-arn", "AWS_OIDC_CHAIN_ROLE_ARN");
pub(crate) const EXTERNAL_ID: Setting = setting("--external-id", "AWS_OIDC_EXTERNAL_ID");
pub(crate) const TAG: Setting = setting("--tag", "AWS_OIDC_TAG");
pub(crate) const TRANSITIVE_TAG: Setting = setting("--transitive-tag", "AWS_OIDC_TRANSITIVE_TAG");
pub(crate) const SOURCE_IDENTITY: Setting = setting("--source-identity", "AWS_OIDC_SOURCE_IDENTITY");
pub(crate) const POLICY: Setting = setting("--policy", "AWS_OIDC_POLICY");
pub(crate) const POLICY_ARN: Setting = setting("--policy-arn", "AWS_OIDC_POLICY_ARN");
pub(crate) const ALLOWED_ACCOUNT_ID: Setting = setting("--allowed-account-id", "AWS_OIDC_ALLOWED_ACCOUNT_ID");
pub(crate) const FORBIDDEN_ACCOUNT_ID: Setting =
    setting("--forbidden-account-id", "AWS_OIDC_FORBIDDEN_ACCOUNT_ID");
pub(crate) const MAX_SESSION_DURATION: Setting =
    setting("--max-session-duration", "AWS_OIDC_MAX_SESSION_DURATION");
pub(crate) const PROVIDER: Setting = setting("--provider", "AWS_OIDC_PROVIDER");
pub(crate) const THUMBPRINT: Setting = setting("--thumbprint", "AWS_OIDC_THUMBPRINT");
pub(crate) const FORMAT: Setting = setting("--format", "AWS_OIDC_FORMAT");
pub(crate) const REFUSE_SSH_RERUN: Setting = setting("--refuse-ssh-rerun", "AWS_OIDC_REFUSE_SSH_RERUN");
pub(crate) const REFUSE_FORK: Setting = setting("--refuse-fork", "AWS_OIDC_REFUSE_FORK");
pub(crate) const VERIFY: Setting = setting("--verify", "AWS_OIDC_VERIFY");
pub(crate) const STS_ENDPOINT: Setting = setting("--sts-endpoint", "AWS_OIDC_STS_ENDPOINT");
pub(crate) const CA_BUNDLE: Setting = setting("--ca-bundle", "AWS_OIDC_CA_BUNDLE");
pub(crate) const CONNECT_TIMEOUT: Setting = setting("--connect-timeout", "AWS_OIDC_CONNECT_TIMEOUT");
pub(crate) const DEADLINE: Setting = setting("--deadline", "AWS_OIDC_DEADLINE");
pub(crate) const MAX_ATTEMPTS: Setting = setting("--max-attempts", "AWS_OIDC_MAX_ATTEMPTS");
pub(crate) const QUIET: Setting = setting("--quiet", "AWS_OIDC_QUIET");
pub(crate) const COLOR: Setting = setting("--color", "AWS_OIDC_COLOR");
pub(crate) const WITH_NETWORK: Setting = setting("--with-network", "AWS_OIDC_WITH_NETWORK");

/// Every setting, in the order of `--help`.
pub(crate) const ALL: [Setting; 39] = [
    ROLE_ARN,
    SESSION_NAME,
    DURATION,
    REGION,
    PROFILE,
    TO,
    TOKEN_SOURCE,
    ORGANIZATION_ID,
    PROJECT_ID,
    VCS_ORIGIN,
    BRANCH,
    GIT_TAG,
    USER_ID,
    AUDIENCE,
    WORKLOAD_ROLE_ARN,
    CHAIN_ROLE_ARN,
    EXTERNAL_ID,
    TAG,
    TRANSITIVE_TAG,
    SOURCE_IDENTITY,
    POLICY,
    POLICY_ARN,
    ALLOWED_ACCOUNT_ID,
    FORBIDDEN_ACCOUNT_ID,
    MAX_SESSION_DURATION,
    PROVIDER,
    THUMBPRINT,
    FORMAT,
    REFUSE_SSH_RERUN,
    REFUSE_FORK,
    VERIFY,
    STS_ENDPOINT,
    CA_BUNDLE,
    CONNECT_TIMEOUT,
    DEADLINE,
    MAX_ATTEMPTS,
    QUIET,
    COLOR,
    WITH_NETWORK,
];

const PREFIX: &str = "AWS_OIDC_";

/// One value, with what its errors need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Value {
    /// The text, variables filled in.
    pub(crate) text: String,
    /// The flag or variable that it came in by.
    pub(crate) name: &'static str,
    /// Whether variables were filled in: then a part of it is not what somebody typed.
    pub(crate) filled_in: bool,
}

/// Why the settings could not be looked up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GivenError {
    /// An `AWS_OIDC_…` name that is not in the table.
    #[error("`{0}` is not a setting of this version")]
    Unknown(String),
    /// A value whose variables can't be filled in.
    #[error("the value of `{name}` can't be filled in")]
    Expand {
        /// The variable that holds the value.
        name: &'static str,
        /// What is wrong.
        #[source]
        source: ExpandError,
    },
}

/// Names that look like ours and are not.
pub(crate) fn unknown(environment: &Environment) -> impl Iterator<Item = GivenError> {
    let is_unknown =
        |name: &&str| name.starts_with(PREFIX) && ALL.iter().all(|known| known.variable != *name);
    environment.names().filter(is_unknown).map(|name| GivenError::Unknown(name.to_owned()))
}

/// Refuses the first of them.
pub(crate) fn refuse_unknown(environment: &Environment) -> Result<(), GivenError> {
    unknown(environment).next().map_or(Ok(()), Err)
}

/// The known variable that a misspelled one is most like, if it is like any.
pub(crate) fn resembling(name: &str) -> Option<&'static str> {
    let name = name.strip_prefix(PREFIX).unwrap_or(name);
    let common = |variable: &str| {
        let known = variable.strip_prefix(PREFIX).unwrap_or(variable);
        let same = |(one, other): &(char, char)| one == other;
        let front = name.chars().zip(known.chars()).take_while(same).count();
        let back = name.chars().rev().zip(known.chars().rev()).take_while(same).count();
        (front + back).min(name.len()).min(known.len())
    };
    let nearest = ALL.into_iter().max_by_key(|setting| common(setting.variable))?.variable;
    (common(nearest) * 2 > name.len()).then_some(nearest)
}

/// The flag's value as it is, else the variable's with `$NAME` filled in; blank is absent in both.
pub(crate) fn value(
    flag: Option<&str>,
    setting: Setting,
    environment: &Environment,
) -> Result<Option<Value>, GivenError> {
    let present = |value: &Value| !value.text.trim().is_empty();
    if let Some(text) = flag {
        let value = Value { text: text.to_owned(), name: setting.flag, filled_in: false };
        return Ok(Some(value).filter(present));
    }
    let Some(text) = environment.set(setting.variable) else { return Ok(None) };
    let expanded = expand(text, &|name| environment.raw(name))
        .map_err(|source| GivenError::Expand { name: setting.variable, source })?;
    let value = Value { text: expanded.text, name: setting.variable, filled_in: expanded.changed };
    Ok(Some(value).filter(present))
}

#[cfg(test)]
mod tests {
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

    /// The flags of every command that has some, commands within commands too.
    fn flags_by_command() -> BTreeMap<String, Vec<String>> {
        let mut flags = BTreeMap::new();
        let mut commands = vec![CommandLine::command()];
        while let Some(command) = commands.pop() {
            let long =
                command.get_arguments().filter_map(|argument| Some(format!("--{}", argument.get_long()?)));
            flags.insert(command.get_name().to_owned(), long.collect());
            commands.extend(command.get_subcommands().cloned());
        }
        flags
    }

    #[test]
    fn the_table_and_the_command_line_know_the_same_flags() {
        let flags = flags_by_command();
        for (command, flags) in &flags {
            let table =
                ALL.iter().map(|setting| setting.flag).filter(|flag| flags.iter().any(|it| it == flag));
            assert_eq!(flags, &table.collect::<Vec<_>>(), "`{command}` has them in the table's order");
        }
        for setting in ALL {
            assert!(flags.values().flatten().any(|flag| flag == setting.flag), "{}", setting.flag);
        }
    }

    #[test]
    fn the_readme_lists_every_setting() {
        let readme = include_str!("../../../README.md");
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
            ("assume", include_str!("../../../orb/src/commands/aws-configure-credentials.yml")),
            ("whoami", include_str!("../../../orb/src/commands/whoami.yml")),
            ("preflight", include_str!("../../../orb/src/commands/preflight.yml")),
            ("clear", include_str!("../../../orb/src/commands/clear-credentials.yml")),
        ] {
            let with_parameter = ALL.into_iter().filter(|setting| {
                !WITHOUT_PARAMETER.contains(setting) && flags[command].iter().any(|flag| flag == setting.flag)
            });
            assert_eq!(
                passed_by(file),
                with_parameter.map(|setting| setting.variable).collect(),
                "{command}"
            );
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
        let environment =
            Environment::from([("AWS_OIDC_REGION", "$R"), ("R", ""), ("AWS_OIDC_PROFILE", " ")]);
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
}
