//! `credential-process`: one role's credentials for the AWS tool that started it. AWS tools hide its stderr, and some read it
//! as a part of the JSON: a success prints nothing there, and its notes are logged.

use std::borrow::Cow;
use std::cell::{LazyCell, RefCell};
use std::time::Duration;

use export::{Session, json};

use crate::exchange::acquisition::Acquisition;
use crate::exchange::acquisition_error::AcquisitionError;
use crate::exchange::progress::Progress;
use crate::failure::{Failure, not_cached, renewal_note};
use crate::io::clock::Deadline;
use crate::io::environment::{Environment, vars};
use crate::io::stdout;
use crate::renewal::cache::Cache;
use crate::renewal::cached_session::CachedSession;
use crate::renewal::job_key::{self, JobKey};
use crate::renewal::process_log::ProcessLog;
use crate::renewal::settings_file::{self, SettingsFileError};
use crate::renewal::state_directory;
use crate::report::Report;
use crate::settings::flags::Flags;
use crate::settings::{self, Inputs, SessionSettings, SettingsError, table};

/// Below the minute after which AWS's SDK for Go gives up (facts/aws.md 7), so that it gets the reason of a failure.
pub(super) const DEADLINE: Duration = Duration::from_secs(45);

/// Prints cached credentials, or new ones. Its notes, or its failure, are logged.
pub(crate) fn run(inputs: Inputs<'_>, report: &Report) -> Result<(), Failure> {
    let state = environment_of_state(inputs);
    let log = ProcessLog::of(&job(inputs), &state);
    let notes: RefCell<Vec<String>> = RefCell::default();
    let printed = session(inputs, &state, report, &notes).and_then(|session| {
        stdout::write(&json::render(&session)).map_err(|error| Failure::of_stdout(&error))
    });
    let Some(log) = log else { return printed };
    let before = if printed.is_err() { log.latest_notes() } else { Vec::new() };
    for note in notes.take() {
        log.add_note(&report.shown(&note));
    }
    printed.map_err(|failure| {
        log.add_error(&report.shown(&failure.in_one_line()));
        failure.after(&before)
    })
}

/// The session to print. The account guards run first, because they apply to cached ones too.
fn session(
    inputs: Inputs<'_>,
    state: &Environment,
    report: &Report,
    notes: &RefCell<Vec<String>>,
) -> Result<Session, Failure> {
    let environment = inputs.environment;
    let flags = flags(inputs, state)?;
    let inputs = Inputs { flags: &flags, environment };
    let settings = read(inputs).map_err(|error| Failure::from(&error))?;
    settings::home(inputs).map_err(|error| Failure::from(&error))?;
    notes.borrow_mut().extend(settings.notes.iter().cloned());
    let request = &settings.request;
    let with_one_attempt = request.with_one_attempt();
    let failed = |error| Failure::of_caller(&error, &settings, environment);
    let acquisition =
        Acquisition::of_session(request, environment, &mut notes.borrow_mut()).map_err(failed)?;
    let on_progress = |progress: &Progress<'_>| {
        if progress.is_note() {
            notes.borrow_mut().push(progress.to_string());
        }
    };
    let limit = request.network.deadline;
    match Cache::open(settings.flags.key(acquisition.added_roots()), state) {
        Ok(cache) => {
            let mut of_renewal = Vec::new();
            let text_of =
                |error: &AcquisitionError<'_>| Failure::of_caller(error, &settings, environment).text(report);
            let cached = CachedSession {
                request,
                with_one_attempt: &with_one_attempt,
                acquisition: &acquisition,
                cache: &cache,
                memory: LazyCell::new(Box::new(|| {
                    cache.failure_memory(digest_of_token(&settings, environment))
                })),
                text_of: &text_of,
                limit,
            };
            let session = cached.get(&on_progress, &mut of_renewal);
            notes
                .borrow_mut()
                .extend(of_renewal.iter().map(|note| renewal_note(note, &settings, environment)));
            session.map_err(|error| Failure::of_renewal(&error, &settings, environment))
        }
        Err(error) => {
            notes.borrow_mut().push(not_cached(&error.in_one_line()));
            let acquired = acquisition.session(request, Deadline::after(limit), &on_progress);
            acquired.map(|acquired| acquired.session).map_err(failed)
        }
    }
}

/// Differs for each token of a job, and says nothing about its signature.
fn digest_of_token(settings: &SessionSettings, environment: &Environment) -> Option<String> {
    let source = &settings.request.token.source;
    let found = source.existing_token(environment).ok().flatten()?;
    Some(job_key::digest_of([found.first.token.claims_json().as_str()]))
}

/// The flags of the line, and those in the file that it names.
fn flags(inputs: Inputs<'_>, state: &Environment) -> Result<Flags, Failure> {
    let digest = inputs.value(&table::SETTINGS).map_err(|error| Failure::from(&error))?;
    let Some(digest) = digest else { return Ok(inputs.flags.clone()) };
    let failed = |error| Failure::of_settings_file(&error);
    let file = settings_file::read(digest.text.trim(), state).map_err(failed)?;
    settings::with_file(inputs.flags, &file.settings)
        .ok_or_else(|| failed(SettingsFileError::OtherVersion(file.path)))
}

/// The environment whose home directory has the state: the one that the line names. A caller that cannot use that, such as
/// another user or a container, has its own.
fn environment_of_state(inputs: Inputs<'_>) -> Cow<'_, Environment> {
    // An invalid value is an error of the settings.
    let home = settings::home(inputs).ok().flatten();
    let of_line = home.map(|home| inputs.environment.after([(vars::HOME, home.as_str())], &[]));
    of_line.filter(state_directory::is_usable).map_or(Cow::Borrowed(inputs.environment), Cow::Owned)
}

/// The job whose log it is, before the settings are read: they may be invalid.
fn job(inputs: Inputs<'_>) -> JobKey {
    let own = JobKey::of(inputs.environment, None);
    let line: Option<JobKey> = inputs.parsed(&table::JOB_KEY).ok().flatten();
    line.iter().fold(own, JobKey::completed_by)
}

fn read(inputs: Inputs<'_>) -> Result<SessionSettings, SettingsError> {
    SessionSettings::read(inputs.checked()?, DEADLINE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deadline_is_before_that_of_the_sdk_for_go_unless_it_is_given() {
        let with_variable = Environment::from([("CIRCLECI_AWS_OIDC_DEADLINE", "50s")]);
        for (flag, environment, seconds) in [
            (None, &Environment::default(), 45),
            (Some("2m"), &Environment::default(), 120),
            (None, &with_variable, 50),
        ] {
            let mut flags = Flags::from([(&table::ROLE_ARN, "arn:aws:iam::123456789012:role/ci")]);
            if let Some(deadline) = flag {
                flags.push(&table::DEADLINE, deadline);
            }
            let settings = read(Inputs { flags: &flags, environment }).unwrap();
            assert_eq!(settings.request.network.deadline.as_secs(), seconds);
            assert_eq!(settings.flags.all().any(|it| it.flag == "--deadline"), seconds != 45);
        }
    }
}
