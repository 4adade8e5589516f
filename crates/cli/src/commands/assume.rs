//! `assume`: one role, from the job's token to the steps that follow.

use export::{STALE, Session};

use crate::args::AssumeArgs;
use crate::call::Line;
use crate::commands::VARIABLES_WIN;
use crate::destination::Destination;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::flow::Exchange;
use crate::io::clock::Deadline;
use crate::io::https::Https;
use crate::io::tls;
use crate::report::{Report, printable};
use crate::settings::AssumeSettings;
use crate::sinks::{self, Sink, to_blank};
use crate::token_source::Search;
use crate::verify;

/// Everything that can be checked is checked before the token leaves this machine.
pub(crate) fn run(args: &AssumeArgs, environment: &Environment, report: &mut Report) -> Result<(), Failure> {
    let settings = AssumeSettings::read(args, environment).map_err(|error| Failure::from(&error))?;
    let last_role = settings.chain.last().map_or(&settings.role, |hop| &hop.role);
    settings.guard.check(last_role.account()).map_err(|error| Failure::of_guard(&error))?;
    let mut notes = settings.notes.clone();
    let roots = tls::client_config(settings.network.ca_bundle.as_ref(), &mut notes)
        .map_err(|error| Failure::from(&error))?;
    let sinks = settings
        .destinations
        .iter()
        .map(|destination| Sink::open(destination, settings.region.as_ref(), environment))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Failure::of_sink(&error))?;
    for note in &notes {
        report.note(note);
    }
    let deadline = Deadline::after(settings.network.deadline);
    let search = Search {
        source: &settings.token_source,
        audience: settings.audience.as_ref(),
        environment,
        network: &settings.network,
        roots: &roots,
        deadline,
    };
    let found = search.run(report).map_err(|error| Failure::of_token(&error, environment))?;
    if let Some(note) = found.note() {
        report.note(note);
    }
    let checked = settings.job_guard.check_all(&found, environment);
    checked.map_err(|error| Failure::of_job_guard(&error))?;
    let https = Https::new(&settings.network, roots).map_err(|error| Failure::of_set_up(&error))?;

    let line = Line { network: &settings.network, https: &https, deadline };
    let exchanged = Exchange { settings: &settings, line }.run(&found, report).map_err(|failed| {
        let failure = Failure::of_exchange(&failed, &settings.network);
        settings.trust_policy.iter().fold(failure, |failure, known| failure.judged_by(known, &failed))
    })?;

    let granted = exchanged.granted;
    settings
        .guard
        .check_answer(&granted.role_session_arn, last_role.account())
        .map_err(|error| Failure::of_guard(&error))?;
    let session = Session::new(
        granted.credentials,
        granted.role_session_arn,
        last_role.account().clone(),
        settings.region.clone(),
    )
    .map_err(|error| Failure::of_value(&error))?;
    let written = sinks::write_files(sinks, &session, report).map_err(|error| Failure::of_sink(&error))?;
    let mut verified = Vec::new();
    if settings.verify {
        match verify::run(&session, &settings.destinations, environment, line, report) {
            Ok(places) => verified = places,
            Err(error) => {
                written.take_back(report);
                return Err(Failure::of_verify(error, &settings.network));
            }
        }
    }
    written.finish(&session, report).map_err(|error| Failure::of_sink(&error))?;
    tell(&session, &exchanged.place, &settings.destinations, environment, report);
    for place in verified {
        report.event(&format!("verified: the next step is that session, by {}", printable(&place)));
    }
    Ok(())
}

/// Who the next steps are, until when, and how they come to know.
fn tell(
    session: &Session,
    place: &str,
    destinations: &[Destination],
    environment: &Environment,
    report: &mut Report,
) {
    let credentials = session.credentials();
    report.event(&format!(
        "assumed {} until {} (access key id {}, token from {place})",
        session.role_session_arn(),
        credentials.expiration,
        credentials.access_key_id
    ));
    for destination in destinations {
        match destination {
            Destination::BashEnv => {
                report.event("the next steps that bash runs find them in their environment (BASH_ENV)");
                let stale: Vec<&str> =
                    STALE.into_iter().filter(|name| environment.raw(name).is_some()).collect();
                if !stale.is_empty() {
                    report.note(&format!(
                        "unset for the next steps, as they would interfere: {}",
                        stale.join(", ")
                    ));
                }
            }
            Destination::Profile(name) => {
                report.event(&format!(
                    "AWS tools find them under the profile `{name}` (--profile, AWS_PROFILE)"
                ));
                if environment.set("AWS_ACCESS_KEY_ID").is_some() {
                    report.note(VARIABLES_WIN);
                }
            }
            Destination::Dotenv(path) => report.event(&format!("they are in `{}`", path.display())),
            Destination::Github => {
                report.event("the next steps find them in their environment (GITHUB_ENV), masked in the log");
                let blank = to_blank(environment);
                if !blank.is_empty() {
                    report.note(&format!(
                        "blank for the next steps, as they would interfere and GITHUB_ENV can't unset: {}",
                        blank.join(", ")
                    ));
                }
            }
            Destination::Json | Destination::Shell => {}
        }
    }
}
