//! Settings of a session, one function each: `preflight` checks each of them alone, and some commands take only a
//! few.

use std::path::Path;

use aws::{Region, RoleArn, SessionDuration, SessionName};

use crate::exchange::token_source::{ExpectedAudience, TokenSource};
use crate::io::environment::vars;
use crate::settings::inputs::{Inputs, Value};
use crate::settings::session_name as name_of;
use crate::settings::settings_error::{SettingsError, invalid};
use crate::settings::table;
use crate::trust::known_policy::KnownPolicy;

/// A path that depends on the working directory.
#[derive(Debug, thiserror::Error)]
#[error("invalid value `{}`; expected an absolute path", .0.escape_debug())]
struct NotAbsolute(String);

/// The first role.
pub(crate) fn role(inputs: Inputs<'_>) -> Result<RoleArn, SettingsError> {
    inputs.parsed(&table::ROLE_ARN)?.ok_or(SettingsError::NoRole)
}

/// The token source.
pub(crate) fn token_source(inputs: Inputs<'_>) -> Result<TokenSource, SettingsError> {
    let Some(value) = inputs.value(&table::TOKEN_SOURCE)? else { return Ok(TokenSource::Auto) };
    let source: TokenSource =
        value.text.trim().parse().map_err(|flaw| inputs.misspelled(&value, flaw, &TokenSource::WORDS))?;
    source.with_home(inputs.environment).map_err(|flaw| inputs.invalid(&value, flaw))
}

/// The expected token audience.
pub(crate) fn audience(inputs: Inputs<'_>) -> Result<Option<ExpectedAudience>, SettingsError> {
    inputs.parsed(&table::AUDIENCE)
}

/// The first role's trust policy, if the user names its file.
pub(crate) fn trust_policy(inputs: Inputs<'_>) -> Result<Option<KnownPolicy>, SettingsError> {
    let Some(value) = inputs.value(&table::TRUST_POLICY)? else { return Ok(None) };
    KnownPolicy::read(&inputs.path(&value)?).map(Some).map_err(|flaw| inputs.invalid(&value, flaw))
}

/// The home directory that the line of a profile names.
pub(crate) fn home(inputs: Inputs<'_>) -> Result<Option<String>, SettingsError> {
    let Some(value) = inputs.value(&table::HOME)? else { return Ok(None) };
    if Path::new(&value.text).is_absolute() {
        return Ok(Some(value.text));
    }
    Err(invalid(value.name, NotAbsolute(value.text)))
}

/// The requested duration of the last session.
pub(crate) fn duration(inputs: Inputs<'_>) -> Result<SessionDuration, SettingsError> {
    Ok(inputs.parsed(&table::DURATION)?.unwrap_or(SessionDuration::DEFAULT))
}

/// The session name that is set, else the job's.
pub(crate) fn session_name(
    inputs: Inputs<'_>,
    notes: &mut Vec<String>,
) -> Result<SessionName, SettingsError> {
    match inputs.value(&table::SESSION_NAME)? {
        Some(value) => name_of::from_setting(&value, notes).map_err(|flaw| invalid(value.name, flaw)),
        None => Ok(name_of::of_this_job(inputs.environment)),
    }
}

/// The Region that is set, else that of AWS's own variables, with the flag or variable that holds it.
pub(crate) fn named_region(inputs: Inputs<'_>) -> Result<Option<(&'static str, Region)>, SettingsError> {
    let ambient = || {
        let mut names = [vars::AWS_REGION, vars::AWS_DEFAULT_REGION].into_iter();
        names.find_map(|name| {
            let text = inputs.environment.non_blank(name)?.to_owned();
            Some(Value { text, name, has_variables: false })
        })
    };
    let Some(value) = inputs.value(&table::REGION)?.or_else(ambient) else { return Ok(None) };
    let region = value.text.trim().parse().map_err(|flaw| inputs.invalid(&value, flaw))?;
    Ok(Some((value.name, region)))
}

/// The Region to call and to export; its partition must be the role's. There is no default: a guess would deploy to
/// the wrong Region.
pub(crate) fn region(inputs: Inputs<'_>, role: &RoleArn) -> Result<Option<Region>, SettingsError> {
    let Some((from, region)) = named_region(inputs)? else { return Ok(None) };
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
