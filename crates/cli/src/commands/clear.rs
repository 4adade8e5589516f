//! `clear`: removes what `assume` wrote into files. All files are read before one is changed.

use crate::commands::roll_back;
use crate::failure::Failure;
use crate::io::files::transaction::FileTransaction;
use crate::renewal::held_session;
use crate::report::Report;
use crate::settings::{Inputs, SettingsError, destinations};
use crate::sinks::clear::{self, ClearTarget, Cleared, ClearedAll, Clearing, Outcome};

/// Clears every target or none, and prints what was found in each.
pub(crate) fn run(inputs: Inputs<'_>, report: &Report) -> Result<(), Failure> {
    let environment = inputs.environment;
    let targets = targets(inputs).map_err(|error| Failure::from(&error))?;
    let clearings = targets
        .into_iter()
        .map(|target| Clearing::open(target, environment))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Failure::of_clear(&error))?;
    let mut transaction = FileTransaction::default();
    let ClearedAll { targets, cache_files, servers, notes } =
        match clear::write_all(clearings, environment, &mut transaction) {
            Ok(cleared) => {
                transaction.commit();
                held_session::delete_all(environment);
                cleared
            }
            Err(error) => return Err(roll_back(&mut transaction, Failure::of_clear(&error), report)),
        };
    for cleared in &targets {
        if !is_covered_by_another_line(cleared, &targets) {
            report_target(cleared, report);
        }
    }
    report.notes(&notes);
    if cache_files > 0 {
        report.event(&format!("the cache of `credential-process` is deleted: {cache_files} files"));
    }
    match servers {
        0 => {}
        1 => report.event("the endpoint of `serve` ends within seconds"),
        count => report.event(&format!("the {count} endpoints of `serve` end within seconds")),
    }
    let is_cleared = |cleared: &Cleared| matches!(cleared.outcome, Outcome::Cleared | Outcome::Blanked);
    if cache_files + servers > 0 || targets.iter().any(is_cleared) {
        report.event(
            "a copy of these credentials is valid until they expire: AWS has no call that ends a session",
        );
    }
    Ok(())
}

fn targets(inputs: Inputs<'_>) -> Result<Vec<ClearTarget>, SettingsError> {
    let inputs = inputs.checked()?;
    let mut targets = Vec::new();
    for destination in destinations(inputs)? {
        match ClearTarget::of(destination) {
            of_destination if of_destination.is_empty() => return Err(SettingsError::NothingToClear),
            of_destination => targets.extend(of_destination),
        }
    }
    Ok(targets)
}

/// A profile is in two files: if neither has its credentials, one line says so; if one has, its line is enough.
fn is_covered_by_another_line(cleared: &Cleared, all: &[Cleared]) -> bool {
    match (cleared.outcome, &cleared.target) {
        (Outcome::Nothing, ClearTarget::Process(_)) => true,
        (Outcome::Nothing, ClearTarget::Profile(name)) => all.iter().any(|other| {
            other.outcome != Outcome::Nothing
                && matches!(&other.target, ClearTarget::Process(of) if of == name)
        }),
        _ => false,
    }
}

/// Prints the outcome for one target, and what stays there.
fn report_target(cleared: &Cleared, report: &Report) {
    let path = cleared.path.display();
    if cleared.outcome == Outcome::Blanked {
        report.note(&format!(
            "blank lines are in the place of the credentials in `{path}`, because another program is writing to it, or \
             because it cannot be replaced"
        ));
    }
    match (cleared.outcome, &cleared.target) {
        (Outcome::Nothing, ClearTarget::Profile(name)) => {
            report.event(&format!("nothing to clear: profile `{name}` has no credentials in `{path}`"));
        }
        (Outcome::Nothing, _) => report.event(&format!("nothing to clear in `{path}`")),
        (Outcome::NotOurs, ClearTarget::Process(name)) => report.note(&format!(
            "the `credential_process` of profile `{name}` in `{path}` stays: it does not run `circleci-aws-oidc`"
        )),
        (Outcome::NotOurs, _) => report.note(&format!(
            "the keys in `{path}` stay: they have no session token, so `assume` did not write them"
        )),
        (Outcome::Cleared | Outcome::Blanked, ClearTarget::BashEnv) => report.event(&format!(
            "the next steps start without the credentials (BASH_ENV, `{path}`); variables that they replaced or unset \
             apply again"
        )),
        (Outcome::Cleared | Outcome::Blanked, ClearTarget::Profile(name)) => report.event(&format!(
            "the credentials of profile `{name}` are removed from `{path}`; a Region in the config file stays"
        )),
        (Outcome::Cleared | Outcome::Blanked, ClearTarget::Process(name)) => report.event(&format!(
            "profile `{name}` in `{path}` no longer runs `credential-process`; a Region there stays"
        )),
        (Outcome::Cleared | Outcome::Blanked, ClearTarget::Dotenv(_)) => {
            report.event(&format!("the credentials are removed from `{path}`; a Region there stays"));
        }
    }
}
