//! Where the next steps find credentials that have been written, a line a destination.

use export::{STALE_VARIABLES, endpoint_env, no_proxy};

use crate::commands::note_profile_readers;
use crate::io::environment::Environment;
use crate::report::Report;
use crate::sinks::destination::Destination;
use crate::sinks::variables_to_blank;

/// Prints it, with what was taken out because it would override them.
pub(super) fn report(destination: &Destination, environment: &Environment, report: &Report) {
    match destination {
        Destination::BashEnv => {
            report.event("the next bash steps have the credentials in their environment (BASH_ENV)");
            let stale = set_names(&STALE_VARIABLES, environment);
            if !stale.is_empty() {
                report.note(&format!(
                    "unset for the next steps, because they would override the credentials: {stale}"
                ));
            }
        }
        Destination::Endpoint => {
            report.event(
                "the next bash steps get credentials from the endpoint of `serve` (BASH_ENV), renewed before they \
                 expire",
            );
            let unset = set_names(&endpoint_env::UNSET, environment);
            if !unset.is_empty() {
                report.note(&format!(
                    "unset for the next steps, because they would override the endpoint: {unset}"
                ));
            }
            if let Some(proxy) = no_proxy::proxy_of(|name| environment.raw(name)) {
                report.note(&format!(
                    "NO_PROXY and no_proxy of the next bash steps name 127.0.0.1 too: some AWS tools would call the \
                     endpoint through the proxy of {proxy}"
                ));
            }
        }
        Destination::Profile(name) => {
            report.event(&format!(
                "AWS tools find the credentials in profile `{name}` (--profile, AWS_PROFILE)"
            ));
            note_profile_readers(environment, report);
        }
        Destination::Dotenv(path) => {
            report.event(&format!("the credentials are in `{}`", path.display()));
        }
        Destination::Github => {
            report.event(
                "the next steps have the credentials in their environment (GITHUB_ENV), masked in the log",
            );
            let blank = variables_to_blank(environment);
            if !blank.is_empty() {
                report.note(&format!(
                    "blank for the next steps, because they would override the credentials and GITHUB_ENV cannot \
                     unset them: {}",
                    blank.join(", ")
                ));
            }
        }
        // Whether they are renewed is known to who assumes the role.
        Destination::CredentialProcess(_) | Destination::Json | Destination::Shell(_) => {}
    }
}

/// The names of the variables that are set in this job, for a line.
fn set_names(names: &[&'static str], environment: &Environment) -> String {
    let set = names.iter().filter(|name| environment.raw(name).is_some());
    set.copied().collect::<Vec<_>>().join(", ")
}
