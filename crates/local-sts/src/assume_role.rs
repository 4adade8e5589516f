//! AssumeRole: the checks in AWS's order, one line each. Every caller signs with a role session's credentials from
//! this server, so every call is role chaining.

use trust_policy::{ConditionKeys, RoleCall, RoleParameters, RoleSession, Verdict, evaluate_role_call};

use crate::{
    arn::RoleArn,
    form::Form,
    limits::SESSION_TOKEN_LIMIT,
    refusal::Refusal,
    role_parameters::{self, Parameters},
    session::{CallerIdentity, ChainAttributes, GrantedCredentials, GrantedSession, ResponseDetails},
    signed_call::{self, SignedCall},
    state::{KnownRole, ServerState},
};

/// The longest duration of a chained session in seconds, whatever the role allows.
const LONGEST_CHAINED: i64 = 3600;

/// Decides a call and makes credentials. They are valid once the state has stored them.
pub(crate) fn assume(
    state: &ServerState,
    call: &SignedCall<'_>,
    form: &Form,
    now: i64,
) -> Result<GrantedSession, Refusal> {
    let caller = signed_call::verify(call, |access_key_id| state.session(access_key_id), now)?;
    let parameters = role_parameters::read(form)?;
    let arn = RoleArn::requested(parameters.role_arn)?;
    parameters.policies.check_syntax()?;
    let denied = |action| Refusal::RoleNotAuthorized {
        caller: caller.identity.arn.clone(),
        action,
        role: arn.text.clone(),
    };
    let in_partition = caller.credentials.role_arn.starts_with(&format!("arn:{}:", arn.partition));
    let role = state.role(&arn).filter(|_| in_partition).ok_or_else(|| denied("sts:AssumeRole"))?;
    check_duration(parameters.duration, role)?;
    if !caller.may("sts:AssumeRole", &arn.text) {
        return Err(denied("sts:AssumeRole"));
    }
    let chain_attributes = inherit(&caller.chain_attributes, &parameters)?;
    if let Some(action) = refused_action(role, &caller, &parameters, &chain_attributes) {
        return Err(denied(action));
    }
    let packed_policy_size = packed_size(&parameters)?;
    Ok(GrantedSession {
        credentials: GrantedCredentials::new(&arn, parameters.session_name, now + parameters.duration),
        identity: CallerIdentity::of_session(&arn, &role.id, parameters.session_name),
        chain_attributes,
        scope_policies: Vec::new(),
        details: ResponseDetails::AssumeRole { packed_policy_size },
    })
}

fn check_duration(duration: i64, role: &KnownRole) -> Result<(), Refusal> {
    let text = if duration > role.max_session_duration {
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    } else if duration > LONGEST_CHAINED {
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
    } else {
        return Ok(());
    };
    Err(Refusal::Validation(text.to_owned()))
}

/// What the new session inherits from the caller's session, and what this call adds. No record shows AWS's words about
/// tags, so those texts are this server's own.
fn inherit(caller: &ChainAttributes, parameters: &Parameters<'_>) -> Result<ChainAttributes, Refusal> {
    let refused = |text: String| Err(Refusal::Validation(text));
    let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    let tags = &parameters.tags;
    for (at, (key, _)) in tags.iter().enumerate() {
        if tags.iter().take(at).any(|(other, _)| same(key, other)) {
            return refused(format!("The tag key {key} occurs twice; tag keys are not case-sensitive"));
        }
        if caller.transitive_tags.iter().any(|(inherited, _)| same(key, inherited)) {
            return refused(format!("The tag {key} is inherited from the calling session as transitive"));
        }
    }
    let mut transitive_tags = caller.transitive_tags.clone();
    for key in &parameters.transitive_keys {
        let Some(tag) = tags.iter().find(|(known, _)| same(known, key)) else {
            return refused(format!("The transitive tag key {key} is not among the tags"));
        };
        transitive_tags.push(tag.clone());
    }
    let source_identity = match (&caller.source_identity, parameters.source_identity) {
        (Some(set), Some(requested)) if set != requested => {
            return refused("The source identity is already set for this assume role session".to_owned());
        }
        (set, requested) => requested.map(str::to_owned).or_else(|| set.clone()),
    };
    Ok(ChainAttributes { source_identity, transitive_tags })
}

/// The first action that the call needs and the role's trust policy does not allow for the caller. Inherited tags and
/// an inherited source identity need their action as much as sent ones.
fn refused_action(
    role: &KnownRole,
    caller: &GrantedSession,
    parameters: &Parameters<'_>,
    chain_attributes: &ChainAttributes,
) -> Option<&'static str> {
    let session = RoleSession {
        role_arn: caller.credentials.role_arn.clone(),
        session_arn: caller.identity.arn.clone(),
    };
    let keys = ConditionKeys::from_role_parameters(&RoleParameters {
        session_name: parameters.session_name,
        external_id: parameters.external_id,
        source_identity: chain_attributes.source_identity.as_deref(),
        tags: &parameters.tags,
    });
    let has_tags = !parameters.tags.is_empty() || !chain_attributes.transitive_tags.is_empty();
    let needed = [
        ("sts:AssumeRole", true),
        ("sts:TagSession", has_tags),
        ("sts:SetSourceIdentity", chain_attributes.source_identity.is_some()),
    ];
    let allows = |action| {
        let call = RoleCall { caller: &session, action, keys: &keys };
        evaluate_role_call(&role.policy, call) == Verdict::Allowed
    };
    needed.into_iter().find(|(action, is_needed)| *is_needed && !allows(action)).map(|(action, _)| action)
}

/// How much of their limit policies and tags use together, in percent. AWS packs them in a form that it does not
/// document; here each character counts as one byte.
fn packed_size(parameters: &Parameters<'_>) -> Result<Option<usize>, Refusal> {
    let length = |text: &str| text.chars().count();
    let tags: usize = parameters.tags.iter().map(|(key, value)| length(key) + length(value)).sum();
    let size = parameters.policies.size + tags;
    let percent = (size * 100).div_ceil(SESSION_TOKEN_LIMIT);
    match size {
        0 => Ok(None),
        1..=SESSION_TOKEN_LIMIT => Ok(Some(percent)),
        _ => Err(Refusal::PackedPolicyTooLarge(percent)),
    }
}
