//! A fresh token from the CircleCI CLI in the job. Its form of `sub` is not documented (facts/circleci.md 1.5), so the
//! `sub` is read and reported, never assumed.

use std::path::{Path, PathBuf};
use std::time::Duration;

use oidc::{Audience, Token, TokenOrigin};
use sts::retry::Class;

use crate::exchange::progress::OnProgress;
use crate::exchange::retry::{FailedAttempt, Pauses, Retries, RetryPolicy, retry};
use crate::exchange::token_source::{ExpectedAudience, FoundToken, TokenSearch};
use crate::io::environment::{Environment, vars};
use crate::io::process::circleci_cli::{self, CliError};
use crate::io::secrets;

/// The command is known to fail sometimes (facts/circleci.md 1.5).
const ATTEMPTS: u32 = 3;
const PAUSE: Duration = Duration::from_secs(1);

/// The command calls CircleCI over the network, which takes less than a second.
const LONGEST_RUN: Duration = Duration::from_secs(10);

/// The command returned no token.
#[derive(Debug, thiserror::Error)]
#[error("{} returned no token{after}", TokenOrigin::Minted)]
pub(crate) struct MintError {
    after: String,
    #[source]
    source: CliError,
}

impl MintError {
    /// Whether a program was started for it.
    pub(super) fn has_started_a_program(&self) -> bool {
        !matches!(self.source, CliError::NotFound)
    }

    /// The error and its cause, for a note.
    pub(super) fn in_one_line(&self) -> String {
        format!("{self}: {}", self.source)
    }
}

/// Whether this is a CircleCI job with the CircleCI CLI.
pub(super) fn is_available(environment: &Environment) -> bool {
    environment.non_blank(vars::CIRCLECI).is_some() && programs(environment).is_ok()
}

/// A token for the expected audience, else for that of the `replaced` token, else for the organization's.
pub(super) async fn fetch(
    search: &TokenSearch<'_>,
    replaced: Option<&FoundToken>,
    on_progress: OnProgress<'_>,
) -> Result<FoundToken, MintError> {
    let audience = audience(search, replaced);
    // JSON escapes whatever the audience contains.
    let claims = audience.map(|audience| serde_json::json!({"aud": audience}).to_string());
    let mut arguments = vec!["run", "oidc", "get"];
    arguments.extend(claims.iter().flat_map(|claims| ["--claims", claims.as_str()]));
    let programs = programs(search.environment)?;
    let policy = RetryPolicy {
        retries: Retries::Transient,
        max_attempts: Some(ATTEMPTS),
        pauses: Pauses::Fixed(PAUSE),
        deadline: search.deadline,
        unreached: None,
    };
    let attempt = async |_| {
        let limit = search.deadline.left().min(LONGEST_RUN);
        first_token(&programs, &arguments, limit).await
    };
    let token = retry(|_| policy, on_progress, attempt).await;
    token
        .map(|token| FoundToken { token, origin: TokenOrigin::Minted })
        .map_err(|(source, attempts)| MintError { after: attempts.suffix(), source })
}

/// The paths of the CircleCI CLI, at least one.
pub(super) fn programs(environment: &Environment) -> Result<Vec<PathBuf>, MintError> {
    let search_path = environment.first_non_blank(&vars::PATH).map_or("", |(_, path)| path);
    let programs = circleci_cli::programs(search_path);
    if programs.is_empty() {
        return Err(MintError { after: String::new(), source: CliError::NotFound });
    }
    Ok(programs)
}

/// The token of the first program that prints one.
async fn first_token(programs: &[PathBuf], arguments: &[&str], limit: Duration) -> Result<Token, CliError> {
    let mut failed = CliError::NotFound;
    for program in programs {
        match token_of(program, arguments, limit).await {
            Ok(token) => return Ok(token),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

async fn token_of(program: &Path, arguments: &[&str], limit: Duration) -> Result<Token, CliError> {
    let text = circleci_cli::output_of(program, arguments, limit).await?;
    secrets::remember(text.expose());
    Token::parse(text.expose()).map_err(|_| CliError::NotAToken { program: program.display().to_string() })
}

impl FailedAttempt for CliError {
    fn class(&self) -> Class {
        Class::Transient
    }

    fn reason(&self) -> String {
        self.to_string()
    }
}

fn audience<'a>(search: &'a TokenSearch<'_>, replaced: Option<&'a FoundToken>) -> Option<&'a str> {
    let of_replaced = replaced.and_then(|found| match &found.token.claims().audience {
        Audience::One(audience) => Some(audience.as_str()),
        // Only one can be requested, and STS accepts no token with several.
        Audience::Many(_) => None,
    });
    let organization = || search.environment.non_blank(vars::CIRCLE_ORGANIZATION_ID);
    let expected = search.request.audience.as_ref().map(ExpectedAudience::as_str);
    expected.or(of_replaced).or_else(organization)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_where_there_is_no_program_was_none_started() {
        let error = |source| MintError { after: String::new(), source };
        assert!(!error(CliError::NotFound).has_started_a_program());
        let reason = std::io::ErrorKind::PermissionDenied.into();
        assert!(error(CliError::Start { program: "circleci".to_owned(), reason }).has_started_a_program());
    }
}
