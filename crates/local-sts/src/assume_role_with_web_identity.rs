//! AssumeRoleWithWebIdentity: the checks in AWS's order, one line each.

use trust_policy::{Claims, ConditionKeys, RequestContext, Verdict, WebIdentity, evaluate};

use crate::{
    arn::RoleArn,
    form::Form,
    identity_token::IdentityToken,
    refusal::{Refusal, TokenError},
    session::{CallerIdentity, ChainAttributes, GrantedCredentials, GrantedSession, ResponseDetails},
    state::{KnownRole, ServerState},
    web_identity_parameters::{self, Parameters},
};

/// Decides a call and makes credentials. They are valid once the state has stored them.
pub(crate) fn assume(state: &ServerState, form: &Form, now: i64) -> Result<GrantedSession, Refusal> {
    let parameters = web_identity_parameters::read(form)?;
    let Evaluated { role, token, provider_arn, verdict } = evaluated(state, form, &parameters, now)?;
    if verdict != Verdict::Allowed {
        return Err(Refusal::NotAuthorized);
    }
    Ok(GrantedSession {
        credentials: GrantedCredentials::new(&role.arn, parameters.session_name, now + parameters.duration),
        identity: CallerIdentity::of_session(&role.arn, &role.id, parameters.session_name),
        chain_attributes: ChainAttributes::default(),
        details: ResponseDetails::WebIdentity {
            provider_arn,
            audience: token.client_id().to_owned(),
            subject: token.subject,
        },
    })
}

/// What the trust policy says of a token, which STS itself tells nobody.
pub(crate) fn verdict(state: &ServerState, form: &Form, now: i64) -> Result<Verdict, Refusal> {
    evaluated(state, form, &web_identity_parameters::read(form)?, now).map(|evaluated| evaluated.verdict)
}

/// A call that passed all checks before the trust policy's, and the policy's verdict.
struct Evaluated<'a> {
    role: &'a KnownRole,
    token: IdentityToken,
    provider_arn: String,
    verdict: Verdict,
}

fn evaluated<'a>(
    state: &'a ServerState,
    form: &Form,
    parameters: &Parameters<'_>,
    now: i64,
) -> Result<Evaluated<'a>, Refusal> {
    let arn = RoleArn::requested(parameters.role_arn)?;
    parameters.policies.check_syntax()?;
    let invalid = |error| Err(Refusal::InvalidIdentityToken(error));
    if form.first("ProviderId").is_some() {
        return invalid(TokenError::NotFromAmazon);
    }
    let token = IdentityToken::read(parameters.token)?;
    let Some(provider_arn) = state.provider(&arn, &token.issuer) else {
        return invalid(TokenError::NoProvider(token.issuer));
    };
    token.check_signature(&state.issuer)?;
    if !state.client_ids.iter().any(|id| id == token.client_id()) {
        return invalid(TokenError::NotValidated);
    }
    token.check_times(now)?;
    let Some(role) = state.role(&arn) else { return Err(Refusal::NotAuthorized) };
    if parameters.duration > role.max_session_duration {
        let text = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
        return Err(Refusal::Validation(text.to_owned()));
    }
    let claims = Claims {
        issuer: &token.issuer,
        audience: &token.audience,
        authorized_party: token.authorized_party.as_deref(),
        subject: &token.subject,
        project_id: token.project_id.as_deref(),
    };
    let circumstances = RequestContext {
        session_name: Some(parameters.session_name),
        epoch_seconds: Some(now),
        source_ip: None,
    };
    let keys = ConditionKeys::from_claims(&claims).with_context(&circumstances);
    let identity = WebIdentity { provider_arn, keys };
    let verdict = evaluate(&role.policy, &identity);
    Ok(Evaluated { role, token, provider_arn: identity.provider_arn, verdict })
}
