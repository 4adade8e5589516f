//! A fresh token, from CircleCI's own program in the job. What `sub` it gets is not documented (facts/circleci.md 1.5),
//! so it is read and told and never assumed.

use std::path::{Path, PathBuf};
use std::time::Duration;

use oidc::{Audience, Token};

use crate::exchange::token_source::{FoundToken, Search};
use crate::io::clock;
use crate::io::environment::{Environment, vars};
use crate::io::process::circleci_cli::{self, CliError};
use crate::report::{Report, printable};

/// It is known to fail now and then (facts/circleci.md 1.5).
const ATTEMPTS: u32 = 3;
const PAUSE: Duration = Duration::from_secs(1);

/// It asks CircleCI over the network, which takes less than a second.
const LONGEST_RUN: Duration = Duration::from_secs(10);

const PLACE: &str = "`circleci run oidc get`";

/// No token came of it.
#[derive(Debug, thiserror::Error)]
#[error("{PLACE} gave no token{tried}")]
pub(crate) struct MintError {
    tried: String,
    #[source]
    source: CliError,
}

impl MintError {
    /// With its cause, for a note.
    pub(super) fn in_one_line(&self) -> String {
        format!("{self}: {}", self.source)
    }
}

/// A token of the audience that is wanted, else of the one that `like` has, else the organization's.
pub(super) fn fetch(
    search: &Search<'_>,
    like: Option<&FoundToken>,
    report: &mut Report,
) -> Result<FoundToken, MintError> {
    let audience = audience(search, like);
    // As JSON, so that whatever the audience holds stays a text.
    let claims = audience.map(|audience| serde_json::json!({"aud": audience}).to_string());
    let mut arguments = vec!["run", "oidc", "get"];
    arguments.extend(claims.iter().flat_map(|claims| ["--claims", claims.as_str()]));
    let programs = programs(search.environment)?;
    let mut attempts = 1;
    loop {
        let mut failed = CliError::NotFound;
        for program in &programs {
            let limit = search.deadline.left().min(LONGEST_RUN);
            match run(program, &arguments, limit) {
                Ok(token) => return Ok(FoundToken { token, place: PLACE.to_owned() }),
                Err(error) => failed = error,
            }
        }
        let goes_on = attempts < ATTEMPTS && PAUSE < search.deadline.left();
        if !goes_on {
            let tried = if attempts > 1 { format!(", tried {attempts} times") } else { String::new() };
            return Err(MintError { tried, source: failed });
        }
        report.event(&printable(&format!("attempt {attempts}: {failed}; the next one in 1 s")));
        clock::wait(PAUSE);
        attempts += 1;
    }
}

/// CircleCI's program under each of its names, at least one.
pub(super) fn programs(environment: &Environment) -> Result<Vec<PathBuf>, MintError> {
    let search_path = environment.first_set(&vars::PATH).map_or("", |(_, path)| path);
    let programs = circleci_cli::programs(search_path);
    if programs.is_empty() {
        return Err(MintError { tried: String::new(), source: CliError::NotFound });
    }
    Ok(programs)
}

fn run(program: &Path, arguments: &[&str], limit: Duration) -> Result<Token, CliError> {
    let text = circleci_cli::output_of(program, arguments, limit)?;
    Token::parse(text.expose()).map_err(|_| CliError::Foreign { program: program.display().to_string() })
}

fn audience<'a>(search: &'a Search<'_>, like: Option<&'a FoundToken>) -> Option<&'a str> {
    let of_like = like.and_then(|found| match &found.token.claims().audience {
        Audience::One(audience) => Some(audience.as_str()),
        // Only one can be asked for, and STS takes no token with several.
        Audience::Many(_) => None,
    });
    let organization = || search.environment.set(vars::CIRCLE_ORGANIZATION_ID);
    search.audience.map(super::WantedAudience::as_str).or(of_like).or_else(organization)
}
