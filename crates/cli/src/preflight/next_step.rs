//! Credentials that AWS tools could use in the next steps instead of the new ones.

use export::{STALE_VARIABLES, endpoint_env, no_proxy};

use super::Findings;
use crate::credentials::{self, CredentialsError, SharedProfiles};
use crate::io::environment::{Environment, vars};
use crate::io::files::{appended_file, bash_env_path};
use crate::sinks::destination::Destination;
use crate::sinks::variables_to_blank;

const CHECK: &str = "next-step";

/// Reports which credentials are set already, and what happens to them.
pub(super) fn check(
    destinations: &[Destination],
    environment: &Environment,
    next_bash: Option<&Environment>,
    findings: &mut Findings,
) {
    let mut seen = false;
    let mut note = |text: &str| {
        seen = true;
        findings.note(CHECK, text);
    };
    let files = SharedProfiles::read(environment);
    match credentials::locate(None, environment, &files) {
        Ok(located) => {
            note(&format!("there are credentials already: {}", located.source));
            located.notes.iter().for_each(|text| note(text));
        }
        Err(CredentialsError::NotFound(_)) => files.ignored().for_each(|file| note(&file.to_string())),
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
                    note(&format!(
                        "replaced in the next bash steps, but not in those of other shells: {replaced}"
                    ));
                }
                let stale = names(&STALE_VARIABLES);
                if !stale.is_empty() {
                    note(&format!(
                        "unset in the next bash steps, because they would override the credentials: {stale}"
                    ));
                }
            }
            Destination::Endpoint => {
                let unset = names(&endpoint_env::UNSET);
                if !unset.is_empty() {
                    note(&format!("unset in the next bash steps, but not in those of other shells: {unset}"));
                }
                if let Some(proxy) = no_proxy::proxy_of(|name| environment.raw(name)) {
                    note(&format!(
                        "127.0.0.1 is added to NO_PROXY and no_proxy in the next bash steps: some AWS tools would call \
                         the endpoint through the proxy of {proxy}"
                    ));
                }
            }
            Destination::Profile(name) | Destination::CredentialProcess(name) => {
                let variables = [vars::AWS_ACCESS_KEY_ID, vars::AWS_WEB_IDENTITY_TOKEN_FILE];
                if next_bash.is_some_and(|next| has_own_block(next, environment)) {
                    note(&format!(
                        "an earlier `assume` has written to BASH_ENV: bash steps use its credentials before profile \
                         `{name}`, unless `clear` runs first or AWS tools get `aws --profile {name}`"
                    ));
                }
                for variable in
                    variables.into_iter().filter(|variable| environment.non_blank(variable).is_some())
                {
                    note(&format!(
                        "AWS tools use {variable} before profile `{name}`, unless they get `aws --profile {name}`"
                    ));
                }
                let chosen = environment.first_non_blank(&[vars::AWS_PROFILE, vars::AWS_DEFAULT_PROFILE]);
                if let Some((variable, _)) = chosen.filter(|(_, chosen)| chosen.trim() != name.as_str()) {
                    note(&format!("{variable} names another profile than `{name}`"));
                }
            }
            Destination::Github => {
                let blank = variables_to_blank(environment);
                if !blank.is_empty() {
                    note(&format!(
                        "blank in the next steps, because they would override the credentials: {}",
                        blank.join(", ")
                    ));
                }
            }
            Destination::Dotenv(_) | Destination::Json | Destination::Shell(_) => {}
        }
    }
    if !seen {
        findings.ok(CHECK, "nothing is set that AWS tools would use instead");
    }
}

/// Whether bash gets credentials from a block of this program, which this step may not have run.
fn has_own_block(next_bash: &Environment, environment: &Environment) -> bool {
    let is_set = next_bash.non_blank(vars::AWS_ACCESS_KEY_ID).is_some();
    let text = || appended_file::text(&bash_env_path::name(environment)).ok().flatten();
    is_set && text().is_some_and(|text| export::bash_env::remove(&text) != export::Removal::Nothing)
}
