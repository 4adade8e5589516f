//! Every check that needs no call to STS. Each adds its lines and none stops the others, so that one run shows all
//! that stands in the way. The rules are those of `assume`: its own functions, called one by one.

mod destinations;
mod findings;
mod identity;
mod next_step;
mod request;
mod way;

use aws::{Region, RoleArn};

use crate::args::{PreflightArgs, SessionArgs};
use crate::exchange::network::Place;
use crate::failure::Failure;
use crate::io::environment::Environment;
use crate::settings::table;
use crate::settings::{self, Lookup, SettingsError};
pub(crate) use findings::Findings;

/// Looks into everything, and beyond this machine only if that is asked for.
pub(crate) fn examine(args: &PreflightArgs, environment: &Environment) -> Findings {
    let look = Lookup { environment };
    let mut findings = Findings::default();
    let with_network = names(args, look, &mut findings);
    let PreflightArgs { assume, .. } = args;
    let session = &assume.session;
    let role = settings::role(session, look);
    identity::examine(session, look, role.as_ref().ok(), &mut findings);
    let role = findings.keep("role-arn", role.map_err(|error| Failure::from(&error)));
    if let Some(role) = &role {
        findings.ok("role-arn", &format!("`{role}`, in account {}", role.account()));
    }
    let region = region(session, look, role.as_ref(), &mut findings);
    request::examine(session, look, role.as_ref(), &mut findings);
    let place = match (&region, &role) {
        (Some(region), _) => Some(Place::Region(region)),
        (None, Some(role)) => Some(Place::HomeOf(role)),
        (None, None) => None,
    };
    way::examine(&assume.network, look, place, with_network, &mut findings);
    destinations::examine(assume, look, region.as_ref(), &mut findings);
    findings
}

/// Those of `assume` that no check of their own reads.
const SWITCHES: [table::Setting; 1] = [table::VERIFY];

/// The settings as such: whether each name is known, and how far to go.
fn names(args: &PreflightArgs, look: Lookup<'_>, findings: &mut Findings) -> way::Reach {
    for error in table::unknown(look.environment) {
        findings.problem("settings", &format!("{error}: the orb and the binary may be of two versions"));
    }
    let of_settings = |error: SettingsError| Failure::from(&error);
    findings.keep("settings", look.check_output(&args.assume.output).map_err(of_settings));
    for switch in SWITCHES {
        findings.keep("settings", look.is_on(switch).map_err(of_settings));
    }
    let switch = findings.keep("settings", look.is_on(table::WITH_NETWORK).map_err(of_settings));
    if args.with_network || switch == Some(true) { way::Reach::UpToTls } else { way::Reach::ThisMachine }
}

/// The Region, held against the role's partition where the role is known.
fn region(
    args: &SessionArgs,
    look: Lookup<'_>,
    role: Option<&RoleArn>,
    findings: &mut Findings,
) -> Option<Region> {
    let region = match role {
        Some(role) => settings::region(args, role, look),
        None => settings::named_region(args.region.as_deref(), look).map(|named| Some(named?.1)),
    };
    let region = findings.keep("region", region.map_err(|error| Failure::from(&error))).flatten()?;
    let words = format!("{region}, of partition {}", region.partition().name);
    findings.ok("region", &words);
    Some(region)
}
