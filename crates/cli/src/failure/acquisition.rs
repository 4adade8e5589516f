//! No session: which step failed, with which claims, and what the role's owner can do.

use export::InvalidSessionValue;
use oidc::TokenForm;
use sts::{RefusedRequest, RequestFromRole, RequestWithToken};

use super::denial::PolicyVerdict;
use super::details::Details;
use super::job_line::job_line;
use super::unreached::route_words;
use super::{ExitStatus, Failure};
use crate::ci::{CIRCLECI, CiSystem};
use crate::exchange::acquisition_error::{AcquisitionError, StaleSession};
use crate::exchange::assume_role::{FailedRequest, RoleError, RoleFailure, TokenExpired};
use crate::exchange::network::Network;
use crate::exchange::sts_client::CallError;
use crate::exchange::token_source::FoundToken;
use crate::io::environment::Environment;
use crate::settings::SessionSettings;
use crate::trust::known_policy::KnownPolicy;

impl Failure {
    /// The session for these settings was not acquired.
    pub(crate) fn of_acquisition(
        error: &AcquisitionError<'_>,
        settings: &SessionSettings,
        environment: &Environment,
    ) -> Self {
        let network = &settings.request.network;
        match error {
            AcquisitionError::Role(failed) => Self::of_role(failed, network, settings.trust_policy.as_ref()),
            AcquisitionError::Expired(..) => Self::of_step(error, network, environment)
                .while_doing(format!("cannot assume `{}`", settings.request.role)),
            _ => Self::of_step(error, network, environment),
        }
    }

    /// A failed step of an acquisition, for every command.
    pub(super) fn of_step(
        error: &AcquisitionError<'_>,
        network: &Network,
        environment: &Environment,
    ) -> Self {
        match error {
            AcquisitionError::Accounts(refused) => {
                let first = refused.first().map(|(_, error)| Self::of_account(error));
                first.unwrap_or_else(|| Self::new(ExitStatus::Guard, "an account is refused"))
            }
            AcquisitionError::Account(error) => Self::of_account(error),
            AcquisitionError::Stale(error) => Self::of_stale(error, network),
            AcquisitionError::Tls(error) => Self::from(error),
            AcquisitionError::Endpoint(error) => Self::of_endpoint_guard(error),
            AcquisitionError::Token(error) => Self::of_token(error, environment),
            AcquisitionError::Expired(error, token) => Self::of_expired(error, token),
            AcquisitionError::Job(error) => Self::of_job_guard(error),
            AcquisitionError::SetUp(error) => Self::of_set_up(error),
            AcquisitionError::Role(failed) => Self::of_role(failed, network, None),
            AcquisitionError::Scope(failed) => Self::of_scope(failed, network),
            AcquisitionError::Value(error) => Self::of_value(error),
        }
    }

    /// Credentials that have expired when they arrive.
    pub(crate) fn of_stale(error: &StaleSession, network: &Network) -> Self {
        Self::of(ExitStatus::NotReached, error).hint(format!(
            "set this machine's clock; if it is right, check which server responds at `{}`: {}",
            network.endpoint,
            route_words(network)
        ))
    }

    /// A role that could not be assumed.
    pub(super) fn of_role(
        failed: &RoleFailure<'_>,
        network: &Network,
        known_policy: Option<&KnownPolicy>,
    ) -> Self {
        let RoleFailure { error, attempts, request } = failed;
        let failure = match error {
            RoleError::Expired(error) => Self::of(ExitStatus::Token, error).hint(fresh_token(request)),
            RoleError::Call(call) => Self::of_call(call, network, refused_request(request)),
        };
        let mut failure = failure.with_attempts(*attempts, network);
        if let FailedRequest::WithToken { token, also_denied, .. } = request {
            failure.details.also_denied = also_denied.as_ref().map(|second| {
                format!("STS also denied {}, whose `sub` {}", second.origin, second.difference_to_v2())
            });
            if failure.details.is_denial {
                failure.details.job = job_line(token, also_denied.as_deref());
            }
            if !matches!(error, RoleError::Call(CallError::Transport { .. })) {
                failure.details.token = Some(claims_line(token));
            }
        }
        let verdict = known_policy.and_then(|known| PolicyVerdict::of(known, failed));
        if let Some(hint) = verdict.and_then(|verdict| verdict.apply_to(&mut failure.details)) {
            failure = failure.hint(hint);
        }
        failure.while_doing(match request {
            FailedRequest::WithToken { role, .. } => format!("cannot assume `{}`", role.role),
            // AWS's text of a denial names the caller.
            FailedRequest::Chained { role, caller, .. }
                if error.to_string().contains(&caller.to_string()) =>
            {
                format!("cannot assume the chained role `{}`", role.role)
            }
            FailedRequest::Chained { role, caller, .. } => {
                format!("cannot assume the chained role `{}` from `{caller}`", role.role)
            }
        })
    }

    /// An expired token, which STS would refuse for every role.
    fn of_expired(error: &TokenExpired, token: &FoundToken) -> Self {
        let details = Details { token: Some(claims_line(token)), ..Details::default() };
        Self { details: details.into(), ..Self::of(ExitStatus::Token, error).hint(fresh_token_of(token)) }
    }

    /// STS returned a value that cannot be exported.
    pub(crate) fn of_value(error: &InvalidSessionValue) -> Self {
        Self::of(ExitStatus::Destination, error)
            .while_doing("the credentials cannot be exported: nothing was written".to_owned())
    }
}

/// How its issuer gives a job a fresh token.
fn fresh_token(request: &FailedRequest<'_>) -> &'static str {
    match request {
        FailedRequest::WithToken { token, .. } => fresh_token_of(token),
        FailedRequest::Chained { .. } => ANOTHER_TOKEN,
    }
}

fn fresh_token_of(found: &FoundToken) -> &'static str {
    // CircleCI Server has an issuer of its own.
    let ci = match found.token.form() {
        TokenForm::Other => CiSystem::of_issuer(found.token.claims().issuer.as_str()),
        TokenForm::V1 | TokenForm::V2 | TokenForm::CustomWebhook => Some(&CIRCLECI),
    };
    ci.map_or(ANOTHER_TOKEN, |ci| ci.with_expired_token)
}

const ANOTHER_TOKEN: &str = "use a fresh token, or assume the role earlier in the job";

/// The claims to compare with the trust policy.
pub(super) fn claims_line(found: &FoundToken) -> String {
    let claims = found.token.claims();
    format!(
        "iss `{}`, aud `{}`, sub `{}` (from {})",
        claims.issuer, claims.audience, claims.subject, found.origin
    )
}

/// The request, for the explanation of STS's response.
fn refused_request<'a>(request: &'a FailedRequest<'_>) -> RefusedRequest<'a> {
    match request {
        FailedRequest::WithToken { role, token, also_denied } => {
            RefusedRequest::WithToken(RequestWithToken {
                parameters: role.request(&token.token),
                origin: &token.origin,
                also_denied: also_denied.as_ref().map(|second| &second.origin),
            })
        }
        FailedRequest::Chained { role, session_name, caller } => {
            RefusedRequest::FromRole(RequestFromRole { parameters: role.request(session_name), caller })
        }
    }
}
