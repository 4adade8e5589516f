//! The order of an exchange: accounts, token, job, client, STS, account again, session. Every command that gets
//! credentials uses these steps: only they return an [`AdmittedRole`], which a session is made from.

use aws::{AccountId, Region, SessionDuration, SessionName, SessionPolicies};
use export::Session;
use oidc::TokenOrigin;
use sts::{Granted, Scope, SigningKeys};

use crate::exchange::account_guard::AccountGuard;
use crate::exchange::acquisition_error::{AcquisitionError, StaleSession};
use crate::exchange::admitted_role::AdmittedRole;
use crate::exchange::assume_role::{RoleWithToken, assume_chained, check_not_expired};
use crate::exchange::chained_role::ChainedRole;
use crate::exchange::endpoint_guard::EndpointGuard;
use crate::exchange::job_guard::JobGuard;
use crate::exchange::network::Network;
use crate::exchange::progress::{OnProgress, Progress};
use crate::exchange::record::Fact;
use crate::exchange::request::{SessionRequest, TokenRequest};
use crate::exchange::scoping::{self, ScopeFailure};
use crate::exchange::sts_client::StsClient;
use crate::exchange::token_path;
use crate::exchange::token_source::{TokenCandidates, TokenSearch};
use crate::io::clock::Deadline;
use crate::io::environment::Environment;
use crate::io::http::added_roots::AddedRoots;
use crate::io::http::https::Https;
use crate::io::http::tls::{self, Trust};
use crate::io::http::transport_error::TransportError;
use crate::io::runtime::Runtime;

/// What all exchanges of a command share.
#[derive(Clone, Copy)]
pub(crate) struct AcquisitionContext<'a> {
    /// The token.
    pub(crate) token: &'a TokenRequest,
    /// Which accounts are refused.
    pub(crate) account_guard: &'a AccountGuard,
    /// Which jobs are refused.
    pub(crate) job_guard: &'a JobGuard,
    /// Which hosts are refused.
    pub(crate) endpoint_guard: EndpointGuard,
    /// Proxy, certificates and limits; the host may differ for each role.
    pub(crate) network: &'a Network,
    /// The job's variables.
    pub(crate) environment: &'a Environment,
}

/// First step: accounts, hosts and certificates are checked.
pub(crate) struct Acquisition<'a> {
    context: AcquisitionContext<'a>,
    trust: Trust,
    token_paths: Vec<String>,
}

/// Second step: a token of a job that is not refused, and a client.
pub(crate) struct OpenAcquisition<'a> {
    context: AcquisitionContext<'a>,
    added_roots: AddedRoots,
    tokens: TokenCandidates,
    https: Https,
    runtime: Runtime,
    deadline: Deadline,
}

/// One session, with its token's origin and the open connection.
pub(crate) struct Acquired<'a> {
    /// The session.
    pub(crate) session: Session,
    /// Where the token that STS accepted came from.
    pub(crate) origin: TokenOrigin,
    /// The open connection.
    pub(crate) open: OpenAcquisition<'a>,
}

