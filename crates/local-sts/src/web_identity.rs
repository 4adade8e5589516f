//! AssumeRoleWithWebIdentity: the checks in AWS's order, each one line of the story.

use trust_policy::{Claims, ConditionKeys, RequestContext, Verdict, WebIdentity, evaluate};

use crate::{
    arn::RoleArn,
    caller_identity::CallerIdentity,
    form::Form,
    grant::{Grant, GrantedCredentials, PassedOn, Told},
    identity_token::IdentityToken,
    refusal::{Refusal, TokenFlaw},
    validation,
    world::World,
};

/// Judges a call and makes credentials. They count from when the world remembers them.
pub(crate) fn assume(world: &World, form: &Form, now: i64) -> Result<Grant, Refusal> {
    let parameters = validation::read(form)?;
    let arn = RoleArn::asked_for(parameters.role_arn)?;
    parameters.policies.check_syntax()?;
    let flaw = |flaw| Err(Refusal::IdentityToken(flaw));
    if form.first("ProviderId").is_some() {
        return flaw(TokenFlaw::NotFromAmazon);
    }
    let token = IdentityToken::read(parameters.token)?;
    let Some(provider_arn) = world.provider(&arn, &token.issuer) else {
        return flaw(TokenFlaw::NoProvider(token.issuer));
    };
    token.check_signature(&world.issuer)?;
    if !world.client_ids.iter().any(|id| id == token.client_id()) {
        return flaw(TokenFlaw::NotValidated);
    }
    token.check_times(now)?;
    let Some(role) = world.role(&arn) else { return Err(Refusal::NotAuthorized) };
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
    if evaluate(&role.policy, &identity) != Verdict::Allowed {
        return Err(Refusal::NotAuthorized);
    }
    Ok(Grant {
        credentials: GrantedCredentials::new(&arn, parameters.session_name, now + parameters.duration),
        identity: CallerIdentity::of_session(&arn, &role.id, parameters.session_name),
        passed_on: PassedOn::default(),
        told: Told::WebIdentity {
            provider_arn: identity.provider_arn,
            audience: token.client_id().to_owned(),
            subject: token.subject,
        },
    })
}
