//! `trust generate`: a role's trust policy, and all that it needs around it, on stdout.

use aws::Secret;
use trust_policy::generate::generate;

use crate::args::TrustGenerateArgs;
use crate::exchange::token_source::TokenError;
use crate::failure::Failure;
use crate::io::environment::Environment;
use crate::report::{Report, printable};
use crate::settings::Lookup;
use crate::trust::trust_plan::{Jobs, TrustSettings};

/// Asks a token only for what was not given.
pub(crate) fn run(
    args: &TrustGenerateArgs,
    environment: &Environment,
    report: &mut Report,
) -> Result<(), Failure> {
    let settings = Lookup::in_known(environment, &args.output)
        .and_then(|look| TrustSettings::read(args, look))
        .map_err(|error| Failure::from(&error))?;
    let jobs = match settings.jobs() {
        Some(jobs) => jobs,
        None => jobs_of_token(&settings, environment, report)?,
    };
    let format = settings.format;
    let plan = settings.plan(jobs).map_err(|error| Failure::of_trust_plan(&error, None))?;
    let generated = generate(&plan, format).map_err(|error| Failure::of_generation(&error))?;
    for note in &generated.notes {
        report.note(&note.to_string());
    }
    report.data(&Secret::new(generated.text)).map_err(|error| Failure::of_stdout(&error))
}

fn jobs_of_token(
    settings: &TrustSettings,
    environment: &Environment,
    report: &mut Report,
) -> Result<Jobs, Failure> {
    let found = settings
        .token_source
        .at_hand(environment)
        .and_then(|found| found.ok_or(TokenError::NotAtHand))
        .map_err(|error| Failure::of_token_for_policy(&error, environment))?
        .first;
    report.event(&format!("what was not given is taken from {}", printable(&found.place)));
    settings.jobs_of(found.token.claims()).map_err(|error| Failure::of_trust_plan(&error, Some(&found)))
}
