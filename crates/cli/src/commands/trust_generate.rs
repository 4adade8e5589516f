//! `trust generate`: a role's trust policy, the role and its identity provider, on stdout.

use trust_policy::generate::generate;

use crate::exchange::token_source::TokenError;
use crate::failure::Failure;
use crate::io::environment::Environment;
use crate::io::secrets;
use crate::report::{self, Report};
use crate::settings::Inputs;
use crate::settings::trust_generate::TrustSettings;
use crate::trust::trust_plan::Jobs;

/// Reads a token only if a setting that it can supply is missing.
pub(crate) fn run(inputs: Inputs<'_>, report: &Report) -> Result<(), Failure> {
    let settings = inputs.checked().and_then(TrustSettings::read).map_err(|error| Failure::from(&error))?;
    let jobs = match settings.request.jobs() {
        Some(jobs) => jobs,
        None => jobs_of_token(&settings, inputs.environment, report)?,
    };
    let format = settings.format;
    let plan = settings.request.plan(jobs).map_err(|error| Failure::of_trust_plan(&error, None))?;
    let generated = generate(&plan, format).map_err(|error| Failure::of_generation(&error))?;
    // A policy with a gap would be created like a whole one.
    if secrets::is_in(&generated.text) {
        return Err(Failure::of_secret_in_policy());
    }
    for note in &generated.notes {
        report.note(&note.to_string());
    }
    report::print_data(&generated.text).map_err(|error| Failure::of_stdout(&error))
}

fn jobs_of_token(
    settings: &TrustSettings,
    environment: &Environment,
    report: &Report,
) -> Result<Jobs, Failure> {
    let found = settings
        .token_source
        .existing_token(environment)
        .and_then(|found| found.ok_or(TokenError::RequestNeeded))
        .map_err(|error| Failure::of_token_for_policy(&error, environment))?
        .first;
    report.event(&format!("missing settings are read from {}", found.origin));
    settings
        .request
        .jobs_of(found.token.claims())
        .map_err(|error| Failure::of_trust_plan(&error, Some(&found)))
}
