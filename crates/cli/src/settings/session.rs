//! Whom to become: every setting of one session, whoever asks for it and wherever its credentials go.

use aws::{Region, RoleArn, SessionDuration, SessionName, SessionPolicies};

use super::{
    Lookup, SettingsError, audience, duration, region, role, session_name, token_source, trust_policy,
};
use crate::args::{NetworkArgs, SessionArgs};
use crate::exchange::account_guard::AccountGuard;
use crate::exchange::chain::{self, Hop};
use crate::exchange::job_guard::JobGuard;
use crate::exchange::network::{Network, Place};
use crate::exchange::token_source::{TokenSource, WantedAudience};
use crate::trust::known_policy::KnownPolicy;

/// Everything that the exchange needs to know.
#[derive(Debug)]
pub(crate) struct SessionSettings {
    /// The role to become.
    pub(crate) role: RoleArn,
    /// The session's name, legal.
    pub(crate) session_name: SessionName,
    /// How long the credentials last.
    pub(crate) duration: SessionDuration,
    /// The Region to export. None is invented: a guess would send deployments to the wrong place.
    pub(crate) region: Option<Region>,
    /// The roles behind the first one.
    pub(crate) chain: Vec<Hop>,
    /// What narrows the last session.
    pub(crate) policies: SessionPolicies,
    /// Which accounts may be worked in.
    pub(crate) guard: AccountGuard,
    /// Which jobs may have the role.
    pub(crate) job_guard: JobGuard,
    /// Where the token is.
    pub(crate) token_source: TokenSource,
    /// Whom the token has to be for.
    pub(crate) audience: Option<WantedAudience>,
    /// The first role's trust policy, to explain a denial by.
    pub(crate) trust_policy: Option<KnownPolicy>,
    /// How STS is reached.
    pub(crate) network: Network,
    /// What the user should know before anything happens.
    pub(crate) notes: Vec<String>,
}

impl SessionSettings {
    /// Reads them all.
    pub(crate) fn read(
        args: &SessionArgs,
        network: &NetworkArgs,
        look: Lookup<'_>,
    ) -> Result<Self, SettingsError> {
        let mut notes = Vec::new();
        let role = role(args, look)?;
        let region = region(args, &role, look)?;
        let duration = duration(args.duration.as_deref(), look)?;
        let policies = chain::policies(args, look)?;
        let place = region.as_ref().map_or(Place::HomeOf(&role), Place::Region);
        Ok(Self {
            session_name: session_name(args.session_name.as_deref(), look, &mut notes)?,
            chain: chain::read(args, look, &role, duration, &policies)?,
            policies,
            guard: AccountGuard::read(&args.allowed_account_id, &args.forbidden_account_id, look)?,
            job_guard: JobGuard::read(&args.job_guard, look)?,
            duration,
            token_source: token_source(args.token_source.as_deref(), look)?,
            audience: audience(args.audience.as_deref(), look)?,
            trust_policy: trust_policy(args, look)?,
            network: Network::read(network, look, place, &mut notes)?,
            role,
            region,
            notes,
        })
    }

    /// The role whose credentials the user gets.
    pub(crate) fn last_role(&self) -> &RoleArn {
        self.chain.last().map_or(&self.role, |hop| &hop.role)
    }
}
