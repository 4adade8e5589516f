//! `assume`: one role, from the job's token to the steps that follow.

use export::{STALE, Session, endpoint_env};

use crate::args::AssumeArgs;
use crate::commands::{VARIABLES_WIN, only_token};
use crate::exchange::acquisition::Acquisition;
use crate::failure::Failure;
use crate::io::environment::Environment;
use crate::report::{Report, printable};
use crate::settings::AssumeSettings;
use crate::sinks::destination::Destination;
use crate::sinks::{self, Opening, Sink, to_blank};
use crate::verify;

/// Everything that can be checked is checked before the token leaves this machine.
pub(crate) fn run(args: &AssumeArgs, environment: &Environment, report: &mut Report) -> Result<(), Failure> {
    let settings = AssumeSettings::read(args, environment).map_err(|error| Failure::from(&error))?;
    let mut notes = Vec::new();
    let acquisition = Acquisition::prepare(&settings.session, environment, &mut notes)?;
    let opening =
        Opening { region: settings.session.region.as_ref(), standing: &settings.standing, environment };
    let sinks = settings
        .destinations
        .iter()
        .map(|destination| Sink::open(destination, opening))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Failure::of_sink(&error))?;
    for note in &notes {
        report.note(note);
    }
    let acquired = acquisition.run(report)?;
    let session = &acquired.session;
    let written = sinks::write_files(sinks, &acquired, report).map_err(|error| Failure::of_sink(&error))?;
    let mut verified = Vec::new();
    if settings.verify {
        let line = acquired.line(&settings.session);
        match verify::run(session, &settings, environment, line, report) {
            Ok(places) => verified = places,
            Err(error) => {
                written.take_back(report);
                return Err(Failure::of_verify(error, &settings.session.network));
            }
        }
    }
    written.finish(&acquired, report).map_err(|error| Failure::of_sink(&error))?;
    tell(session, &acquired.place, &settings, environment, report);
    for place in verified {
        report.event(&format!("verified: the next step is that session, by {}", printable(&place)));
    }
    Ok(())
}

/// Who the next steps are, until when, and how they come to know.
fn tell(
    session: &Session,
    place: &str,
    settings: &AssumeSettings,
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
    for destination in &settings.destinations {
        match destination {
            Destination::BashEnv => {
                report.event("the next steps that bash runs find them in their environment (BASH_ENV)");
                let stale = set_of(&STALE, environment);
                if !stale.is_empty() {
                    report.note(&format!("unset for the next steps, as they would interfere: {stale}"));
                }
            }
            Destination::Endpoint => {
                report.event(
                    "the next steps that bash runs get theirs from the endpoint of `serve` (BASH_ENV), renewed before \
                     they expire",
                );
                let unset = set_of(&endpoint_env::UNSET, environment);
                if !unset.is_empty() {
                    report.note(&format!(
                        "unset for the next steps, as they would win over the endpoint: {unset}"
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
            Destination::CredentialProcess(name) => {
                report.event(&format!(
                    "AWS tools get them from profile `{name}` (--profile, AWS_PROFILE), which runs this program: it \
                     has new ones for them when these are near their end"
                ));
                if environment.set("AWS_ACCESS_KEY_ID").is_some() {
                    report.note(VARIABLES_WIN);
                }
                if !settings.session.token_source.can_renew(environment) {
                    report.note(&only_token(place));
                }
            }
            Destination::Json | Destination::Shell => {}
        }
    }
}

/// Those of the names that this job has, for a line.
fn set_of(names: &[&'static str], environment: &Environment) -> String {
    let set = names.iter().filter(|name| environment.raw(name).is_some());
    set.copied().collect::<Vec<_>>().join(", ")
}
