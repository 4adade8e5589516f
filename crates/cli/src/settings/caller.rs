//! Who calls this program, and so what the user typed: a flag, a parameter of the orb, or an input of the GitHub action.
//! Every text for the user that names a setting passes through [`Caller::in_words`]; texts are written with the flag, in
//! backticks.

use std::borrow::Cow;

use crate::io::environment::{Environment, vars};
use crate::settings::setting::Setting;
use crate::settings::table::{self, PREFIX};

/// Who calls this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// A person or a script, with flags and variables.
    CommandLine,
    /// A step of the orb, whose parameters become variables.
    Orb,
    /// The GitHub action, whose inputs become variables.
    Action,
}

/// Parameters that are not named like their flag: the orb's first users know the first one, the others hold lists.
static OTHER_NAMES: [(&Setting, &str); 6] = [
    (&table::PROFILE, "profile-name"),
    (&table::TAG, "tags"),
    (&table::TRANSITIVE_TAG, "transitive-tags"),
    (&table::POLICY_ARN, "policy-arns"),
    (&table::ALLOWED_ACCOUNT_ID, "allowed-account-ids"),
    (&table::FORBIDDEN_ACCOUNT_ID, "forbidden-account-ids"),
];

/// The names of parameters in the command `assume-role-with-web-identity`, which passes them on under the others: which
/// of the two the user typed is not known here.
static SECOND_NAMES: [(&Setting, &str); 1] = [(&table::SESSION_NAME, "role-session-name")];

/// Inputs of the GitHub action, most of them as users of `aws-actions/configure-aws-credentials` know them. Any other setting
/// is a variable in the step's `env:`.
static INPUTS: [(&Setting, &str); 17] = [
    (&table::ROLE_ARN, "role-to-assume"),
    (&table::SESSION_NAME, "role-session-name"),
    (&table::DURATION, "role-duration-seconds"),
    (&table::REGION, "aws-region"),
    (&table::PROFILE, "aws-profile"),
    (&table::OVERWRITE, "overwrite-aws-profile"),
    (&table::AUDIENCE, "audience"),
    (&table::CHAIN_ROLE_ARN, "chain-role-arn"),
    (&table::EXTERNAL_ID, "role-external-id"),
    (&table::TAG, "tags"),
    (&table::TRANSITIVE_TAG, "transitive-tag-keys"),
    (&table::POLICY, "inline-session-policy"),
    (&table::POLICY_ARN, "managed-session-policies"),
    (&table::ALLOWED_ACCOUNT_ID, "allowed-account-ids"),
    (&table::STS_ENDPOINT, "sts-endpoint"),
    (&table::DEADLINE, "action-timeout-s"),
    (&table::MAX_ATTEMPTS, "retry-max-attempts"),
];

/// Settings without a parameter of the orb: the few users who need them set the variable in a job's `environment:`.
pub(super) static WITHOUT_PARAMETER: [&Setting; 9] = [
    &table::TO,
    &table::STS_ENDPOINT,
    &table::CA_BUNDLE,
    &table::CONNECT_TIMEOUT,
    &table::DEADLINE,
    &table::MAX_ATTEMPTS,
    &table::QUIET,
    &table::COLOR,
    &table::FORMAT,
];

/// The parameter of the orb.
pub(super) fn parameter(setting: &Setting) -> Option<&'static str> {
    if WITHOUT_PARAMETER.contains(&setting) {
        return None;
    }
    let other = OTHER_NAMES.iter().find(|(named, _)| *named == setting).map(|(_, name)| *name);
    Some(other.unwrap_or(setting.flag.trim_start_matches("--")))
}

