//! `trust generate`: a role's trust policy, the role and its identity provider, on stdout.

use trust_policy::generate::{context_notes, generate};

use crate::commands::token_request;
use crate::exchange::token_source::{FoundToken, TokenError};
use crate::failure::Failure;
use crate::io::secrets;
use crate::report::{self, Report};
use crate::settings::Inputs;
use crate::settings::network::StsLocation;
use crate::settings::trust_generate::TrustSettings;
use crate::trust::trust_plan::{JobIdentity, RequestedJobs};

/// Reads a token only if a setting that it can supply is missing.
pub(crate) fn run(inputs: Inputs<'_>, report: &Report) -> Result<(), Failure> {
    let settings = inputs.checked().and_then(TrustSettings::read).map_err(|error| Failure::from(&error))?;
    let of_settings = settings.request.jobs().map_err(|error| Failure::of_trust_plan(&error, None))?;
    let jobs = match (of_settings, &settings.claims) {
        (Some(jobs), _) => jobs,
        (None, Some(claims)) => {
            let job = JobIdentity::from(claims);
            note_context(&settings, &job, report);
            settings.request.jobs_of(&job).map_err(|error| Failure::of_trust_plan(&error, None))?
        }
        (None, None) => jobs_of_token(&settings, inputs, report)?,
    };
    let format = settings.format;
    let plan = settings.request.plan(jobs);
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
    inputs: Inputs<'_>,
    report: &Report,
) -> Result<RequestedJobs, Failure> {
    let found = token(settings, inputs, report)?;
    report.event(&format!("missing settings are read from {}", found.origin));
    let job = JobIdentity::from(&found.token);
    note_context(settings, &job, report);
    settings.request.jobs_of(&job).map_err(|error| Failure::of_trust_plan(&error, Some(&found)))
}

/// What the token lacks for a context provider.
fn note_context(settings: &TrustSettings, job: &JobIdentity, report: &Report) {
    if settings.request.context_provider {
        report.notes(context_notes(&job.subject));
    }
}

/// The token that exists. A GitHub job has none until it requests one.
fn token(settings: &TrustSettings, inputs: Inputs<'_>, report: &Report) -> Result<FoundToken, Failure> {
    let source = &settings.token_source;
    let failed = |error| Failure::of_token_for_policy(&error, inputs.environment);
    match source.existing_token(inputs.environment).map_err(failed)? {
        Some(found) => Ok(found.first),
        None if source.is_github(inputs.environment) => {
            token_request::request(source, StsLocation::HomeOf(&settings.request.role), inputs, report)
        }
        None => Err(failed(TokenError::RequestNeeded)),
    }
}
