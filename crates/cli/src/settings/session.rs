//! The settings of one session, for every command that requests one. Reading them also yields the flags with which
//! another process requests the same session.

use std::time::Duration;

use sts::Scope;

use crate::exchange::request::{SessionRequest, TokenRequest};
use crate::exchange::token_source::TokenSource;
use crate::io::files::pipe;
use crate::renewal::request_flags::RequestFlags;
use crate::settings::inputs::Inputs;
use crate::settings::network::{StsLocation, deadline, network};
use crate::settings::request_flags::{ResolvedValues, absolute, request_flags};
use crate::settings::settings_error::SettingsError;
use crate::settings::{
    audience, chain, duration, guards, region, role, scope, session_name, table, token_source, trust_policy,
};
use crate::trust::known_policy::KnownPolicy;

/// The settings of one session.
#[derive(Debug)]
pub(crate) struct SessionSettings {
    /// The request.
    pub(crate) request: SessionRequest,
    /// The flags with which another process requests the same session.
    pub(crate) flags: RequestFlags,
    /// The first role's trust policy, to explain a denial.
    pub(crate) trust_policy: Option<KnownPolicy>,
    /// Notes about the settings, to print before the first request.
    pub(crate) notes: Vec<String>,
}

/// Without one nothing is exported, and most AWS tools fail in the next step.
pub(crate) const NO_REGION: &str =
    "AWS tools of the next steps need a Region, and none is known here: set `--region` or AWS_REGION";

impl SessionSettings {
    /// Reads them all.
    pub(crate) fn read(inputs: Inputs<'_>, default_deadline: Duration) -> Result<Self, SettingsError> {
        let mut notes = Vec::new();
        let role = role(inputs)?;
        let region = region(inputs, &role)?;
        let duration = duration(inputs)?;
        let policies = chain::policies(inputs)?;
        let location = region.as_ref().map_or(StsLocation::HomeOf(&role), StsLocation::Region);
        let session_name = session_name(inputs, &mut notes)?;
        let chain = chain::read(inputs, &role, duration, &policies)?;
        let scope = scope::of_session(inputs, duration)?;
        let account_guard = guards::accounts(inputs)?;
        let job_guard = guards::jobs(inputs)?;
        let endpoint_guard = guards::endpoint(inputs)?;
        let token = TokenRequest { source: token_source(inputs)?, audience: audience(inputs)? };
        let trust_policy = trust_policy(inputs)?;
        let mut network = network(inputs, location, &mut notes)?;
        network.deadline = deadline(inputs, default_deadline)?;
        if scope.is_some() {
            scope::check_endpoint(&network.endpoint, network.endpoint_name, region.as_ref())?;
        }
        let request = SessionRequest {
            role,
            session_name,
            duration,
            region,
            chain,
            policies,
            scope,
            account_guard,
            job_guard,
            endpoint_guard,
            token,
            network,
        };
        let flags = request_flags(inputs, &resolved(inputs, &request)?, &request.token.source)?
            .with_flaw(flaw_elsewhere(&request));
        Ok(Self { request, flags, trust_policy, notes })
    }
}

/// The values that another process would read differently: defaults of this job, AWS's variables, files, relative
/// paths.
fn resolved(inputs: Inputs<'_>, request: &SessionRequest) -> Result<ResolvedValues, SettingsError> {
    let mut resolved = ResolvedValues::default();
    resolved.set(&table::ROLE_ARN, request.role.to_string());
    resolved.set(&table::SESSION_NAME, request.session_name.to_string());
    resolved.set(&table::DURATION, request.duration.seconds().to_string());
    // With a line that has none, the Region is the caller's, and the same credentials are meant in each Region.
    let is_callers = inputs.value(&table::JOB_KEY)?.is_some() && inputs.value(&table::REGION)?.is_none();
    if let Some(region) = request.region.as_ref().filter(|_| !is_callers) {
        resolved.set(&table::REGION, region.to_string());
    }
    if let Some(policy) = request.policies.inline() {
        resolved.set(&table::POLICY, policy.as_str().to_owned());
    }
    if let Some(policy) = request.scope.as_ref().and_then(Scope::policy) {
        resolved.set(&table::SCOPE_POLICY, policy.as_str().to_owned());
    }
    if let TokenSource::File(path) = &request.token.source {
        let path = absolute(table::TOKEN_SOURCE.flag, path)?;
        resolved.set(&table::TOKEN_SOURCE, format!("file:{path}"));
    }
    // AWS's variables decide these two here, and may have other values there.
    resolved.set(&table::STS_ENDPOINT, request.network.endpoint.to_string());
    if let Some(bundle) = request.network.ca_bundle.as_ref().filter(|bundle| bundle.is_used()) {
        resolved.set(&table::CA_BUNDLE, absolute(bundle.name, &bundle.path)?);
    }
    Ok(resolved)
}

/// A file that another process cannot read as this one does.
fn flaw_elsewhere(request: &SessionRequest) -> Option<String> {
    let token = match &request.token.source {
        TokenSource::File(path) => Some((path, table::TOKEN_SOURCE.flag)),
        _ => None,
    };
    let bundle = request.network.ca_bundle.as_ref();
    let mut files = token.into_iter().chain(bundle.map(|bundle| (&bundle.path, bundle.name)));
    let of_this_process = files.find(|(path, _)| pipe::is_of_this_process(path)).map(|(path, name)| {
        format!(
            "`{}` ({name}) is a pipe or descriptor of this process, and they run it later",
            path.display()
        )
    });
    of_this_process.or_else(|| {
        let bundle = bundle.filter(|bundle| bundle.has_several_directories())?;
        Some(format!("{} names several directories, and `--ca-bundle` takes one", bundle.name))
    })
}
