//! `credential-process`: one role's credentials for the AWS tool that started it. AWS tools show its stderr as an
//! error, so it prints no events.

use std::time::Duration;

use export::json;

use crate::exchange::acquisition::Acquisition;
use crate::exchange::progress::Progress;
use crate::failure::{Failure, not_cached, renewal_note};
use crate::io::clock::Deadline;
use crate::io::environment::{Environment, vars};
use crate::io::stdout;
use crate::renewal::cache::Cache;
use crate::renewal::cached_session::CachedSession;
use crate::renewal::request_flags::RequestKey;
use crate::renewal::state_directory::{self, StateError};
use crate::report::Report;
use crate::settings::{self, Inputs, SessionSettings, SettingsError};

/// Below the minute after which AWS's SDK for Go gives up (facts/aws.md 7), so that it gets the reason of a failure.
pub(super) const DEADLINE: Duration = Duration::from_secs(45);

/// Prints cached credentials, or new ones. The account guards run first, because they apply to both.
pub(crate) fn run(inputs: Inputs<'_>, report: &Report) -> Result<(), Failure> {
    let environment = inputs.environment;
    let settings = read(inputs).map_err(|error| Failure::from(&error))?;
    let request = &settings.request;
    let failed = |error| Failure::of_caller(&error, &settings, environment);
    let acquisition = Acquisition::of_session(request, environment, &mut Vec::new()).map_err(failed)?;
    let silent = |_: &Progress<'_>| {};
    let limit = request.network.deadline;
    let home = settings::home(inputs).map_err(|error| Failure::from(&error))?;
    let session = match cache(settings.flags.key(acquisition.added_roots()), home.as_deref(), environment) {
        Ok(cache) => {
            let mut notes = Vec::new();
            let cached = CachedSession { request, acquisition: &acquisition, cache: &cache, limit };
            let session = cached.get(&silent, &mut notes);
            report.notes(notes.iter().map(|note| renewal_note(note, &settings, environment)));
            session.map_err(|error| Failure::of_renewal(&error, &settings, environment))?
        }
        Err(error) => {
            report.note(&not_cached(&error.in_one_line()));
            acquisition.session(request, Deadline::after(limit), &silent).map_err(failed)?.session
        }
    };
    stdout::write(&json::render(&session)).map_err(|error| Failure::of_stdout(&error))
}

/// The cache under the home directory that the line names. A caller that cannot use that, such as another user or a
/// container, has one under its own.
fn cache(key: RequestKey, home: Option<&str>, environment: &Environment) -> Result<Cache, StateError> {
    let of_line = home.map(|home| environment.after([(vars::HOME, home)], &[]));
    let of_line = of_line.filter(state_directory::is_usable);
    Cache::open(key, of_line.as_ref().unwrap_or(environment))
}

fn read(inputs: Inputs<'_>) -> Result<SessionSettings, SettingsError> {
    SessionSettings::read(inputs.checked()?, DEADLINE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::flags::Flags;
    use crate::settings::table;

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
            assert_eq!(settings.flags.all().any(|flag| flag == "--deadline"), seconds != 45);
        }
    }
}
