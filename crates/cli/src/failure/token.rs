//! No token: likely causes, and what to do.

use oidc::TokenOrigin;

use super::{ExitStatus, Failure};
use crate::ci::{CIRCLECI, CiSystem};
use crate::exchange::token_source::{GithubError, TokenError};
use crate::io::environment::{Environment, vars};

impl Failure {
    /// No token, with the likely cause in this CI.
    pub(crate) fn of_token(error: &TokenError, environment: &Environment) -> Self {
        let failure = Self::of(ExitStatus::Token, error);
        if let Some(hint) = removed_by_sudo(error, environment) {
            return failure.hint(hint);
        }
        let hint = match error {
            TokenError::NoFile(_) | TokenError::File { .. } => "check the path after `file:`",
            TokenError::Absent(TokenOrigin::File(_)) => "check what writes the file",
            TokenError::Absent(_) | TokenError::NeitherVariable(_)
                if environment.non_blank(vars::CIRCLE_PR_NUMBER).is_some() =>
            {
                "this job builds a fork's pull request: CircleCI gives it a token only where \
                 \"Pass secrets to builds from forked pull requests\" is on"
            }
            TokenError::Absent(_) | TokenError::NeitherVariable(_) | TokenError::NoFixedVariable(_) => {
                match CiSystem::of(environment) {
                    Some(ci) => ci.without_token,
                    None => "this environment shows no CI job: name the token source with `--token-source`",
                }
            }
            TokenError::Invalid { .. } => {
                "check it for quotes, line breaks and a truncated value: a token is one line of three base64url parts"
            }
            TokenError::RequestNeeded => {
                "name a token that exists already: `--token-source file:PATH` or `env:NAME`"
            }
            TokenError::NoFresh { .. } | TokenError::Mint(_) => match CiSystem::of(environment) {
                Some(ci) if *ci != CIRCLECI => ci.without_token,
                _ => {
                    "use the `circleci` that CircleCI puts into the job: one that was put into an image, or in a \
                     `docker run` inside the job, cannot mint tokens; otherwise run the job again"
                }
            },
            TokenError::Audience { .. } => {
                "name the audience that the identity provider in IAM has, or use a token source that requests it"
            }
            TokenError::Github(error) => return failure.about_github(error),
        };
        failure.hint(hint)
    }

    fn about_github(self, error: &GithubError) -> Self {
        match error {
            GithubError::NotPermitted(_) => {
                self.hint("give the workflow or the job `permissions: id-token: write`")
            }
            GithubError::Status { status: 500.., .. } => self.hint("run the job again: GitHub has a fault there"),
            GithubError::Url | GithubError::Bearer | GithubError::Status { .. } | GithubError::NotAToken { .. } => self
                .hint(
                    "pass ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN on unchanged: GitHub's runner \
                     sets new values for each job",
                ),
            GithubError::Transport { network, source, .. } => self.unreached(source, network),
        }
    }
}

/// The next action behind sudo, which removes the token's variable without `-E`. Root gets the token only if it is named.
fn removed_by_sudo(error: &TokenError, environment: &Environment) -> Option<String> {
    environment.non_blank(vars::SUDO_UID)?;
    let variable = match error {
        TokenError::Absent(TokenOrigin::File(_)) => return None,
        TokenError::Absent(origin) => origin.variable()?.to_owned(),
        TokenError::NeitherVariable(_) => TokenOrigin::V2_VARIABLE.to_owned(),
        _ => return None,
    };
    Some(format!(
        "sudo has started this step (SUDO_UID) and removes the job's variables: run this command without sudo, or name the \
         token's variable to sudo: `sudo --preserve-env={variable} COMMAND`, which gives the token to root"
    ))
}
