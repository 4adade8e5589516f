//! What the steps that follow would find beside the new credentials: whether AWS's tools could take that instead.

use export::{STALE_VARIABLES, endpoint_env};

use super::Findings;
use crate::credentials::{self, CredentialsError, SharedProfiles};
use crate::io::environment::{Environment, vars};
use crate::sinks::destination::Destination;
use crate::sinks::to_blank;

const CHECK: &str = "next-step";

/// Says which credentials are here already, and what becomes of them.
pub(super) fn examine(destinations: &[Destination], environment: &Environment, findings: &mut Findings) {
    let mut seen = false;
    let mut note = |text: &str| {
        seen = true;
        findings.note(CHECK, text);
    };
    match credentials::locate(None, environment, &SharedProfiles::read(environment)) {
        Ok(located) => {
            note(&format!("there are credentials already: {}", located.source));
            located.notes.iter().for_each(|text| note(text));
        }
        Err(CredentialsError::NotFound(_)) => {}
        Err(error) => note(&error.in_one_line()),
    }
    let names = |names: &[&'static str]| {
        let set = names.iter().filter(|name| environment.raw(name).is_some());
        set.copied().collect::<Vec<_>>().join(", ")
    };
    for destination in destinations {
        match destination {
            Destination::BashEnv => {
                let replaced =
                    names(&[vars::AWS_ACCESS_KEY_ID, vars::AWS_SECRET_ACCESS_KEY, vars::AWS_SESSION_TOKEN]);
                if !replaced.is_empty() {
                    note(&format!("replaced in the next steps of bash, and not of other shells: {replaced}"));
                }
                let stale = names(&STALE_VARIABLES);
                if !stale.is_empty() {
                    note(&format!("unset in the next steps of bash, as they would interfere: {stale}"));
                }
            }
            Destination::Endpoint => {
                let unset = names(&endpoint_env::UNSET);
                if !unset.is_empty() {
                    note(&format!("unset in the next steps of bash, and not of other shells: {unset}"));
                }
            }
            Destination::Profile(name) | Destination::CredentialProcess(name) => {
                let rivals = [vars::AWS_ACCESS_KEY_ID, vars::AWS_WEB_IDENTITY_TOKEN_FILE];
                for rival in rivals.into_iter().filter(|rival| environment.set(rival).is_some()) {
                    note(&format!(
                        "{rival} wins over profile `{name}` in tools that are not given `--profile {name}`"
                    ));
                }
                let chosen = environment.first_set(&[vars::AWS_PROFILE, vars::AWS_DEFAULT_PROFILE]);
                if let Some((variable, _)) = chosen.filter(|(_, chosen)| chosen.trim() != name.as_str()) {
                    note(&format!("{variable} leads tools to another profile than `{name}`"));
                }
            }
            Destination::Github => {
                let blank = to_blank(environment);
                if !blank.is_empty() {
                    note(&format!("blank in the next steps, as they would interfere: {}", blank.join(", ")));
                }
            }
            Destination::Dotenv(_) | Destination::Json | Destination::Shell => {}
        }
    }
    if !seen {
        findings.ok(CHECK, "nothing is set that AWS tools would take instead");
    }
}
