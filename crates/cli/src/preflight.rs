//! Every check that needs no call to STS. Each adds its lines and none stops the others, so that one run shows every
//! problem. The rules are those of `assume`: its own functions, called one by one.

mod destinations;
mod findings;
mod identity;
mod job;
mod network_path;
mod next_step;
mod request;

use aws::{Region, RoleArn};

use crate::failure::Failure;
use crate::settings::network::StsLocation;
use crate::settings::setting::Setting;
use crate::settings::{self, Inputs, SettingsError, table};
pub(crate) use findings::Findings;

/// Checks everything, and beyond this machine only if that is requested.
pub(crate) fn examine(inputs: Inputs<'_>) -> Findings {
    let mut findings = Findings::default();
    let with_network = names(inputs, &mut findings);
    let role = settings::role(inputs);
    identity::examine(inputs, role.as_ref().ok(), &mut findings);
    let role = findings.keep("role-arn", role.map_err(|error| Failure::from(&error)));
    if let Some(role) = &role {
        findings.ok("role-arn", &format!("`{role}`, in account {}", role.account()));
    }
    let region = region(inputs, role.as_ref(), &mut findings);
    request::examine(inputs, role.as_ref(), &mut findings);
    let location = match (&region, &role) {
        (Some(region), _) => Some(StsLocation::Region(region)),
        (None, Some(role)) => Some(StsLocation::HomeOf(role)),
        (None, None) => None,
    };
    network_path::examine(inputs, location, with_network, &mut findings);
    destinations::examine(inputs, region.as_ref(), &mut findings);
    findings
}

/// Those of `assume` that no check of their own reads.
static SWITCHES: [&Setting; 1] = [&table::VERIFY];

/// The settings as such: whether each name is known, and how far to go.
fn names(inputs: Inputs<'_>, findings: &mut Findings) -> network_path::Reach {
    for name in table::unknown(inputs.environment) {
        let error = SettingsError::Unknown(name.to_owned());
        findings.problem("settings", &format!("{error}: the orb and the binary may be of two versions"));
    }
    let of_settings = |error: SettingsError| Failure::from(&error);
    findings.keep("settings", inputs.check_output().map_err(of_settings));
    for switch in SWITCHES {
        findings.keep("settings", inputs.is_on(switch).map_err(of_settings));
    }
    let switch = findings.keep("settings", inputs.is_on(&table::WITH_NETWORK).map_err(of_settings));
    if switch == Some(true) { network_path::Reach::UpToTls } else { network_path::Reach::ThisMachine }
}

/// The Region, checked against the role's partition where the role is known.
fn region(inputs: Inputs<'_>, role: Option<&RoleArn>, findings: &mut Findings) -> Option<Region> {
    let region = match role {
        Some(role) => settings::region(inputs, role),
        None => settings::named_region(inputs).map(|named| Some(named?.1)),
    };
    let region = findings.keep("region", region.map_err(|error| Failure::from(&error))).flatten()?;
    let words = format!("{region}, of partition {}", region.partition().name);
    findings.ok("region", &words);
    Some(region)
}
