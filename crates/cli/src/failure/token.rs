//! No token: what is known of why the CI gave none, and what to do about it.

use super::{ExitStatus, Failure};
use crate::ci::{CIRCLECI, CiSystem};
use crate::exchange::token_source::{GithubError, TokenError};
use crate::io::environment::{Environment, vars};
use crate::io::http::transport_error::TransportError;

impl Failure {
    /// No token, with what is known of why the CI gave none.
    pub(crate) fn of_token(error: &TokenError, environment: &Environment) -> Self {
        let failure = Self::of(ExitStatus::Token, error);
        let hint = match error {
            TokenError::Absent(_) | TokenError::NeitherVariable(_)
                if environment.set(vars::CIRCLE_PR_NUMBER).is_some() =>
            {
                "this job builds a fork's pull request: CircleCI gives it a token only where \
                 \"Pass secrets to builds from forked pull requests\" is on"
            }
            TokenError::Absent(_) | TokenError::NeitherVariable(_) | TokenError::NoFixedVariable(_) => {
                match CiSystem::of(environment) {
                    Some(ci) => ci.without_token,
                    None => "this environment shows no CI job: say where the token is with `--token-source`",
                }
            }
            TokenError::Invalid { .. } => {
                "a token is one line of three base64url parts: look for quotes, line breaks or a cut value"
            }
            TokenError::RequestNeeded => "name a token that is there: `--token-source file:PATH` or env:NAME",
            TokenError::File { .. } => "check the path behind `file:`",
            TokenError::NoFresh { .. } | TokenError::Mint(_) => match CiSystem::of(environment) {
                Some(ci) if *ci != CIRCLECI => ci.without_token,
                _ => {
                    "CircleCI's own program is needed: a `circleci` that is put into an image, or a `docker run` inside of \
                 the job, has no tokens to give; else run the job again"
                }
            },
            TokenError::Audience { .. } => {
                "name the audience that the identity provider in IAM has, or take a source that asks for it"
            }
            TokenError::Github(error) => return failure.hint(github_hint(error)),
        };
        failure.hint(hint)
    }
}

fn github_hint(error: &GithubError) -> String {
    match error {
        GithubError::NotPermitted(_) => {
            "give the workflow or the job `permissions: id-token: write`".to_owned()
        }
        GithubError::Status { status: 500.., .. } => "run the job again: GitHub has a fault there".to_owned(),
        GithubError::Url | GithubError::Bearer | GithubError::Status { .. } | GithubError::NotAToken { .. } => {
            "GitHub's runner sets ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN anew for each \
             job: pass them on as they are"
                .to_owned()
        }
        GithubError::Transport { source: TransportError::Certificate(_), host, .. } => format!(
            "if a proxy with a CA of its own answers for `{host}`, name the CA's PEM file with `--ca-bundle`"
        ),
        GithubError::Transport { host, .. } => format!("check that this job may reach `{host}`"),
    }
}
