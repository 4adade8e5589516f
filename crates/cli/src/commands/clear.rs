//! `clear`: what `assume` wrote into files is removed again. All files are read before one is changed.

use crate::failure::Failure;
use crate::io::files::transaction::FileTransaction;
use crate::report::Report;
use crate::settings::{Inputs, SettingsError, destinations};
use crate::sinks::clear::{self, ClearTarget, Cleared, ClearedAll, Clearing, Outcome};

/// Clears every target or none, and says what was found in each.
pub(crate) fn run(inputs: Inputs<'_>, report: &Report) -> Result<(), Failure> {
    let environment = inputs.environment;
    let targets = targets(inputs).map_err(|error| Failure::from(&error))?;
    let clearings = targets
        .into_iter()
        .map(|target| Clearing::open(target, environment))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Failure::of_sink(&error))?;
    let mut transaction = FileTransaction::default();
    let ClearedAll { targets, forgotten, servers } =
        match clear::write_all(clearings, environment, &mut transaction) {
            Ok(cleared) => {
                transaction.commit();
                cleared
            }
            Err(error) => {
                report.notes(transaction.roll_back());
                return Err(Failure::of_sink(&error));
            }
        };
    for cleared in &targets {
        if !is_said_by_another(cleared, &targets) {
            tell(cleared, report);
        }
    }
    if forgotten > 0 {
        report.event(&format!("the cache of `credential-process` is deleted: {forgotten} files"));
    }
    match servers {
        0 => {}
        1 => report.event("the endpoint of `serve` ends within seconds"),
        count => report.event(&format!("the {count} endpoints of `serve` end within seconds")),
    }
    if forgotten + servers > 0 || targets.iter().any(|cleared| cleared.outcome == Outcome::Cleared) {
        report.event(
            "a copy of these credentials works until they expire: AWS has no call that ends a session",
        );
    }
    Ok(())
}

fn targets(inputs: Inputs<'_>) -> Result<Vec<ClearTarget>, SettingsError> {
    let inputs = inputs.checked()?;
    let mut targets = Vec::new();
    for destination in destinations(inputs)? {
        match ClearTarget::of(destination) {
            none if none.is_empty() => return Err(SettingsError::NothingToClear),
            some => targets.extend(some),
        }
    }
    Ok(targets)
}

/// A profile has keys or a process, and it is enough to say of one that there is nothing in its file.
fn is_said_by_another(cleared: &Cleared, all: &[Cleared]) -> bool {
    match (cleared.outcome, &cleared.target) {
        (Outcome::Nothing, ClearTarget::Process(_)) => true,
        (Outcome::Nothing, ClearTarget::Profile(name)) => all.iter().any(|other| {
            other.outcome != Outcome::Nothing
                && matches!(&other.target, ClearTarget::Process(of) if of == name)
        }),
        _ => false,
    }
}

/// What became of one target, and what stays there.
fn tell(cleared: &Cleared, report: &Report) {
    let path = cleared.path.display();
    match (cleared.outcome, &cleared.target) {
        (Outcome::Nothing, ClearTarget::Profile(name)) => {
            report.event(&format!("nothing to clear: profile `{name}` has no keys in `{path}`"));
        }
        (Outcome::Nothing, _) => report.event(&format!("nothing to clear in `{path}`")),
        (Outcome::NotOurs, ClearTarget::Process(name)) => report.note(&format!(
            "the `credential_process` of profile `{name}` in `{path}` stays: it runs something other than \
             `circleci-aws-oidc`"
        )),
        (Outcome::NotOurs, _) => report.note(&format!(
            "the keys in `{path}` stay: without a session token they are a user's own, not written by `assume`"
        )),
        (Outcome::Cleared, ClearTarget::BashEnv) => report.event(&format!(
            "the next steps start without the credentials (BASH_ENV, `{path}`); what they replaced or unset counts \
             again"
        )),
        (Outcome::Cleared, ClearTarget::Profile(name)) => report.event(&format!(
            "the keys of profile `{name}` are removed from `{path}`; a Region in the config file stays"
        )),
        (Outcome::Cleared, ClearTarget::Process(name)) => report.event(&format!(
            "profile `{name}` in `{path}` no longer runs `credential-process`; a Region there stays"
        )),
        (Outcome::Cleared, ClearTarget::Dotenv(_)) => {
            report.event(&format!("the keys are removed from `{path}`; a Region there stays"));
        }
    }
}
