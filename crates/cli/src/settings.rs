//! Parses the settings: flags over variables over defaults. After this no setting is unparsed text. Nothing here
//! uses the network.

#[cfg(test)]
pub(crate) mod any_value;
pub(crate) mod caller;
pub(crate) mod chain;
mod claims_file;
mod destinations;
mod existing;
pub(crate) mod expansion;
pub(crate) mod flags;
pub(crate) mod guards;
pub(crate) mod inputs;
mod json_text;
pub(crate) mod list;
pub(crate) mod narrowing;
pub(crate) mod network;
mod output_format;
pub(crate) mod policy_text;
mod profile_line;
mod request_flags;
pub(crate) mod scope;
mod session;
pub(crate) mod session_name;
pub(crate) mod setting;
pub(crate) mod settings_error;
pub(crate) mod similar;
mod single;
pub(crate) mod table;
pub(crate) mod trust_generate;
pub(crate) mod words;

pub(crate) use claims_file::claims;
pub(crate) use destinations::{destinations, destinations_of_mode, modes, named_destinations};
pub(crate) use existing::least_life;
pub(crate) use inputs::{COLORS, Inputs};
pub(crate) use network::{DEFAULT_DEADLINE, deadline};
pub(crate) use output_format::{OUTPUT_FORMATS, OutputFormat, output_format};
pub(crate) use profile_line::with_file;
pub(crate) use session::{NO_REGION, SessionSettings};
pub(crate) use settings_error::{SettingsError, invalid};
pub(crate) use single::{
    audience, duration, home, named_region, region, role, session_name, token_source, trust_policy,
};

use std::time::Duration;

use crate::sinks::destination::Destination;

/// The settings of `assume`.
#[derive(Debug)]
pub(crate) struct AssumeSettings {
    /// The session.
    pub(crate) session: SessionSettings,
    /// Where the credentials are written, at least one.
    pub(crate) destinations: Vec<Destination>,
    /// Whether a user's own long-term keys may be replaced.
    pub(crate) overwrite: bool,
    /// How long a session of an earlier step must still be valid to be kept; `None` to request a new one in any case.
    pub(crate) least_life: Option<Duration>,
    /// Whether to check that the next step has this role's session.
    pub(crate) verify: bool,
}

impl AssumeSettings {
    /// Reads all settings of `assume`.
    pub(crate) fn read(inputs: Inputs<'_>) -> Result<Self, SettingsError> {
        let inputs = inputs.checked()?;
        let session = SessionSettings::read(inputs, DEFAULT_DEADLINE)?;
        let destinations = destinations_of_mode(inputs)?;
        let least_life = least_life(inputs, &session.request, &destinations)?;
        Ok(Self {
            session,
            destinations,
            least_life,
            overwrite: inputs.is_on(&table::OVERWRITE)?,
            verify: inputs.is_on(&table::VERIFY)?,
        })
    }
}
