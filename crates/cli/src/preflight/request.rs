//! The request to STS: the session, role chaining, and the allowed accounts.

use aws::{RoleArn, SessionDuration};

use super::Findings;
use crate::exchange::scoping;
use crate::failure::Failure;
use crate::settings::{self, Inputs, SettingsError, chain, guards, scope};

/// Checks each setting that is part of the request.
pub(super) fn check(inputs: Inputs<'_>, role: Option<&RoleArn>, findings: &mut Findings) {
    let of_settings = |error: SettingsError| Failure::from(&error);
    let mut notes = Vec::new();
    let name = settings::session_name(inputs, &mut notes).map_err(of_settings);
    if let Some(name) = findings.value_or_problem("session-name", name) {
        findings.ok("session-name", &format!("`{name}`"));
    }
    for note in &notes {
        findings.note("session-name", note);
    }

    let duration = findings.value_or_problem("duration", settings::duration(inputs).map_err(of_settings));
    if let Some(duration) = duration {
        let limit = if duration > SessionDuration::DEFAULT {
            ", if the role's MaxSessionDuration allows it"
        } else {
            ""
        };
        findings.ok("duration", &format!("{duration}{limit}"));
    }

    let policies = findings.value_or_problem("policy", chain::policies(inputs).map_err(of_settings));
    let scope = duration.map_or_else(|| scope::read(inputs), |duration| scope::of_session(inputs, duration));
    if let Some(Some(scope)) = findings.value_or_problem("scope", scope.map_err(of_settings)) {
        findings.ok("scope", &format!("the credentials are limited {}", scoping::words(&scope)));
    }
    let (duration, policies) = (duration.unwrap_or(SessionDuration::DEFAULT), policies.unwrap_or_default());
    let chain = if let Some(role) = role {
        findings
            .value_or_problem("chain", chain::read(inputs, role, duration, &policies).map_err(of_settings))
    } else {
        findings.note("chain", "not checked: the first role is not known");
        None
    };
    for chained in chain.iter().flatten() {
        findings.ok("chain", &format!("then `{}`, in account {}", chained.role, chained.role.account()));
    }

    let guard = findings.value_or_problem("accounts", guards::accounts(inputs).map_err(of_settings));
    let last = chain.as_ref().and_then(|chain| chain.last().map(|chained| &chained.role).or(role));
    match (guard, last) {
        (Some(guard), Some(last)) => {
            let account = last.account();
            let checked = guard.check(account).map_err(|error| Failure::of_account(&error));
            if findings.value_or_problem("accounts", checked).is_some() {
                findings.ok("accounts", &format!("account {account} is allowed"));
            }
        }
        (Some(_), None) => {
            findings.note("accounts", "not checked against the lists: the last role is not known");
        }
        (None, _) => {}
    }
}
