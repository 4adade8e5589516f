//! From flags, variables and the declared roles to values that carry their proof. After this nothing is an
//! unparsed text, and nothing has touched the network.

use std::collections::BTreeSet;

use aws::Region;
use export::roles_file;

use super::plan::{Defaults, Plan, PlannedRole};
use super::roles_text::{self, RolesTextError};
use crate::args::ProfilesArgs;
use crate::exchange::account_guard::AccountGuard;
use crate::exchange::job_guard::JobGuard;
use crate::exchange::network::{Network, Place};
use crate::exchange::token_source::{TokenSource, WantedAudience};
use crate::io::environment::Environment;
use crate::settings::table;
use crate::settings::{Lookup, SettingsError, audience, duration, named_region, session_name, token_source};

/// Everything that `profiles` needs to know.
pub(crate) struct ProfilesSettings {
    /// What is asked for.
    pub(crate) plan: Plan,
    /// Which accounts may be worked in.
    pub(crate) guard: AccountGuard,
    /// Which jobs may have the roles.
    pub(crate) job_guard: JobGuard,
    /// Whether to make sure that each profile is who it should be.
    pub(crate) verify: bool,
    /// Where the token is.
    pub(crate) token_source: TokenSource,
    /// Whom the token has to be for.
    pub(crate) audience: Option<WantedAudience>,
    /// How STS is reached, for each Region that is asked.
    pub(crate) networks: Vec<Network>,
    /// For each role of the plan, which of the networks is its own.
    pub(crate) network_of: Vec<usize>,
    /// What the user should know before anything happens.
    pub(crate) notes: Vec<String>,
}

/// Why the settings can't be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProfilesError {
    /// A flag or a variable.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// No text that declares roles.
    #[error(transparent)]
    Text(#[from] RolesTextError),
    /// The text is there, but not what it should be.
    #[error("the roles in {place} can't be used")]
    Roles {
        /// Where the text came from.
        place: String,
        /// Everything that is wrong, a line each.
        flaws: Vec<String>,
    },
}

impl ProfilesSettings {
    /// Reads all settings of `profiles`.
    pub(crate) fn read(args: &ProfilesArgs, environment: &Environment) -> Result<Self, ProfilesError> {
        let look = Lookup::in_known(environment, &args.output)?;
        let mut notes = Vec::new();
        let text = roles_text::read(args, look)?;
        let defaults = Defaults {
            session_name: session_name(args.session_name.as_deref(), look, &mut notes)?,
            duration: duration(args.duration.as_deref(), look)?,
            region: named_region(args.region.as_deref(), look)?,
            filled_in: text.filled_in,
        };
        let mut roles = roles_file::read(&text.text).map_err(|flaws| unusable(&text.place, &flaws))?;
        notes.extend(without_effect(std::mem::take(&mut roles.ignored)));
        let plan =
            Plan::resolve(roles, &defaults, &mut notes).map_err(|flaws| unusable(&text.place, &flaws))?;
        let (networks, network_of) = networks(&plan, args, look, &mut notes)?;
        // Profiles of one kind have the same to say.
        let mut said = BTreeSet::new();
        notes.retain(|note| said.insert(note.clone()));
        Ok(Self {
            plan,
            guard: AccountGuard::read(&args.allowed_account_id, &args.forbidden_account_id, look)?,
            job_guard: JobGuard::read(&args.job_guard, look)?,
            verify: args.verify || look.is_on(table::VERIFY)?,
            audience: audience(args.audience.as_deref(), look)?,
            token_source: token_source(args.token_source.as_deref(), look)?,
            networks,
            network_of,
            notes,
        })
    }

    /// The roles in the plan's order, each with its network.
    pub(crate) fn roles(&self) -> impl Iterator<Item = (&PlannedRole, &Network)> {
        let networks = self.network_of.iter().filter_map(|network| self.networks.get(*network));
        self.plan.roles.iter().zip(networks)
    }
}

fn unusable(place: &str, flaws: &[impl ToString]) -> ProfilesError {
    ProfilesError::Roles { place: place.to_owned(), flaws: flaws.iter().map(ToString::to_string).collect() }
}

/// How many keys a note names. They are of one kind, most often.
const NAMED: usize = 5;

fn without_effect(keys: Vec<roles_file::At<String>>) -> Option<String> {
    let more = keys.len().saturating_sub(NAMED);
    let named: Vec<String> =
        keys.into_iter().take(NAMED).map(|key| format!("`{}` in line {}", key.value, key.line)).collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!named.is_empty()).then(|| format!("without effect on the roles: {}{more}", named.join(", ")))
}

/// A network for each Region; for roles without one, one for each partition.
fn networks(
    plan: &Plan,
    args: &ProfilesArgs,
    look: Lookup<'_>,
    notes: &mut Vec<String>,
) -> Result<(Vec<Network>, Vec<usize>), SettingsError> {
    let mut places: Vec<(Option<&Region>, &str)> = Vec::new();
    let mut networks = Vec::new();
    let mut network_of = Vec::with_capacity(plan.roles.len());
    for role in &plan.roles {
        let place = (role.region.as_ref(), role.role.partition_name());
        let known = places.iter().position(|known| *known == place);
        if known.is_none() {
            places.push(place);
            let place = place.0.map_or(Place::HomeOf(&role.role), Place::Region);
            networks.push(Network::read(&args.network, look, place, notes)?);
        }
        network_of.push(known.unwrap_or(networks.len() - 1));
    }
    Ok((networks, network_of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_names_no_more_than_the_first_keys() {
        let key = |line| roles_file::At { value: "output".to_owned(), line };
        assert_eq!(without_effect(Vec::new()), None);
        assert_eq!(
            without_effect(vec![key(3)]),
            Some("without effect on the roles: `output` in line 3".to_owned())
        );
        let said = without_effect((1..=7).map(key).collect()).unwrap();
        assert!(said.ends_with("`output` in line 5 and 2 more"), "{said}");
    }
}
