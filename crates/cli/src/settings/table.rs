//! What the user gave: a flag, or the variable of the same name. The table of both stands here and nowhere
//! else; a name in the environment that is not in it is an error, so that a misspelled setting is not
//! silently without effect.

use crate::io::environment::Environment;
use crate::settings::expansion::{ExpandError, expand};

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

pub(crate) const CONFIG_FILE: Setting = setting("--config-file", "AWS_OIDC_CONFIG_FILE");
pub(crate) const CONFIG: Setting = setting("--config", "AWS_OIDC_CONFIG");
pub(crate) const ROLE_ARN: Setting = setting("--role-arn", "AWS_OIDC_ROLE_ARN");
pub(crate) const SESSION_NAME: Setting = setting("--session-name", "AWS_OIDC_SESSION_NAME");
pub(crate) const DURATION: Setting = setting("--duration", "AWS_OIDC_DURATION");
pub(crate) const REGION: Setting = setting("--region", "AWS_OIDC_REGION");
pub(crate) const TOKEN_SOURCE: Setting = setting("--token-source", "AWS_OIDC_TOKEN_SOURCE");
pub(crate) const CLAIMS: Setting = setting("--claims", "AWS_OIDC_CLAIMS");
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
pub(crate) const TRUST_POLICY: Setting = setting("--trust-policy", "AWS_OIDC_TRUST_POLICY");
pub(crate) const PROFILE: Setting = setting("--profile", "AWS_OIDC_PROFILE");
pub(crate) const TO: Setting = setting("--to", "AWS_OIDC_TO");
pub(crate) const MODE: Setting = setting("--mode", "AWS_OIDC_MODE");
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
pub(crate) const ALL: [Setting; 44] = [
    CONFIG_FILE,
    CONFIG,
    ROLE_ARN,
    SESSION_NAME,
    DURATION,
    REGION,
    TOKEN_SOURCE,
    CLAIMS,
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
    TRUST_POLICY,
    PROFILE,
    TO,
    MODE,
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

/// The environment without any name of ours.
pub(crate) fn without_settings(environment: &Environment) -> Environment {
    let ours: Vec<&str> = environment.names().filter(|name| name.starts_with(PREFIX)).collect();
    environment.after([], &ours)
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
#[path = "table_tests.rs"]
mod tests;
