//! The request for a session, as data: role, token, guards, and limits.

use aws::{Region, RoleArn, SessionDuration, SessionName, SessionPolicies};

use sts::Scope;

use crate::exchange::account_guard::AccountGuard;
use crate::exchange::chained_role::ChainedRole;
use crate::exchange::endpoint_guard::EndpointGuard;
use crate::exchange::job_guard::JobGuard;
use crate::exchange::network::Network;
use crate::exchange::token_source::{ExpectedAudience, TokenSource};

/// A request for one session.
#[derive(Debug, Clone)]
pub(crate) struct SessionRequest {
    /// The first role.
    pub(crate) role: RoleArn,
    /// The session's name.
    pub(crate) session_name: SessionName,
    /// How long the credentials are valid.
    pub(crate) duration: SessionDuration,
    /// The Region to export with them.
    pub(crate) region: Option<Region>,
    /// The chained roles.
    pub(crate) chain: Vec<ChainedRole>,
    /// The session policies of the last role.
    pub(crate) policies: SessionPolicies,
    /// What limits the credentials that the user gets.
    pub(crate) scope: Option<Scope>,
    /// Which accounts are refused.
    pub(crate) account_guard: AccountGuard,
    /// Which jobs are refused.
    pub(crate) job_guard: JobGuard,
    /// Which hosts are refused.
    pub(crate) endpoint_guard: EndpointGuard,
    /// The token.
    pub(crate) token: TokenRequest,
    /// How STS is reached.
    pub(crate) network: Network,
}

impl SessionRequest {
    /// How long the user's credentials are valid once they were requested, in seconds.
    pub(crate) fn life(&self) -> u32 {
        let session = self.chain.last().map_or(self.duration, |chained| chained.duration).seconds();
        self.scope.as_ref().and_then(Scope::duration).map_or(session, |scope| scope.seconds().min(session))
    }

    /// The role whose credentials the user gets.
    pub(crate) fn last_role(&self) -> &RoleArn {
        self.chain.last().map_or(&self.role, |chained| &chained.role)
    }

    /// The same with one attempt for each call of STS.
    pub(crate) fn with_one_attempt(&self) -> Self {
        let mut request = self.clone();
        request.network.max_attempts = Some(1);
        request
    }
}

/// Which token is sent to STS.
#[derive(Debug, Clone)]
pub(crate) struct TokenRequest {
    /// Its source.
    pub(crate) source: TokenSource,
    /// Its expected audience.
    pub(crate) audience: Option<ExpectedAudience>,
}
