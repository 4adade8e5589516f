//! Whether the destinations can be written to, which opening them shows. They are closed unwritten, and what opening
//! created is removed again.

use aws::Region;

use super::{Findings, bash_env, next_step};
use crate::credentials::other_account;
use crate::failure::Failure;
use crate::io::http::added_roots::AddedRoots;
use crate::io::process::step_start::StepStart;
use crate::receipt;
use crate::settings::{self, DEFAULT_DEADLINE, Inputs, SessionSettings, table};
use crate::sinks::destination::Destination;
use crate::sinks::{OpenContext, Sink};

/// Opens each destination as `assume` does before it calls STS.
pub(super) fn check(inputs: Inputs<'_>, region: Option<&Region>, findings: &mut Findings) {
    let destinations = settings::destinations_of_mode(inputs);
    let destinations =
        findings.value_or_problem("destination", destinations.map_err(|error| Failure::from(&error)));
    // If a setting is invalid, which other checks report, the files are opened for a request without flags.
    let settings = SessionSettings::read(inputs, DEFAULT_DEADLINE);
    if let Ok(settings) = &settings
        && let Some(note) = other_account::note(inputs.environment, settings.request.last_role().account())
    {
        findings.note("account", &note);
    }
    if let (Ok(settings), Some(destinations)) = (&settings, &destinations) {
        let life = settings::least_life(inputs, &settings.request, destinations);
        findings.value_or_problem("use-existing", life.map_err(|error| Failure::from(&error)));
    }
    let flags = settings.map(|settings| settings.flags).unwrap_or_default();
    // Which files are opened for which roots makes no difference: they are removed again.
    let key = flags.key(&AddedRoots::default());
    let overwrite = inputs.is_on(&table::OVERWRITE).map_err(|error| Failure::from(&error));
    let overwrite = findings.value_or_problem("settings", overwrite).unwrap_or_default();
    let context =
        OpenContext { region, flags: &flags, key: &key, overwrite, environment: inputs.environment };
    for destination in destinations.iter().flatten() {
        let opened = Sink::open(destination, context);
        if findings
            .value_or_problem("destination", opened.map_err(|error| Failure::of_sink(&error)))
            .is_some()
        {
            findings.ok("destination", &description(destination));
        }
    }
    let receipt = findings.value_or_problem("receipt", receipt::check(inputs));
    if receipt.flatten().is_some() {
        findings.ok("receipt", "the file of `--receipt` can be written to");
    }
    let destinations = destinations.unwrap_or_default();
    let start = StepStart::of(inputs.environment);
    let environment = match &start {
        StepStart::Known(start) => start,
        StepStart::AsHere | StepStart::Unknown => inputs.environment,
    };
    if matches!(start, StepStart::Unknown) {
        let unknown = "what replaces it in the next step is unknown here";
        findings
            .note("next-step", &format!("this step has read a block that `clear` has removed: {unknown}"));
    }
    let next_step = bash_env::check(&destinations, region, environment, findings);
    next_step::check(&destinations, environment, next_step.as_ref(), findings);
}

fn description(destination: &Destination) -> String {
    match destination {
        Destination::BashEnv => "bash-env can be written to".to_owned(),
        Destination::Endpoint => {
            "BASH_ENV can be written to; `serve` must run by then, with the same settings".to_owned()
        }
        Destination::Profile(name) | Destination::CredentialProcess(name) => {
            format!("profile `{name}` can be written to")
        }
        Destination::Dotenv(path) => format!("`{}` can be written to", path.display()),
        Destination::Github => "the files of a GitHub Actions step can be written to".to_owned(),
        Destination::Json | Destination::Shell(_) => "stdout".to_owned(),
    }
}
