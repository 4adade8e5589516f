//! AssumeRole: the checks in AWS's order, each one line of the story. Every caller has a role's credentials
//! from this server, so every call is a hop of a chain.

use trust_policy::{ConditionKeys, RoleCall, RoleParameters, RoleSession, Verdict, evaluate_role_call};

use crate::{
    answer::SESSION_TOKEN_LIMIT,
    arn::RoleArn,
    caller_identity::CallerIdentity,
    form::Form,
    grant::{Grant, GrantedCredentials, PassedOn, Told},
    refusal::Refusal,
    role_validation::{self, Parameters},
    signed_call::{self, SignedCall},
    world::{KnownRole, World},
};

/// What a chained session can last at most, whatever the role allows.
const LONGEST_CHAINED: i64 = 3600;

/// Judges a call and makes credentials. They count from when the world remembers them.
pub(crate) fn assume(world: &World, call: &SignedCall<'_>, form: &Form, now: i64) -> Result<Grant, Refusal> {
    let caller = signed_call::verify(call, |access_key_id| world.grant(access_key_id), now)?;
    let asked = role_validation::read(form)?;
    let arn = RoleArn::asked_for(asked.role_arn)?;
    asked.policies.check_syntax()?;
    let denied = |action| Refusal::RoleNotAuthorized {
        caller: caller.identity.arn.clone(),
        action,
        role: arn.text.clone(),
    };
    let in_partition = caller.credentials.role_arn.starts_with(&format!("arn:{}:", arn.partition));
    let role = world.role(&arn).filter(|_| in_partition).ok_or_else(|| denied("sts:AssumeRole"))?;
    check_duration(asked.duration, role)?;
    let passed_on = passed_on(&caller.passed_on, &asked)?;
    if let Some(action) = refused_action(role, &caller, &asked, &passed_on) {
        return Err(denied(action));
    }
    let packed_policy_size = packed_size(&asked)?;
    Ok(Grant {
        credentials: GrantedCredentials::new(&arn, asked.session_name, now + asked.duration),
        identity: CallerIdentity::of_session(&arn, &role.id, asked.session_name),
        passed_on,
        told: Told::Role { packed_policy_size },
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

/// What the caller's session hands down, and what this call adds to it. No record shows AWS's words about
/// tags, so those texts are this server's own.
fn passed_on(caller: &PassedOn, asked: &Parameters<'_>) -> Result<PassedOn, Refusal> {
    let refused = |text: String| Err(Refusal::Validation(text));
    let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    let tags = &asked.tags;
    for (at, (key, _)) in tags.iter().enumerate() {
        if tags.iter().take(at).any(|(other, _)| same(key, other)) {
            return refused(format!("The tag key {key} is there twice, as case doesn't count"));
        }
        if caller.transitive_tags.iter().any(|(inherited, _)| same(key, inherited)) {
            return refused(format!("The tag {key} is inherited from the calling session as transitive"));
        }
    }
    let mut transitive_tags = caller.transitive_tags.clone();
    for key in &asked.transitive_keys {
        let Some(tag) = tags.iter().find(|(known, _)| same(known, key)) else {
            return refused(format!("The transitive tag key {key} is not among the tags"));
        };
        transitive_tags.push(tag.clone());
    }
    let source_identity = match (&caller.source_identity, asked.source_identity) {
        (Some(set), Some(asked)) if set != asked => {
            return refused("The source identity is already set for this assume role session".to_owned());
        }
        (set, asked) => asked.map(str::to_owned).or_else(|| set.clone()),
    };
    Ok(PassedOn { source_identity, transitive_tags })
}

/// The first permission that the call needs and the role's trust policy doesn't give to the caller. What is
/// inherited needs one as much as what is sent.
fn refused_action(
    role: &KnownRole,
    caller: &Grant,
    asked: &Parameters<'_>,
    passed_on: &PassedOn,
) -> Option<&'static str> {
    let session = RoleSession {
        role_arn: caller.credentials.role_arn.clone(),
        session_arn: caller.identity.arn.clone(),
    };
    let keys = ConditionKeys::from_role_parameters(&RoleParameters {
        session_name: asked.session_name,
        external_id: asked.external_id,
        source_identity: passed_on.source_identity.as_deref(),
        tags: &asked.tags,
    });
    let has_tags = !asked.tags.is_empty() || !passed_on.transitive_tags.is_empty();
    let needed = [
        ("sts:AssumeRole", true),
        ("sts:TagSession", has_tags),
        ("sts:SetSourceIdentity", passed_on.source_identity.is_some()),
    ];
    let allows = |action| {
        let call = RoleCall { caller: &session, action, keys: &keys };
        evaluate_role_call(&role.policy, call) == Verdict::Allowed
    };
    needed.into_iter().find(|(action, is_needed)| *is_needed && !allows(action)).map(|(action, _)| action)
}

/// How much of their limit policies and tags take together, in percent. AWS packs them in a form that it
/// doesn't tell; here each character counts as one byte.
fn packed_size(asked: &Parameters<'_>) -> Result<Option<usize>, Refusal> {
    let length = |text: &str| text.chars().count();
    let tags: usize = asked.tags.iter().map(|(key, value)| length(key) + length(value)).sum();
    let size = asked.policies.size + tags;
    let percent = (size * 100).div_ceil(SESSION_TOKEN_LIMIT);
    match size {
        0 => Ok(None),
        1..=SESSION_TOKEN_LIMIT => Ok(Some(percent)),
        _ => Err(Refusal::PackedPolicyTooLarge(percent)),
    }
}
