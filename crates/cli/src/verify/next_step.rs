//! The environment of the next step, and who reads what was written.

use std::path::Path;
use std::pin::pin;
use std::time::Duration;

use export::{EndpointEnvironment, STALE_VARIABLES, Variable, endpoint_env};

use super::{VerifyError, WrittenSession, environment_with_profile};
use crate::exchange::progress::{OnProgress, Progress};
use crate::io::clock::{self, Deadline};
use crate::io::environment::{Environment, vars};
use crate::io::files::bash_env_path;
use crate::io::process::next_bash::{self, Obstacles};
use crate::io::process::step_start::StepStart;
use crate::renewal::descriptor_file::DescriptorFile;
use crate::sinks::destination::Destination;

/// A wait that takes longer is reported to the user.
const QUIET_WAIT: Duration = Duration::from_secs(1);

/// What the next step starts with.
pub(crate) struct NextStep {
    /// Its variables.
    pub(crate) environment: Environment,
    shell: StepShell,
    /// Whether a block was removed from the file that this step has read, and what it replaced is not seen.
    is_start_unknown: bool,
}

/// The shells for which that environment is known.
enum StepShell {
    /// No file is read before a step.
    Any,
    /// bash has read the file of `BASH_ENV`, which can have left what keeps our lines from their effect.
    Bash(Obstacles),
    /// There is no bash, and another shell does not read that file.
    NotBash,
}

/// What uses the credentials.
pub(super) struct Reader {
    pub(super) name: &'static str,
    pub(super) environment: Environment,
}

impl NextStep {
    /// As bash finds it, if there is a file for bash to read.
    pub(crate) async fn after(
        environment: &Environment,
        deadline: Deadline,
        on_progress: OnProgress<'_>,
    ) -> Result<Self, VerifyError> {
        let (start, is_start_unknown) = match StepStart::of(environment) {
            StepStart::Known(start) => (start, false),
            StepStart::AsHere => (environment.after([], &[]), false),
            StepStart::Unknown => (environment.after([], &[]), true),
        };
        let environment = &start;
        let as_here = |shell| Self { environment: environment.after([], &[]), shell, is_start_unknown };
        if environment.non_blank(vars::BASH_ENV).is_none() {
            return Ok(as_here(StepShell::Any));
        }
        let mut reading = pin!(next_bash::read(environment, deadline.left()));
        let read = if let Some(read) = clock::within(QUIET_WAIT, &mut reading).await {
            read
        } else {
            on_progress(&Progress::Waiting { target: "bash, which reads the file of BASH_ENV".to_owned() });
            reading.await
        };
        let read = read.map_err(VerifyError::NextBash)?;
        Ok(read.map_or_else(
            || as_here(StepShell::NotBash),
            |bash| Self {
                environment: bash.environment,
                shell: StepShell::Bash(bash.obstacles),
                is_start_unknown,
            },
        ))
    }

    /// Whether it is known what it starts with, from the file of `BASH_ENV` too where that is needed.
    pub(crate) fn is_known(&self, needs_bash: bool) -> bool {
        !self.is_start_unknown && (!needs_bash || matches!(self.shell, StepShell::Bash(_)))
    }

    /// For a profile: variables, which the next step may have again, are used before it.
    pub(crate) fn require_known_start(&self) -> Result<(), VerifyError> {
        if self.is_start_unknown { Err(VerifyError::UnknownStart) } else { Ok(()) }
    }

