//! `clear`: what `assume` put into files is taken out again. All files are looked into before one is changed.

use crate::args::ClearArgs;
use crate::failure::Failure;
use crate::io::environment::Environment;
use crate::report::Report;
use crate::settings::{Lookup, SettingsError, destinations};
use crate::sinks::clear::{self, Cleared, ClearedAll, Clearing, Outcome, Place};

/// Clears every place or none, and says what it found in each.
pub(crate) fn run(args: &ClearArgs, environment: &Environment, report: &mut Report) -> Result<(), Failure> {
    let places = places(args, environment).map_err(|error| Failure::from(&error))?;
    let clearings = places
        .into_iter()
        .map(|place| Clearing::open(place, environment))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Failure::of_sink(&error))?;
    let ClearedAll { places, forgotten, servers } =
        clear::write_all(clearings, environment, report).map_err(|error| Failure::of_sink(&error))?;
    for cleared in &places {
        if !is_said_by_another(cleared, &places) {
            tell(cleared, report);
        }
    }
    if forgotten > 0 {
        report.event(&format!("what `credential-process` kept is deleted: {forgotten} of its files"));
    }
    match servers {
        0 => {}
        1 => report.event("the endpoint of `serve` ends within seconds"),
        count => report.event(&format!("the {count} endpoints of `serve` end within seconds")),
    }
    if forgotten + servers > 0 || places.iter().any(|cleared| cleared.outcome == Outcome::Cleared) {
        report.event(
            "a copy of these credentials works until they expire: AWS has no call that ends a session",
        );
    }
    Ok(())
}

fn places(args: &ClearArgs, environment: &Environment) -> Result<Vec<Place>, SettingsError> {
    let look = Lookup::in_known(environment, &args.output)?;
    let mut places = Vec::new();
    for destination in destinations(args.profile.as_deref(), &args.to, look)? {
        match Place::of(destination) {
            none if none.is_empty() => return Err(SettingsError::NothingToClear),
            some => places.extend(some),
        }
    }
    Ok(places)
}

/// A profile has keys or a process, and it is enough to say of one that there is nothing in its file.
fn is_said_by_another(cleared: &Cleared, all: &[Cleared]) -> bool {
    match (cleared.outcome, &cleared.place) {
        (Outcome::Nothing, Place::Process(_)) => true,
        (Outcome::Nothing, Place::Profile(name)) => all.iter().any(|other| {
            other.outcome != Outcome::Nothing && matches!(&other.place, Place::Process(of) if of == name)
        }),
        _ => false,
    }
}

/// What became of one place, and what stays there.
fn tell(cleared: &Cleared, report: &mut Report) {
    let path = cleared.path.display();
    match (cleared.outcome, &cleared.place) {
        (Outcome::Nothing, Place::Profile(name)) => {
            report.event(&format!("nothing to clear: profile `{name}` has no keys in `{path}`"));
        }
        (Outcome::Nothing, _) => report.event(&format!("nothing to clear in `{path}`")),
        (Outcome::NotOurs, Place::Process(name)) => report.note(&format!(
            "the `credential_process` of profile `{name}` in `{path}` stays: it runs something else than \
             `circleci-aws-oidc`"
        )),
        (Outcome::NotOurs, _) => report.note(&format!(
            "the keys in `{path}` stay: without a session token they are a user's own, not of `assume`"
        )),
        (Outcome::Cleared, Place::BashEnv) => report.event(&format!(
            "the next steps start without the credentials (BASH_ENV, `{path}`); what they replaced or unset counts \
             again"
        )),
        (Outcome::Cleared, Place::Profile(name)) => report.event(&format!(
            "the keys of profile `{name}` are out of `{path}`; a Region in the config file stays"
        )),
        (Outcome::Cleared, Place::Process(name)) => report.event(&format!(
            "profile `{name}` in `{path}` asks `credential-process` no more; a Region there stays"
        )),
        (Outcome::Cleared, Place::Dotenv(_)) => {
            report.event(&format!("the keys are out of `{path}`; a Region there stays"));
        }
    }
}
