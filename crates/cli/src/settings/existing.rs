//! `--use-existing`: how long a session of an earlier step must still be valid to be kept.

use std::time::Duration;

use aws::seconds_from;

use crate::exchange::request::SessionRequest;
use crate::settings::inputs::Inputs;
use crate::settings::settings_error::SettingsError;
use crate::settings::table;
use crate::sinks::destination::Destination;

/// A life that no session can have left, or that cannot be looked for.
#[derive(Debug, thiserror::Error)]
enum UnusableLife {
    #[error("invalid value `{}`; expected seconds (900), minutes (15m) or hours (1h)", .0.escape_debug())]
    NotATime(String),
    #[error("no session is valid for {life} s once it was requested for {duration} s; expected less")]
    TooLong { life: u64, duration: u32 },
    #[error("`{0}` cannot be read again; expected bash-env, profile:NAME and dotenv:PATH only")]
    NotReadable(Destination),
}

/// The least life; `None` if a new session is requested in any case.
pub(crate) fn least_life(
    inputs: Inputs<'_>,
    request: &SessionRequest,
    destinations: &[Destination],
) -> Result<Option<Duration>, SettingsError> {
    let Some(value) = inputs.value(&table::USE_EXISTING)? else { return Ok(None) };
    let text = value.text.trim();
    let invalid = |flaw: UnusableLife| inputs.invalid(&value, flaw);
    let life = seconds_from(text).filter(|life| *life > 0);
    let life = life.ok_or_else(|| invalid(UnusableLife::NotATime(text.chars().take(100).collect())))?;
    let duration = request.life();
    if life >= u64::from(duration) {
        return Err(invalid(UnusableLife::TooLong { life, duration }));
    }
    match destinations.iter().find(|destination| !destination.is_readable()) {
        Some(destination) => Err(invalid(UnusableLife::NotReadable(destination.clone()))),
        None => Ok(Some(Duration::from_secs(life))),
    }
}
