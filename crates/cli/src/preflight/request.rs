//! What STS would be asked for: the session, the chain behind it, and the accounts that are allowed.

use aws::{RoleArn, SessionDuration};

use super::Findings;
use crate::failure::Failure;
use crate::settings::{self, Inputs, SettingsError, chain, guards};

/// Looks at each setting that becomes a part of the request.
pub(super) fn examine(inputs: Inputs<'_>, role: Option<&RoleArn>, findings: &mut Findings) {
    let of_settings = |error: SettingsError| Failure::from(&error);
    let mut notes = Vec::new();
    let name = settings::session_name(inputs, &mut notes).map_err(of_settings);
    if let Some(name) = findings.keep("session-name", name) {
        findings.ok("session-name", &format!("`{name}`"));
    }
    for note in &notes {
        findings.note("session-name", note);
    }

    let duration = findings.keep("duration", settings::duration(inputs).map_err(of_settings));
    if let Some(duration) = duration {
        let limit = if duration > SessionDuration::DEFAULT {
            ", if the role's MaxSessionDuration allows it"
        } else {
            ""
        };
        findings.ok("duration", &format!("{duration}{limit}"));
    }

    let policies = findings.keep("policy", chain::policies(inputs).map_err(of_settings));
    let (duration, policies) = (duration.unwrap_or(SessionDuration::DEFAULT), policies.unwrap_or_default());
    let chain = if let Some(role) = role {
        findings.keep("chain", chain::read(inputs, role, duration, &policies).map_err(of_settings))
    } else {
        findings.note("chain", "not checked: the first role is not known");
        None
    };
    for hop in chain.iter().flatten() {
        findings.ok("chain", &format!("then `{}`, in account {}", hop.role, hop.role.account()));
    }

    let guard = findings.keep("accounts", guards::accounts(inputs).map_err(of_settings));
    let last = chain.as_ref().and_then(|hops| hops.last().map(|hop| &hop.role).or(role));
    match (guard, last) {
        (Some(guard), Some(last)) => {
            let account = last.account();
            let checked = guard.check(account).map_err(|error| Failure::of_account(&error));
            if findings.keep("accounts", checked).is_some() {
                findings.ok("accounts", &format!("account {account} is allowed"));
            }
        }
        (Some(_), None) => {
            findings.note("accounts", "not checked against the lists: the last role is not known yet");
        }
        (None, _) => {}
    }
}
