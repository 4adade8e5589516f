//! The table of settings: what the user can set, with a flag or with the variable of the same name. A `CIRCLECI_AWS_OIDC_`
//! variable that is not in it is an error, so that a misspelled setting is not ignored.

mod destination;
mod network;
mod output;
mod session;
mod trust;

use crate::io::environment::{Environment, vars};
use crate::settings::setting::Setting;
use crate::settings::similar::nearest;
pub(crate) use destination::{
    CONFIG, CONFIG_FILE, HOME, JOB_KEY, MODE, OVERWRITE, PASS_TOKEN, PROFILE, SERVE, SETTINGS, TO,
    USE_EXISTING, VERIFY,
};
pub(crate) use network::{CA_BUNDLE, CONNECT_TIMEOUT, DEADLINE, MAX_ATTEMPTS, STS_ENDPOINT, WITH_NETWORK};
pub(crate) use output::{COLOR, DETAILS, QUIET, RECEIPT};
pub(crate) use session::{
    ALLOWED_ACCOUNT_ID, AUDIENCE, CHAIN_ROLE_ARN, DURATION, EXPECT_AWS, EXTERNAL_ID, FORBIDDEN_ACCOUNT_ID,
    POLICY, POLICY_ARN, REFUSE_FORK, REFUSE_SSH_RERUN, REGION, ROLE_ARN, SCOPE_DESCRIPTION, SCOPE_DURATION,
    SCOPE_POLICY, SESSION_NAME, SOURCE_IDENTITY, TAG, TOKEN_SOURCE, TRANSITIVE_TAG, TRUST_POLICY,
};
pub(crate) use trust::{
    BRANCH, CLAIMS, CONTEXT_PROVIDER, ENVIRONMENT, FORMAT, GIT_TAG, JOB_WORKFLOW_REF, MAX_SESSION_DURATION,
    ORGANIZATION_ID, PERMISSIONS_POLICY_ARN, PROJECT_ID, PROVIDER, PULL_REQUEST, REPOSITORY, SUBJECT_FORM,
    THUMBPRINT, USER_ID, VCS_ORIGIN, WORKLOAD_ROLE_ARN,
};

/// What the name of every setting's variable starts with.
pub(super) const PREFIX: &str = "CIRCLECI_AWS_OIDC_";

/// Every setting, group by group.
pub(crate) fn all() -> impl Iterator<Item = &'static Setting> {
    [session::ROWS, destination::ROWS, network::ROWS, trust::ROWS, output::ROWS]
        .into_iter()
        .flatten()
        .copied()
}

/// The names of the `CIRCLECI_AWS_OIDC_` variables that are set.
pub(crate) fn names_in(environment: &Environment) -> impl Iterator<Item = &str> {
    environment.names().chain(environment.unreadable()).filter(|name| name.starts_with(PREFIX))
}

/// A setting, or another variable that decides what this program does, that is not UTF-8.
pub(crate) fn unreadable(environment: &Environment) -> Option<&str> {
    let is_used = |name: &&str| name.starts_with(PREFIX) || vars::DECIDING.concat().contains(name);
    environment.unreadable().find(is_used)
}

/// The environment without `CIRCLECI_AWS_OIDC_` variables.
pub(crate) fn without_settings(environment: &Environment) -> Environment {
    environment.after([], &names_in(environment).collect::<Vec<_>>())
}

/// `CIRCLECI_AWS_OIDC_` variables that are not in the table.
pub(crate) fn unknown(environment: &Environment) -> impl Iterator<Item = &str> {
    names_in(environment).filter(|name| all().all(|known| known.variable != *name))
}

/// The known variable that is most similar to a misspelled one, if one is similar.
pub(crate) fn most_similar(name: &str) -> Option<&'static str> {
    let of_setting = |variable: &'static str| variable.strip_prefix(PREFIX).unwrap_or(variable);
    let name = nearest(name.strip_prefix(PREFIX)?, all().map(|setting| of_setting(setting.variable)))?;
    all().map(|setting| setting.variable).find(|variable| of_setting(variable) == name)
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "page_tests.rs"]
mod page;
