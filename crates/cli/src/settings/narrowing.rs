//! The settings of `scope`: what limits the credentials that are there already, and who gets them.

use sts::Scope;

use crate::exchange::account_guard::AccountGuard;
use crate::exchange::endpoint_guard::EndpointGuard;
use crate::exchange::token_source::TokenSource;
use crate::settings::inputs::Inputs;
use crate::settings::settings_error::SettingsError;
use crate::settings::{guards, named_destinations, scope, table, token_source};
use crate::sinks::destination::Destination;

/// The settings of `scope`.
pub(crate) struct NarrowingSettings {
    /// A policy, a duration or both.
    pub(crate) scope: Scope,
    /// Which accounts are refused.
    pub(crate) account_guard: AccountGuard,
    /// Which hosts are refused.
    pub(crate) endpoint_guard: EndpointGuard,
    /// Who gets the credentials.
    pub(crate) recipient: Recipient,
}

/// Who gets the credentials.
pub(crate) enum Recipient {
    /// The command behind `--`.
    Command {
        /// The token that the command does not inherit.
        token: TokenSource,
        /// Unless it does.
        passes_token: bool,
    },
    /// The next steps.
    Destinations {
        /// At least one.
        destinations: Vec<Destination>,
        /// Whether a user's own long-term keys may be replaced.
        overwrite: bool,
    },
}

impl NarrowingSettings {
    /// Reads them. There is no default destination: `bash-env` would take the wider credentials from the rest of the job.
    pub(crate) fn read(inputs: Inputs<'_>) -> Result<Self, SettingsError> {
        let inputs = inputs.checked()?;
        let scope = scope::read(inputs)?.ok_or(SettingsError::NoScope)?;
        let destinations = named_destinations(inputs)?;
        let recipient = if inputs.flags.operands.is_empty() {
            if destinations.is_empty() {
                return Err(SettingsError::NeitherCommandNorTo);
            }
            Recipient::Destinations { destinations, overwrite: inputs.is_on(&table::OVERWRITE)? }
        } else {
            // A job may set the variable for its other steps.
            if inputs.flags.has(&table::TO) {
                return Err(SettingsError::CommandAndTo);
            }
            Recipient::Command {
                token: token_source(inputs)?,
                passes_token: inputs.is_on(&table::PASS_TOKEN)?,
            }
        };
        Ok(Self {
            scope,
            account_guard: guards::accounts(inputs)?,
            endpoint_guard: guards::endpoint(inputs)?,
            recipient,
        })
    }
}
