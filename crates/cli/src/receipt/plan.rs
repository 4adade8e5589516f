//! What a command is going to request, as far as a receipt tells it: the same for one role and for many.

use std::cell::OnceCell;

use aws::SessionPolicies;
use sts::Scope;

use crate::exchange::record::{ExchangeRecord, GrantedFacts};
use crate::profiles::{PlannedRole, ProfilesSettings};
use crate::settings::SessionSettings;
use crate::sinks::destination::Destination;

/// What is going to be requested.
#[derive(Debug, Default)]
pub(crate) struct ReceiptPlan {
    /// The roles.
    pub(super) roles: Vec<RolePlan>,
    /// The destinations.
    pub(super) destinations: Vec<String>,
    /// Whether the identity of the next step is verified.
    pub(super) verifies: bool,
}

/// One role, and what came of it.
#[derive(Debug)]
pub(super) struct RolePlan {
    pub(super) profile: Option<String>,
    pub(super) role: String,
    pub(super) account: String,
    pub(super) session_name: String,
    pub(super) region: Option<String>,
    pub(super) endpoint: String,
    pub(super) duration: u32,
    /// All roles in order, if there are several.
    pub(super) chain: Vec<String>,
    pub(super) has_inline_policy: bool,
    pub(super) managed_policies: Vec<String>,
    pub(super) scope: Option<Scope>,
    pub(super) record: ExchangeRecord,
    /// The session of an earlier step, if that is kept.
    pub(super) kept: OnceCell<GrantedFacts>,
}

impl ReceiptPlan {
    /// Of a command that assumes one role.
    pub(crate) fn of_session(
        settings: &SessionSettings,
        destinations: &[Destination],
        verifies: bool,
    ) -> Self {
        let request = &settings.request;
        let last = request.last_role();
        let chained = request.chain.iter().map(|chained| chained.role.to_string());
        let chain = if request.chain.is_empty() {
            Vec::new()
        } else {
            std::iter::once(request.role.to_string()).chain(chained).collect()
        };
        let of_chain = request.chain.last();
        let duration = of_chain.map_or(request.duration, |chained| chained.duration);
        let policies: &SessionPolicies = of_chain.map_or(&request.policies, |chained| &chained.policies);
        let role = RolePlan {
            profile: None,
            role: last.to_string(),
            account: last.account().to_string(),
            session_name: request.session_name.to_string(),
            region: request.region.as_ref().map(ToString::to_string),
            endpoint: request.network.endpoint.to_string(),
            duration: duration.seconds(),
            chain,
            has_inline_policy: policies.inline().is_some(),
            managed_policies: policies.managed().iter().map(|arn| arn.as_str().to_owned()).collect(),
            scope: request.scope.clone(),
            record: ExchangeRecord::default(),
            kept: OnceCell::new(),
        };
        let destinations = destinations.iter().map(ToString::to_string).collect();
        Self { roles: vec![role], destinations, verifies }
    }

    /// Of `profiles`.
    pub(crate) fn of_profiles(settings: &ProfilesSettings) -> Self {
        let roles = settings.roles().enumerate().map(|(at, (role, network))| RolePlan {
            profile: Some(role.profile.to_string()),
            role: role.role.to_string(),
            account: role.role.account().to_string(),
            session_name: role.session_name.to_string(),
            region: role.region.as_ref().map(ToString::to_string),
            endpoint: network.endpoint.to_string(),
            duration: role.duration.seconds(),
            chain: chain_of(&settings.plan.roles, at),
            has_inline_policy: false,
            managed_policies: Vec::new(),
            scope: role.scope.clone(),
            record: ExchangeRecord::default(),
            kept: OnceCell::new(),
        });
        let profiles = settings.plan.roles.iter().map(|role| Destination::Profile(role.profile.clone()));
        Self {
            roles: roles.collect(),
            destinations: profiles.map(|destination| destination.to_string()).collect(),
            verifies: settings.verify,
        }
    }
}

/// The roles by which this one is assumed, and itself; none if the token alone assumes it. Sources form no cycle.
fn chain_of(roles: &[PlannedRole], at: usize) -> Vec<String> {
    let sources = std::iter::successors(Some(at), |at| roles.get(*at)?.source());
    let mut chain: Vec<String> =
        sources.filter_map(|at| roles.get(at)).map(|role| role.role.to_string()).collect();
    chain.reverse();
    if chain.len() > 1 { chain } else { Vec::new() }
}
