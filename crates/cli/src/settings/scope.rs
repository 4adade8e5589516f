//! The scope: what limits the credentials that the user gets, after the session's last role (facts/aws-2026.md 1).

use aws::{Region, SessionDuration};
use sts::{Endpoint, InvalidScopePolicy, Scope, ScopeDuration, ScopePolicy};

use crate::exchange::scoping::regional_endpoint;
use crate::settings::inputs::{Inputs, Value};
use crate::settings::policy_text::{self, NoPolicyText};
use crate::settings::settings_error::{SettingsError, invalid};
use crate::settings::table;

/// A scope policy that cannot be read, or that STS would refuse.
#[derive(Debug, thiserror::Error)]
enum UnusableScopePolicy {
    #[error(transparent)]
    Text(#[from] NoPolicyText),
    #[error(transparent)]
    Policy(#[from] InvalidScopePolicy),
}

/// A scope that would not end before the session that it limits. As long as the session is too long: STS compares it with
/// the rest of the session's life when the request arrives (facts/aws-2026.md 1.6).
#[derive(Debug, thiserror::Error)]
#[error(
    "the scope lasts {scope}, and the session {} s; expected less than the session's duration, or no scope duration",
    session.seconds()
)]
struct NotShorter {
    scope: ScopeDuration,
    session: SessionDuration,
}

/// The scope of a session that lasts this long; `None` if there is none.
pub(crate) fn of_session(
    inputs: Inputs<'_>,
    session: SessionDuration,
) -> Result<Option<Scope>, SettingsError> {
    let scope = read(inputs)?;
    if let Some(asked) = scope.as_ref().and_then(Scope::duration) {
        check_within(asked, session).map_err(|flaw| invalid(table::SCOPE_DURATION.flag, flaw))?;
    }
    Ok(scope)
}

fn check_within(scope: ScopeDuration, session: SessionDuration) -> Result<(), NotShorter> {
    if scope.seconds() >= session.seconds() { Err(NotShorter { scope, session }) } else { Ok(()) }
}

/// The scope, for any session; `None` if there is none.
pub(crate) fn read(inputs: Inputs<'_>) -> Result<Option<Scope>, SettingsError> {
    let policy = match inputs.expanded(&table::SCOPE_POLICY)? {
        None => None,
        Some((name, value)) => {
            let text = policy_text::read(&value, inputs.environment).map_err(UnusableScopePolicy::from);
            let parsed = text.and_then(|text| match text {
                Some(text) => Ok(Some(text.parse::<ScopePolicy>()?)),
                None => Ok(None),
            });
            parsed.map_err(|flaw| inputs.invalid(&Value::of(name, &value), flaw))?
        }
    };
    let duration = inputs.parsed(&table::SCOPE_DURATION)?;
    let description = inputs.parsed(&table::SCOPE_DESCRIPTION)?;
    if policy.is_none() && duration.is_none() && description.is_none() {
        return Ok(None);
    }
    let scope = Scope::new(policy, duration, description);
    scope.map(Some).map_err(|flaw| invalid(table::SCOPE_DESCRIPTION.flag, flaw))
}

/// Only the endpoint of a Region that the user named narrows credentials.
pub(crate) fn check_endpoint(
    endpoint: &Endpoint,
    endpoint_name: Option<&'static str>,
    region: Option<&Region>,
) -> Result<(), SettingsError> {
    let regional = regional_endpoint(endpoint, endpoint_name, region);
    regional.map(drop).map_err(SettingsError::NotRegional)
}
