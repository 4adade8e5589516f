//! Where the credentials would go: whether they can be written there, which opening shows. What is opened is
//! closed unwritten, and what that has made is removed again.

use aws::Region;

use super::{Findings, next_step};
use crate::args::AssumeArgs;
use crate::failure::Failure;
use crate::settings::request_flags::Standing;
use crate::settings::{self, Lookup, SessionSettings};
use crate::sinks::destination::Destination;
use crate::sinks::{Opening, Sink};

/// Opens each destination as `assume` does before it asks STS.
pub(super) fn examine(args: &AssumeArgs, look: Lookup<'_>, region: Option<&Region>, findings: &mut Findings) {
    let destinations = settings::of_mode(args, look);
    let destinations = findings.keep("destination", destinations.map_err(|error| Failure::from(&error)));
    // Where a setting is bad, which others find, files are tried for a request without settings.
    let settings = SessionSettings::read(&args.session, &args.network, look);
    let standing =
        settings.and_then(|settings| Standing::read(&args.session, &args.network, &settings, look));
    let standing = standing.unwrap_or_default();
    let opening = Opening { region, standing: &standing, environment: look.environment };
    for destination in destinations.iter().flatten() {
        let opened = Sink::open(destination, opening);
        if findings.keep("destination", opened.map_err(|error| Failure::of_sink(&error))).is_some() {
            findings.ok("destination", &words(destination));
        }
    }
    next_step::examine(destinations.as_deref().unwrap_or_default(), look, findings);
}

fn words(destination: &Destination) -> String {
    match destination {
        Destination::BashEnv => "bash-env can be written to".to_owned(),
        Destination::Endpoint => {
            "BASH_ENV can be written to; `serve` has to run by then, with the same settings".to_owned()
        }
        Destination::Profile(name) | Destination::CredentialProcess(name) => {
            format!("profile `{name}` can be written to")
        }
        Destination::Dotenv(path) => format!("`{}` can be written to", path.display()),
        Destination::Github => "the files of a GitHub Actions step can be written to".to_owned(),
        Destination::Json | Destination::Shell => "stdout".to_owned(),
    }
}
