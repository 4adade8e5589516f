//! Settings of `assume` one by one: `preflight` looks at each whatever the others are, and `profiles` has some of them.

use aws::{Region, RoleArn, SessionDuration, SessionName};

use super::{Lookup, SettingsError, invalid};
use crate::args::SessionArgs;
use crate::exchange::token_source::{TokenSource, WantedAudience};
use crate::io::environment::vars;
use crate::settings::session_name as name_of;
use crate::settings::table;
use crate::trust::known_policy::KnownPolicy;

/// The first role.
pub(crate) fn role(args: &SessionArgs, look: Lookup<'_>) -> Result<RoleArn, SettingsError> {
    look.parsed(args.role_arn.as_deref(), table::ROLE_ARN)?.ok_or(SettingsError::NoRole)
}

/// Where the token is looked for.
pub(crate) fn token_source(flag: Option<&str>, look: Lookup<'_>) -> Result<TokenSource, SettingsError> {
    Ok(look.parsed(flag, table::TOKEN_SOURCE)?.unwrap_or(TokenSource::Auto))
}

/// Whom the token has to be for.
pub(crate) fn audience(
    flag: Option<&str>,
    look: Lookup<'_>,
) -> Result<Option<WantedAudience>, SettingsError> {
    look.parsed(flag, table::AUDIENCE)
}

/// The first role's trust policy, if the user has it at hand.
pub(crate) fn trust_policy(
    args: &SessionArgs,
    look: Lookup<'_>,
) -> Result<Option<KnownPolicy>, SettingsError> {
    let Some(value) = look.given(args.trust_policy.as_deref(), table::TRUST_POLICY)? else { return Ok(None) };
    KnownPolicy::read(value.text.trim().as_ref()).map(Some).map_err(|flaw| invalid(value.name, flaw))
}

/// How long the last session is asked for.
pub(crate) fn duration(flag: Option<&str>, look: Lookup<'_>) -> Result<SessionDuration, SettingsError> {
    Ok(look.parsed(flag, table::DURATION)?.unwrap_or(SessionDuration::DEFAULT))
}

/// The name that was asked for, or the job's.
pub(crate) fn session_name(
    flag: Option<&str>,
    look: Lookup<'_>,
    notes: &mut Vec<String>,
) -> Result<SessionName, SettingsError> {
    match look.given(flag, table::SESSION_NAME)? {
        Some(value) => name_of::asked_for(&value, notes).map_err(|flaw| invalid(value.name, flaw)),
        None => Ok(name_of::of_this_job(look.environment)),
    }
}

/// The Region that was asked for, or that of AWS's own variables, with the name that it came in by.
pub(crate) fn named_region(
    flag: Option<&str>,
    look: Lookup<'_>,
) -> Result<Option<(&'static str, Region)>, SettingsError> {
    let given = look.given(flag, table::REGION)?.map(|value| (value.name, value.text));
    let ambient = [vars::AWS_REGION, vars::AWS_DEFAULT_REGION]
        .into_iter()
        .find_map(|name| Some((name, look.environment.set(name)?.to_owned())));
    let Some((from, text)) = given.or(ambient) else { return Ok(None) };
    let region = text.trim().parse().map_err(|flaw| invalid(from, flaw))?;
    Ok(Some((from, region)))
}

/// The same; its partition must be the role's.
pub(crate) fn region(
    args: &SessionArgs,
    role: &RoleArn,
    look: Lookup<'_>,
) -> Result<Option<Region>, SettingsError> {
    let Some((from, region)) = named_region(args.region.as_deref(), look)? else { return Ok(None) };
    if region.partition().name == role.partition_name() {
        return Ok(Some(region));
    }
    Err(SettingsError::Partition {
        role: role.partition_name().to_owned(),
        other: region.partition().name,
        region,
        from,
    })
}
