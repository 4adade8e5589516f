//! The settings of the guards: which accounts, hosts and jobs are refused.

use aws::AccountId;

use crate::exchange::account_guard::AccountGuard;
use crate::exchange::endpoint_guard::EndpointGuard;
use crate::exchange::job_guard::JobGuard;
use crate::settings::inputs::Inputs;
use crate::settings::setting::Setting;
use crate::settings::settings_error::{SettingsError, invalid};
use crate::settings::table;

/// The lists of allowed and forbidden accounts.
pub(crate) fn accounts(inputs: Inputs<'_>) -> Result<AccountGuard, SettingsError> {
    Ok(AccountGuard::new(
        accounts_of(inputs, &table::ALLOWED_ACCOUNT_ID)?,
        accounts_of(inputs, &table::FORBIDDEN_ACCOUNT_ID)?,
    ))
}

/// A list that is set and names no account, because its variables hold nothing, must not switch the guard off.
fn accounts_of(inputs: Inputs<'_>, setting: &Setting) -> Result<Vec<AccountId>, SettingsError> {
    let accounts = inputs.parsed_list(setting)?;
    let name = if inputs.flags.has(setting) {
        Some(setting.flag)
    } else {
        inputs.environment.non_blank(setting.variable).map(|_| setting.variable)
    };
    match name {
        Some(name) if accounts.is_empty() => Err(invalid(name, NoAccount)),
        _ => Ok(accounts),
    }
}

/// Why a list of accounts cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the list is set and names no account, so it would refuse none; name one, or leave the list out")]
struct NoAccount;

/// The switch that refuses hosts.
pub(crate) fn endpoint(inputs: Inputs<'_>) -> Result<EndpointGuard, SettingsError> {
    Ok(EndpointGuard { aws_only: inputs.is_on(&table::EXPECT_AWS)? })
}

/// The switches that refuse a job.
pub(crate) fn jobs(inputs: Inputs<'_>) -> Result<JobGuard, SettingsError> {
    Ok(JobGuard {
        ssh_rerun: inputs.is_on(&table::REFUSE_SSH_RERUN)?,
        fork: inputs.is_on(&table::REFUSE_FORK)?,
    })
}