impl<'a> Acquisition<'a> {
    /// Checks the accounts of the requested roles, the hosts where they are requested, and the certificates.
    pub(crate) fn prepare<'r>(
        context: AcquisitionContext<'a>,
        accounts: impl Iterator<Item = &'r AccountId>,
        networks: impl Iterator<Item = &'r Network> + Clone,
        notes: &mut Vec<String>,
    ) -> Result<Self, AcquisitionError<'a>> {
        let refused = |(at, account)| Some((at, context.account_guard.check(account).err()?));
        let refused: Vec<_> = (0..).zip(accounts).filter_map(refused).collect();
        if !refused.is_empty() {
            return Err(AcquisitionError::Accounts(refused));
        }
        let trust = tls::trust(context.network.ca_bundle.as_ref(), notes).map_err(AcquisitionError::Tls)?;
        for network in networks.clone() {
            let checked = context.endpoint_guard.check(network, &trust.added_roots);
            checked.map_err(AcquisitionError::Endpoint)?;
        }
        let token_paths = token_path::notes(networks, &trust.added_roots);
        Ok(Self { context, trust, token_paths })
    }

    /// The same for one session: checks the account of its last role.
    pub(crate) fn of_session(
        request: &'a SessionRequest,
        environment: &'a Environment,
        notes: &mut Vec<String>,
    ) -> Result<Self, AcquisitionError<'a>> {
        let context = AcquisitionContext {
            token: &request.token,
            account_guard: &request.account_guard,
            job_guard: &request.job_guard,
            endpoint_guard: request.endpoint_guard,
            network: &request.network,
            environment,
        };
        let network = std::iter::once(&request.network);
        Self::prepare(context, std::iter::once(request.last_role().account()), network, notes)
    }

    /// The roots that are not Mozilla's.
    pub(crate) fn added_roots(&self) -> &AddedRoots {
        &self.trust.added_roots
    }

    /// Whether a guard needs the token of the job.
    pub(crate) fn has_job_guard(&self) -> bool {
        let JobGuard { ssh_rerun, fork } = self.context.job_guard;
        *ssh_rerun || *fork
    }

    /// What calls STS without a token.
    pub(crate) fn set_up(&self) -> Result<(Runtime, Https), AcquisitionError<'a>> {
        let network = self.context.network;
        let config = self.trust.config().map_err(AcquisitionError::Tls)?;
        let https = Https::new(network.proxy.as_ref(), network.connect_timeout, &config)
            .map_err(AcquisitionError::SetUp)?;
        Ok((runtime()?, https))
    }

    /// Finds the token, checks its job, and sets up the client.
    pub(crate) fn open(
        &self,
        deadline: Deadline,
        on_progress: OnProgress<'_>,
    ) -> Result<OpenAcquisition<'a>, AcquisitionError<'a>> {
        let context = self.context;
        let AcquisitionContext { token, network, environment, .. } = context;
        let runtime = runtime()?;
        let config = self.trust.config().map_err(AcquisitionError::Tls)?;
        let search = TokenSearch { request: token, environment, network, roots: &config, deadline };
        let tokens = runtime.block_on(search.run(on_progress)).map_err(AcquisitionError::Token)?;
        on_progress(&Progress::Fact(Fact::Token(&tokens.first)));
        check_not_expired(&tokens.first)
            .map_err(|error| AcquisitionError::Expired(error, Box::new(tokens.first.clone())))?;
        if let Some(origin) = tokens.without_branch() {
            on_progress(&Progress::SubjectWithoutBranch { origin });
        }
        context.job_guard.check_all(&tokens, environment).map_err(AcquisitionError::Job)?;
        let https = Https::new(network.proxy.as_ref(), network.connect_timeout, &config)
            .map_err(AcquisitionError::SetUp)?;
        self.token_paths.iter().for_each(|path| on_progress(&Progress::TokenPath(path)));
        let added_roots = self.added_roots().clone();
        Ok(OpenAcquisition { context, added_roots, tokens, https, runtime, deadline })
    }

    /// All steps for one session, within this deadline.
    pub(crate) fn session(
        &self,
        request: &'a SessionRequest,
        deadline: Deadline,
        on_progress: OnProgress<'_>,
    ) -> Result<Acquired<'a>, AcquisitionError<'a>> {
        let open = self.open(deadline, on_progress)?;
        let (admitted, origin) = open.block_on(open.chain(request, on_progress))?;
        let session = admitted.into_session(request.region.clone()).map_err(AcquisitionError::Value)?;
        Ok(Acquired { session, origin, open })
    }
}

fn runtime<'a>() -> Result<Runtime, AcquisitionError<'a>> {
    Runtime::new().map_err(|error| AcquisitionError::SetUp(TransportError::not_set_up(error)))
}