    /// How a message names the step.
    pub(crate) fn name(&self) -> &'static str {
        match self.shell {
            StepShell::Any => "the next step",
            StepShell::Bash(_) => "the next step that bash runs",
            StepShell::NotBash => "the next step that sh runs",
        }
    }

    /// A note about what cannot be verified; `required` if the credentials are in the file that only bash reads.
    pub(crate) fn unverified(&self, required: bool, environment: &Environment) -> Option<String> {
        let path = bash_env_path::name(environment);
        (matches!(self.shell, StepShell::NotBash) && (required || path.exists())).then(|| {
            format!(
                "not verified: a step that bash runs, because there is no bash here to read `{}` (BASH_ENV)",
                path.display()
            )
        })
    }

    fn reader(&self, environment: Environment) -> Reader {
        Reader { name: self.name(), environment }
    }

    /// The step as a reader, if bash runs it and all of this has had its effect.
    async fn reader_after<'a>(
        &self,
        set: &(impl Iterator<Item = Variable<'a>> + Clone),
        unset: &[&'static str],
        environment: &Environment,
        deadline: Deadline,
    ) -> Result<Option<Reader>, VerifyError> {
        let StepShell::Bash(obstacles) = &self.shell else { return Ok(None) };
        let next = &self.environment;
        match next_bash::obstacle(next, obstacles, set, unset, environment, deadline.left()).await {
            Some(error) => Err(VerifyError::NextBash(error)),
            None => Ok(Some(self.reader(next.after([], &[])))),
        }
    }
}

/// The reader of each destination, with its environment: the next step, with `AWS_PROFILE` for a profile; for other
/// destinations, a program that gets the variables in another way.
pub(super) async fn readers(
    written: WrittenSession<'_>,
    deadline: Deadline,
    on_progress: OnProgress<'_>,
    notes: &mut Vec<String>,
) -> Result<Vec<Reader>, VerifyError> {
    let WrittenSession { session, destinations, environment, .. } = written;
    let variables = || session.variables().map(|variable| (variable.name, variable.value));
    let with_variables = environment.after(variables(), &STALE_VARIABLES);
    let is_file =
        |it: &Destination| matches!(it, Destination::Dotenv(_) | Destination::Json | Destination::Shell(_));
    let mut readers = Vec::new();
    let mut next_step = None;
    if !destinations.iter().all(is_file) {
        // GitHub's runner sets its variables before the shell starts.
        let of_github = destinations.contains(&Destination::Github);
        let before = if of_github { &with_variables } else { environment };
        let next = NextStep::after(before, deadline, on_progress).await?;
        let only_bash = |it: &Destination| matches!(it, Destination::BashEnv | Destination::Endpoint);
        notes.extend(next.unverified(destinations.iter().any(only_bash), environment));
        next_step = Some(next);
    }
    for destination in destinations {
        let Some(next) = next_step.as_ref().filter(|_| !is_file(destination)) else {
            let name = "a program that gets these variables";
            readers.push(Reader { name, environment: with_variables.after([], &[]) });
            continue;
        };
        readers.extend(match destination {
            Destination::BashEnv => {
                next.reader_after(&session.variables(), &STALE_VARIABLES, environment, deadline).await?
            }
            Destination::Endpoint => at_endpoint(next, written, deadline).await?,
            Destination::Profile(name) | Destination::CredentialProcess(name) => {
                next.require_known_start()?;
                Some(next.reader(environment_with_profile(name, &next.environment)))
            }
            _ => Some(next.reader(next.environment.after([], &[]))),
        });
    }
    Ok(readers)
}

/// A next step that uses the endpoint. Without a descriptor there is none of the endpoint's variables to compare with.
async fn at_endpoint(
    next: &NextStep,
    written: WrittenSession<'_>,
    deadline: Deadline,
) -> Result<Option<Reader>, VerifyError> {
    let WrittenSession { session, request_key, environment, .. } = written;
    let file = DescriptorFile::of(request_key, environment).ok();
    let found = file.and_then(|file| {
        let endpoint = file.read().ok()??;
        let authorization_file = file.authorization_file(&endpoint);
        Some((endpoint, authorization_file))
    });
    let Some((endpoint, authorization_file)) = found else {
        return next.reader_after(&[].into_iter(), &endpoint_env::UNSET, environment, deadline).await;
    };
    let endpoint = EndpointEnvironment::new(
        &endpoint,
        authorization_file.as_deref().and_then(Path::to_str),
        session.region(),
    );
    next.reader_after(&endpoint.variables(), endpoint.unset(), environment, deadline).await
}
