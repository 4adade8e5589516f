//! Every check that needs no call to STS. Each adds its lines and none stops the others, so that one run shows every
//! problem. The checks call the functions of `assume`, one by one.

mod bash_env;
mod destinations;
mod findings;
mod job;
mod network_path;
mod next_step;
mod process_log;
mod request;
mod token;

use aws::{Region, RoleArn};

use crate::failure::Failure;
use crate::settings::network::StsLocation;
use crate::settings::setting::Setting;
use crate::settings::{self, Inputs, SettingsError, table};
pub(crate) use findings::Findings;

/// Checks everything; uses the network only with `--with-network`.
pub(crate) fn check(inputs: Inputs<'_>) -> Findings {
    let mut findings = Findings::default();
    let reach = check_names(inputs, &mut findings);
    let role = settings::role(inputs);
    token::check(inputs, role.as_ref().ok(), &mut findings);
    let role = findings.value_or_problem("role-arn", role.map_err(|error| Failure::from(&error)));
    if let Some(role) = &role {
        findings.ok("role-arn", &format!("`{role}`, in account {}", role.account()));
    }
    let region = region(inputs, role.as_ref(), &mut findings);
    request::check(inputs, role.as_ref(), &mut findings);
    let location = match (&region, &role) {
        (Some(region), _) => Some(StsLocation::Region(region)),
        (None, Some(role)) => Some(StsLocation::HomeOf(role)),
        (None, None) => None,
    };
    network_path::check(inputs, location, reach, &mut findings);
    destinations::check(inputs, region.as_ref(), &mut findings);
    process_log::check(inputs.environment, &mut findings);
    findings
}

/// Switches of `assume` that no other check reads.
static SWITCHES: [&Setting; 1] = [&table::VERIFY];

/// Checks the names of all variables, and the switches; returns how far the checks go.
fn check_names(inputs: Inputs<'_>, findings: &mut Findings) -> network_path::Reach {
    for name in table::unknown(inputs.environment) {
        let error = SettingsError::Unknown(name.to_owned());
        findings.problem("settings", &format!("{error}: the orb and the binary may be of two versions"));
    }
    let of_settings = |error: SettingsError| Failure::from(&error);
    findings.value_or_problem("settings", inputs.check_output().map_err(of_settings));
    for switch in SWITCHES {
        findings.value_or_problem("settings", inputs.is_on(switch).map_err(of_settings));
    }
    let switch =
        findings.value_or_problem("settings", inputs.is_on(&table::WITH_NETWORK).map_err(of_settings));
    if switch == Some(true) { network_path::Reach::UpToTls } else { network_path::Reach::ThisMachine }
}

/// The Region, checked against the role's partition where the role is known.
fn region(inputs: Inputs<'_>, role: Option<&RoleArn>, findings: &mut Findings) -> Option<Region> {
    let region = match role {
        Some(role) => settings::region(inputs, role),
        None => settings::named_region(inputs).map(|named| Some(named?.1)),
    };
    let region = findings.value_or_problem("region", region.map_err(|error| Failure::from(&error)))?;
    let Some(region) = region else {
        findings.note("region", settings::NO_REGION);
        return None;
    };
    findings.ok("region", &format!("{region}, in partition {}", region.partition().name));
    Some(region)
}