impl OpenAcquisition<'_> {
    /// A client for further calls to STS.
    pub(crate) fn client<'s>(&'s self, network: &'s Network) -> StsClient<'s> {
        StsClient { network, https: &self.https, deadline: self.deadline }
    }

    /// The roots that are not Mozilla's.
    pub(crate) fn added_roots(&self) -> &AddedRoots {
        &self.added_roots
    }

    /// When to give up.
    pub(crate) fn deadline(&self) -> Deadline {
        self.deadline
    }

    /// What runs futures, on this thread.
    pub(crate) fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// Runs a future to its end, on this thread.
    pub(crate) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Assumes a role with the token.
    pub(crate) async fn role_with_token<'r>(
        &self,
        role: RoleWithToken<'r>,
        network: &Network,
        on_progress: OnProgress<'_>,
    ) -> Result<AdmittedRole, AcquisitionError<'r>> {
        let assumed = role.assume(&self.tokens, self.client(network), on_progress).await;
        let (granted, _) = assumed.map_err(AcquisitionError::Role)?;
        self.admit(granted, role.role.account())
    }

    /// Assumes a role with the session of another.
    pub(crate) async fn chained_role<'r>(
        &self,
        source: &AdmittedRole,
        role: &'r ChainedRole,
        session_name: &'r SessionName,
        network: &Network,
        on_progress: OnProgress<'_>,
    ) -> Result<AdmittedRole, AcquisitionError<'r>> {
        let client = self.client(network);
        let assumed = assume_chained(&source.granted, role, session_name, client, on_progress).await;
        let granted = assumed.map_err(AcquisitionError::Role)?;
        self.admit(granted, role.role.account())
    }

    /// Assumes the roles of a chain; checks the account of the last one.
    async fn chain<'r>(
        &self,
        request: &'r SessionRequest,
        on_progress: OnProgress<'_>,
    ) -> Result<(AdmittedRole, TokenOrigin), AcquisitionError<'r>> {
        let client = self.client(&request.network);
        let first = first_role(request).assume(&self.tokens, client, on_progress).await;
        let (mut granted, origin) = first.map_err(AcquisitionError::Role)?;
        for role in &request.chain {
            on_progress(&Progress::Assumed { arn: granted.role_session_arn.to_string() });
            let next = assume_chained(&granted, role, &request.session_name, client, on_progress).await;
            granted = next.map_err(AcquisitionError::Role)?;
        }
        let admitted = self.admit(granted, request.last_role().account())?;
        let Some(scope) = &request.scope else { return Ok((admitted, origin)) };
        let region = request.region.as_ref();
        let narrowed = self.narrow(admitted, scope, region, &request.network, on_progress).await?;
        Ok((narrowed, origin))
    }

    /// Narrows or shortens the credentials of an admitted role.
    pub(crate) async fn narrow<'r>(
        &self,
        admitted: AdmittedRole,
        scope: &'r Scope,
        region: Option<&Region>,
        network: &Network,
        on_progress: OnProgress<'_>,
    ) -> Result<AdmittedRole, AcquisitionError<'r>> {
        let AdmittedRole { granted, .. } = admitted;
        let (keys, caller) = (SigningKeys::from(&granted.credentials), &granted.role_session_arn);
        let client = self.client(network);
        let scoped = scoping::narrow(keys, Some(caller.as_str()), scope, region, client, on_progress).await;
        let scoped = scoped.map_err(|(error, attempts)| {
            let caller = caller.clone();
            AcquisitionError::Scope(Box::new(ScopeFailure { error, attempts, scope, caller }))
        })?;
        StaleSession::check(&scoped.credentials).map_err(AcquisitionError::Stale)?;
        let narrowed = Granted { credentials: scoped.credentials, ..granted.clone() };
        on_progress(&Progress::Fact(Fact::Granted(&narrowed)));
        Ok(AdmittedRole { granted, scoped: Some(narrowed) })
    }

    /// The only function that admits credentials.
    fn admit<'r>(
        &self,
        granted: Granted,
        expected: &AccountId,
    ) -> Result<AdmittedRole, AcquisitionError<'r>> {
        let guard = self.context.account_guard;
        guard.check_granted(&granted.role_session_arn, expected).map_err(AcquisitionError::Account)?;
        StaleSession::check(&granted.credentials).map_err(AcquisitionError::Stale)?;
        Ok(AdmittedRole { granted, scoped: None })
    }
}

/// The role to assume with the token: the last one, or the one that assumes the next role of the chain.
fn first_role(request: &SessionRequest) -> RoleWithToken<'_> {
    const UNLIMITED: &SessionPolicies = &SessionPolicies::NONE;
    let is_last = request.chain.is_empty();
    RoleWithToken {
        role: &request.role,
        session_name: &request.session_name,
        duration: if is_last { request.duration } else { SessionDuration::SHORTEST },
        policies: if is_last { &request.policies } else { UNLIMITED },
    }
}