impl Caller {
    /// What the user typed for this setting; `None` if it has its variable alone.
    fn word(self, setting: &Setting) -> Option<&'static str> {
        match self {
            Self::CommandLine => Some(setting.flag),
            Self::Orb => parameter(setting),
            Self::Action => INPUTS.iter().find(|(named, _)| *named == setting).map(|(_, name)| *name),
        }
    }

    /// The scripts of the orb and of the action say that they call.
    pub(crate) fn of(environment: &Environment) -> Self {
        match environment.raw(vars::INSTALL_AWS_OIDC_CALLER) {
            Some("orb") => Self::Orb,
            Some("action") => Self::Action,
            _ => Self::CommandLine,
        }
    }

    /// The text with each setting by the name that the user typed.
    pub(crate) fn in_words(self, text: &str) -> Cow<'_, str> {
        if self == Self::CommandLine {
            return text.into();
        }
        let mut words = String::new();
        let mut rest = text;
        while let Some(at) = [rest.find("`--"), rest.find(PREFIX)].into_iter().flatten().min() {
            let (before, mention) = rest.split_at(at);
            words.push_str(before);
            let translated = self.of_flag(mention, &words).or_else(|| self.of_variable(mention, &words));
            let (name, after) = translated.unwrap_or_else(|| {
                let (first, after) = mention.split_at(mention.chars().next().map_or(0, char::len_utf8));
                (first.to_owned(), after)
            });
            words.push_str(&name);
            rest = after;
        }
        words.push_str(rest);
        words.into()
    }

    /// The name for `` `--flag` `` or `` `--flag VALUE` `` at the start of `mention`, and what follows it.
    fn of_flag<'t>(self, mention: &'t str, before: &str) -> Option<(String, &'t str)> {
        // A value of the user that looks like a flag.
        if before.ends_with("value ") {
            return None;
        }
        let (inside, after) = mention.strip_prefix('`')?.split_once('`')?;
        let (flag, value) = match inside.split_once([' ', '=']) {
            Some((flag, value)) => (flag, Some(value)),
            None => (inside, None),
        };
        let setting = table::all().find(|setting| setting.flag == flag)?;
        let name = match (self.word(setting), value) {
            (Some(word), Some(value)) => format!("`{word}: {value}`"),
            (Some(word), None) => self.mention_of(setting, word),
            (None, Some(value)) => format!("`{}={value}`", setting.variable),
            (None, None) => setting.variable.to_owned(),
        };
        Some((name, without_variable(after, setting.variable)))
    }

    /// The name for a variable at the start of `mention`, and what follows it.
    fn of_variable<'t>(self, mention: &'t str, before: &str) -> Option<(String, &'t str)> {
        // The variable itself is meant: in a value of the user, as a name that is not known, or as one to avoid.
        let is_itself =
            ["$", "{", "rename it to ", "another name than "].iter().any(|end| before.ends_with(end));
        if is_itself || before.ends_with(is_of_name) {
            return None;
        }
        let (variable, after) =
            mention.split_at(mention.find(|next| !is_of_name(next)).unwrap_or(mention.len()));
        let setting = table::all().find(|setting| setting.variable == variable)?;
        let word = self.word(setting)?;
        let mention = self.mention_of(setting, word);
        // The text itself has the outer quotes.
        let mention = if before.ends_with('`') { mention.trim_matches('`').to_owned() } else { mention };
        Some((mention, after))
    }

    /// The word in quotes, with the other one that a command of the orb has for it.
    fn mention_of(self, setting: &Setting, word: &str) -> String {
        let second = SECOND_NAMES.iter().find(|(named, _)| self == Self::Orb && *named == setting);
        second.map_or(format!("`{word}`"), |(_, second)| format!("`{word}` or `{second}`"))
    }
}

/// What follows a flag, without the same setting's variable beside it.
fn without_variable<'t>(after: &'t str, variable: &str) -> &'t str {
    [(" (", ")"), (" and ", ""), (" or ", "")]
        .iter()
        .find_map(|(start, end)| {
            let rest = after.strip_prefix(start)?.strip_prefix(variable)?;
            rest.strip_prefix(end).filter(|rest| !rest.starts_with(is_of_name))
        })
        .unwrap_or(after)
}

fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_has_the_name_of_the_orbs_parameter() {
        for (text, words) in [
            ("`--profile` is short", "`profile-name` is short"),
            (
                "choose `--profile NAME`, `--to dotenv:PATH`",
                "choose `profile-name: NAME`, `CIRCLECI_AWS_OIDC_TO=dotenv:PATH`",
            ),
            ("`--role-arn` (CIRCLECI_AWS_OIDC_ROLE_ARN) is required", "`role-arn` is required"),
            ("`--session-name` cannot", "`session-name` or `role-session-name` cannot"),
            ("`CIRCLECI_AWS_OIDC_SESSION_NAME` cannot", "`session-name` or `role-session-name` cannot"),
            ("set `--session-name NAME`", "set `session-name: NAME`"),
            ("remove `--to` and CIRCLECI_AWS_OIDC_TO", "remove CIRCLECI_AWS_OIDC_TO"),
            ("`CIRCLECI_AWS_OIDC_PROFILE` cannot be used", "`profile-name` cannot be used"),
            ("eu-west-1 (CIRCLECI_AWS_OIDC_REGION)", "eu-west-1 (`region`)"),
            ("by `--allowed-account-id`", "by `allowed-account-ids`"),
            ("raise it with `--deadline`", "raise it with CIRCLECI_AWS_OIDC_DEADLINE"),
            ("with `--ca-bundle` or AWS_CA_BUNDLE", "with CIRCLECI_AWS_OIDC_CA_BUNDLE or AWS_CA_BUNDLE"),
        ] {
            assert_eq!(Caller::Orb.in_words(text), words);
            assert_eq!(Caller::CommandLine.in_words(text), text);
        }
    }

    #[test]
    fn a_setting_has_the_name_of_the_actions_input() {
        for (text, words) in [
            ("`--role-arn` (CIRCLECI_AWS_OIDC_ROLE_ARN) is required", "`role-to-assume` is required"),
            ("raise it with `--deadline`", "raise it with `action-timeout-s`"),
            ("set `--refuse-fork`", "set CIRCLECI_AWS_OIDC_REFUSE_FORK"),
            ("choose `--to dotenv:PATH`", "choose `CIRCLECI_AWS_OIDC_TO=dotenv:PATH`"),
        ] {
            assert_eq!(Caller::Action.in_words(text), words);
        }
    }

    #[test]
    fn what_the_user_typed_and_the_flags_of_other_programs_stay() {
        for text in [
            "invalid value `--profile`; expected",
            "`$CIRCLECI_AWS_OIDC_REGION` is not set",
            "${CIRCLECI_AWS_OIDC_REGION}",
            "rename it to CIRCLECI_AWS_OIDC_ROLE_ARN",
            "give the variable of the project or context another name than CIRCLECI_AWS_OIDC_ROLE_ARN",
            "`CIRCLECI_AWS_OIDC_ROLEARN` is not a setting",
            "`aws --profile NAME`, `--query X`, `--profile",
            "größe `--",
        ] {
            assert_eq!(Caller::Orb.in_words(text), text);
        }
    }
}
