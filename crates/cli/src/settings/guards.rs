//! The settings of the guards: which accounts, hosts and jobs are refused.

use crate::exchange::account_guard::AccountGuard;
use crate::exchange::endpoint_guard::EndpointGuard;
use crate::exchange::job_guard::JobGuard;
use crate::settings::inputs::Inputs;
use crate::settings::settings_error::SettingsError;
use crate::settings::table;

/// The lists of allowed and forbidden accounts.
pub(crate) fn accounts(inputs: Inputs<'_>) -> Result<AccountGuard, SettingsError> {
    let allowed = inputs.parsed_list(&table::ALLOWED_ACCOUNT_ID)?;
    Ok(AccountGuard::new(allowed, inputs.parsed_list(&table::FORBIDDEN_ACCOUNT_ID)?))
}

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
