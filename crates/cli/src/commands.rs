//! The verbs, one a file: settings, then the story, then the destinations.

pub(crate) mod assume;
pub(crate) mod clear;
pub(crate) mod credential_process;
pub(crate) mod preflight;
pub(crate) mod profiles;
pub(crate) mod serve;
pub(crate) mod trust_generate;
pub(crate) mod trust_lint;
pub(crate) mod trust_test;
pub(crate) mod whoami;

/// What whoever needs credentials again and again should know where the token is that there is, and no other can be had.
fn only_token(origin: &oidc::TokenOrigin) -> String {
    format!("the token from {origin} is the only one: there are no new credentials once it has expired")
}

/// What users of profiles should know where key variables are set.
const VARIABLES_WIN: &str = "AWS_ACCESS_KEY_ID is set in this job: AWS tools take it before any profile, \
                             unless they are given one by `--profile`";
