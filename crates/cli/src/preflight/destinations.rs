//! Where the credentials would go: whether they can be written there, which opening shows. What is opened is
//! closed unwritten, and what that has made is removed again.

use aws::Region;

use super::{Findings, next_step};
use crate::args::AssumeArgs;
use crate::destination::Destination;
use crate::failure::Failure;
use crate::settings::{self, Lookup};
use crate::sinks::Sink;

/// Opens each destination as `assume` does before it asks STS.
pub(super) fn examine(args: &AssumeArgs, look: Lookup<'_>, region: Option<&Region>, findings: &mut Findings) {
    let destinations = settings::of_mode(args, look);
    let destinations = findings.keep("destination", destinations.map_err(|error| Failure::from(&error)));
    for destination in destinations.iter().flatten() {
        let opened = Sink::open(destination, region, look.environment);
        if findings.keep("destination", opened.map_err(|error| Failure::of_sink(&error))).is_some() {
            findings.ok("destination", &words(destination));
        }
    }
    next_step::examine(destinations.as_deref().unwrap_or_default(), look, findings);
}

fn words(destination: &Destination) -> String {
    match destination {
        Destination::BashEnv => "bash-env can be written to".to_owned(),
        Destination::Profile(name) => format!("profile `{name}` can be written to"),
        Destination::Dotenv(path) => format!("`{}` can be written to", path.display()),
        Destination::Github => "the files of a GitHub Actions step can be written to".to_owned(),
        Destination::Json | Destination::Shell => "stdout".to_owned(),
    }
}
