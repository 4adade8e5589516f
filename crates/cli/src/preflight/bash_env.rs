//! What bash makes of the file of `BASH_ENV` before each of the next steps. bash reads it for this, as it does anyway before
//! every step.

use std::path::Path;
use std::time::Duration;

use aws::{Credentials, Region, Secret, Timestamp};
use export::bash_env::{self, BlockId};
use export::{EndpointDescriptor, EndpointEnvironment, STALE_VARIABLES, Session, Variable};
use zeroize::Zeroizing;

use super::Findings;
use crate::failure::Failure;
use crate::io::environment::{Environment, vars};
use crate::io::files::{bash_env_path, text_file};
use crate::io::process::child_output::ChildError;
use crate::io::process::next_bash::{self, NextBash, NextBashError, StopReason};
use crate::io::runtime::Runtime;
use crate::sinks::destination::Destination;

const CHECK: &str = "bash-env";

/// `next_bash` has a limit of its own.
const LIMIT: Duration = Duration::from_secs(60);

/// Reports what keeps the next bash steps from what they need, and returns the environment that they start with; `None` if
/// it is that of this step, or unknown.
pub(super) fn check(
    destinations: &[Destination],
    region: Option<&Region>,
    environment: &Environment,
    findings: &mut Findings,
) -> Option<Environment> {
    environment.non_blank(vars::BASH_ENV)?;
    let path = bash_env_path::name(environment);
    let file = path.display();
    if bash_env_path::is_relative(environment) {
        let steps =
            "each step resolves it against its own working directory; set BASH_ENV to an absolute path";
        findings.note(CHECK, &format!("`{file}` is relative: {steps}"));
    }
    let appended = destinations.iter().find(|it| matches!(it, Destination::BashEnv | Destination::Endpoint));
    match examine(&path, appended, region, environment) {
        Ok(Some(bash)) => {
            findings.ok(CHECK, &format!("bash reads `{file}`, and then the first command of a step"));
            Some(bash.environment)
        }
        Ok(None) => {
            if appended.is_some() {
                findings.note(CHECK, &format!("there is no bash here, and no other shell reads `{file}`"));
            }
            None
        }
        // Said for the destination.
        Err(NextBashError::NotReached { stop: Some(stop), .. })
            if appended.is_some() && matches!(stop.reason, StopReason::Syntax(_)) =>
        {
            None
        }
        Err(error) => {
            findings.problem(CHECK, &Failure::of_next_bash(&error).in_one_line());
            None
        }
    }
}

/// What bash has after it has read the file; `None` if there is no bash. If credentials are to be appended to it,
/// a block with worthless values is tried.
fn examine(
    path: &Path,
    appended: Option<&Destination>,
    region: Option<&Region>,
    environment: &Environment,
) -> Result<Option<NextBash>, NextBashError> {
    let path = || path.to_owned();
    let cannot_run = |error| NextBashError::Start { path: path(), source: ChildError::Start(error) };
    let runtime = Runtime::new().map_err(cannot_run)?;
    let Some(destination) = appended else {
        return runtime.block_on(next_bash::read(environment, LIMIT));
    };
    if let Some(variable) = next_bash::ignored_because_of(environment) {
        return Err(NextBashError::NotRead { path: path(), variable });
    }
    // On CircleCI a step creates the file. What cannot be read or written is reported for the destination.
    let text = text_file::read(&path()).ok().flatten().map(Zeroizing::new);
    let (Some(endpoint), Some(session)) = (TrialBlock::endpoint(), TrialBlock::session(region)) else {
        return runtime.block_on(next_bash::read(environment, LIMIT));
    };
    let endpoint = EndpointEnvironment::new(&endpoint, Some("preflight"), region);
    let block = match destination {
        Destination::Endpoint => TrialBlock {
            lines: bash_env::render_endpoint(&endpoint, &TrialBlock::id()),
            set: endpoint.variables().collect(),
            unset: endpoint.unset(),
        },
        _ => TrialBlock {
            lines: bash_env::render(&session, &TrialBlock::id()),
            set: session.variables().collect(),
            unset: &STALE_VARIABLES,
        },
    };
    // bash gets it through a pipe, so it must not depend on its own path.
    if let Some(text) = text.filter(|text| !text.contains("BASH_SOURCE")) {
        let lines = block.lines.expose();
        match runtime.block_on(next_bash::read_with_more_lines(&text, lines, environment, LIMIT))? {
            Some(bash) if bash.reached_the_end() == Some(true) => {
                let set = block.set.iter().copied();
                let (next, obstacles) = (&bash.environment, &bash.obstacles);
                let obstacle = next_bash::obstacle(next, obstacles, &set, block.unset, environment, LIMIT);
                return runtime.block_on(obstacle).map_or(Ok(Some(bash)), Err);
            }
            Some(bash) if bash.reached_the_end() == Some(false) => {
                return Err(runtime.block_on(next_bash::not_reached(environment, LIMIT)));
            }
            // A version that reads nothing from a pipe.
            _ => {}
        }
    }
    let bash = runtime.block_on(next_bash::read(environment, LIMIT))?;
    let names = block.set.iter().map(|variable| variable.name).chain(block.unset.iter().copied());
    match bash.as_ref().and_then(|bash| bash.obstacles.readonly_of(names)) {
        Some(names) => Err(NextBashError::NotChanged { path: path(), names, is_readonly: true }),
        None => Ok(bash),
    }
}

/// A block as `assume` appends it, with values of nobody.
struct TrialBlock<'a> {
    lines: Secret,
    set: Vec<Variable<'a>>,
    unset: &'static [&'static str],
}

impl TrialBlock<'_> {
    fn id() -> BlockId {
        BlockId::new([0; 8])
    }

    fn session(region: Option<&Region>) -> Option<Session> {
        let value = || "preflight".to_owned();
        let credentials = Credentials {
            access_key_id: value(),
            secret_access_key: Secret::new(value()),
            session_token: Secret::new(value()),
            expiration: Timestamp::EPOCH,
        };
        let arn = "arn:aws:sts::000000000000:assumed-role/preflight/preflight".to_owned();
        Session::new(credentials, arn, "000000000000".parse().ok()?, region.cloned()).ok()
    }

    fn endpoint() -> Option<EndpointDescriptor> {
        EndpointDescriptor::new("", 1, Secret::new("preflight".to_owned())).ok()
    }
}
