//! Parses flags, variables and the declared roles. After this nothing is unparsed text. Nothing here uses the
//! network.

use std::collections::BTreeSet;

use export::roles_file;

use super::plan::{Defaults, Plan, PlannedRole};
use super::roles_text::{self, RolesTextError};
use crate::exchange::account_guard::AccountGuard;
use crate::exchange::acquisition::AcquisitionContext;
use crate::exchange::endpoint_guard::EndpointGuard;
use crate::exchange::job_guard::JobGuard;
use crate::exchange::network::Network;
use crate::exchange::request::TokenRequest;
use crate::io::environment::Environment;
use crate::settings::network::{self, StsLocation};
use crate::settings::{
    Inputs, OutputFormat, SettingsError, audience, duration, guards, named_region, output_format,
    session_name, table, token_source,
};

/// The settings of `profiles`.
pub(crate) struct ProfilesSettings {
    /// The roles to request.
    pub(crate) plan: Plan,
    /// Which accounts are allowed.
    pub(crate) account_guard: AccountGuard,
    /// Which jobs are allowed.
    pub(crate) job_guard: JobGuard,
    /// Which hosts are allowed.
    pub(crate) endpoint_guard: EndpointGuard,
    /// Whether a user's own long-term keys may be replaced.
    pub(crate) overwrite: bool,
    /// Whether to check that each profile has its role's session.
    pub(crate) verify: bool,
    /// How the result is printed.
    pub(crate) format: OutputFormat,
    /// The token.
    pub(crate) token: TokenRequest,
    networks: Networks,
    /// Notes about the settings, to print before the first request.
    pub(crate) notes: Vec<String>,
}

/// Settings that can't be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProfilesError {
    /// A flag or a variable.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// No text that declares roles.
    #[error(transparent)]
    Text(#[from] RolesTextError),
    /// The text declares invalid roles.
    #[error("the roles in {origin} are invalid")]
    Roles {
        /// The file or the setting that holds the text.
        origin: String,
        /// All flaws, one line each.
        flaws: Vec<String>,
    },
}

impl ProfilesSettings {
    /// Reads all settings of `profiles`.
    pub(crate) fn read(inputs: Inputs<'_>) -> Result<Self, ProfilesError> {
        let inputs = inputs.checked()?;
        let mut notes = Vec::new();
        let text = roles_text::read(inputs)?;
        let defaults = Defaults {
            session_name: session_name(inputs, &mut notes)?,
            duration: duration(inputs)?,
            region: named_region(inputs)?,
            expanded: text.expanded,
        };
        let mut roles = roles_file::read(&text.text).map_err(|flaws| invalid_roles(&text.origin, &flaws))?;
        notes.extend(note_of_ignored_keys(std::mem::take(&mut roles.ignored)));
        let plan = Plan::resolve(roles, &defaults, &mut notes)
            .map_err(|flaws| invalid_roles(&text.origin, &flaws))?;
        let networks = Networks::read(&plan, inputs, &mut notes)?;
        // Similar profiles have the same notes.
        let mut seen = BTreeSet::new();
        notes.retain(|note| seen.insert(note.clone()));
        Ok(Self {
            plan,
            account_guard: guards::accounts(inputs)?,
            job_guard: guards::jobs(inputs)?,
            endpoint_guard: guards::endpoint(inputs)?,
            overwrite: inputs.is_on(&table::OVERWRITE)?,
            verify: inputs.is_on(&table::VERIFY)?,
            format: output_format(inputs)?,
            token: TokenRequest { audience: audience(inputs)?, source: token_source(inputs)? },
            networks,
            notes,
        })
    }

    /// Proxy, certificates and limits, which all networks share: only the hosts differ.
    pub(crate) fn network(&self) -> &Network {
        &self.networks.first
    }

    /// What the exchanges have in common.
    pub(crate) fn context<'a>(&'a self, environment: &'a Environment) -> AcquisitionContext<'a> {
        AcquisitionContext {
            token: &self.token,
            account_guard: &self.account_guard,
            job_guard: &self.job_guard,
            endpoint_guard: self.endpoint_guard,
            network: self.network(),
            environment,
        }
    }

    /// The roles in the plan's order, each with its network.
    pub(crate) fn roles(&self) -> impl Iterator<Item = (&PlannedRole, &Network)> + Clone {
        self.plan.roles.iter().zip(self.networks.by_role())
    }
}

fn invalid_roles(origin: &str, flaws: &[impl ToString]) -> ProfilesError {
    ProfilesError::Roles { origin: origin.to_owned(), flaws: flaws.iter().map(ToString::to_string).collect() }
}

/// How many keys a note names.
const MOST_KEYS: usize = 5;

fn note_of_ignored_keys(keys: Vec<roles_file::WithLine<String>>) -> Option<String> {
    let more = keys.len().saturating_sub(MOST_KEYS);
    let named: Vec<String> =
        keys.into_iter().take(MOST_KEYS).map(|key| format!("`{}` in line {}", key.value, key.line)).collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!named.is_empty()).then(|| format!("ignored in the declared roles: {}{more}", named.join(", ")))
}

/// The network paths to STS: one for each Region; for roles without a Region, one for each partition.
struct Networks {
    /// That of the first role.
    first: Network,
    others: Vec<Network>,
    /// For each role of the plan, which of the others is its own.
    of_role: Vec<Option<usize>>,
}

impl Networks {
    fn read(plan: &Plan, inputs: Inputs<'_>, notes: &mut Vec<String>) -> Result<Self, ProfilesError> {
        let mut read = |role: &PlannedRole| {
            let location = role.region.as_ref().map_or(StsLocation::HomeOf(&role.role), StsLocation::Region);
            network::network(inputs, location, notes)
        };
        // A text without profiles was refused before.
        let first_role = plan.roles.first().ok_or(RolesTextError::Neither)?;
        let location = |role: &PlannedRole| (role.region.clone(), role.role.partition_name().to_owned());
        let mut networks = Self { first: read(first_role)?, others: Vec::new(), of_role: Vec::new() };
        let mut known = vec![location(first_role)];
        for role in &plan.roles {
            let at = if let Some(at) = known.iter().position(|known| *known == location(role)) {
                at
            } else {
                networks.others.push(read(role)?);
                known.push(location(role));
                known.len() - 1
            };
            networks.of_role.push(at.checked_sub(1));
        }
        Ok(networks)
    }

    fn by_role(&self) -> impl Iterator<Item = &Network> + Clone {
        self.of_role.iter().map(|at| at.and_then(|at| self.others.get(at)).unwrap_or(&self.first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_names_no_more_than_the_first_keys() {
        let key = |line| roles_file::WithLine { value: "output".to_owned(), line };
        assert_eq!(note_of_ignored_keys(Vec::new()), None);
        assert_eq!(
            note_of_ignored_keys(vec![key(3)]),
            Some("ignored in the declared roles: `output` in line 3".to_owned())
        );
        let note = note_of_ignored_keys((1..=7).map(key).collect()).unwrap();
        assert!(note.ends_with("`output` in line 5 and 2 more"), "{note}");
    }
}
