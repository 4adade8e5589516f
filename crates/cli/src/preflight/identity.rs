//! The token: whether it is there and fresh, what it says of itself, and what IAM has to know of it.

use aws::RoleArn;
use oidc::{Audience, JobClaims, TokenForm, UnverifiedClaims};
use trust_policy::Verdict;

use super::{Findings, job};
use crate::exchange::assume_role::TokenExpired;
use crate::exchange::token_source::FoundToken;
use crate::failure::Failure;
use crate::io::clock;
use crate::settings::session_name as job_name;
use crate::settings::{self, Inputs, guards};

/// Less than this is soon.
const SOON: i64 = 300;
/// How far into the future STS lets a token have been issued (facts/aws.md 2.5).
const TOLERANCE: i64 = 300;

/// Reads the token and looks at each claim that counts.
pub(super) fn examine(inputs: Inputs<'_>, role: Option<&RoleArn>, findings: &mut Findings) {
    let source = settings::token_source(inputs).map_err(|error| Failure::from(&error));
    let Some(source) = findings.keep("token-source", source) else { return };
    let found =
        source.existing(inputs.environment).map_err(|error| Failure::of_token(&error, inputs.environment));
    let Some(found) = findings.keep("token", found) else { return };
    let Some(found) = found else {
        findings.note("token", "asked for when the role is assumed, so nothing is known of it yet");
        return;
    };
    let first = &found.first;
    let claims = first.token.claims();
    let wanted = settings::audience(inputs).map_err(|error| Failure::from(&error));
    let wanted = findings.keep("audience", wanted).flatten();
    if let Some(flaw) = source.replacement_reason(first, wanted.as_ref(), inputs.environment) {
        findings.note("token", &format!("{flaw}: `assume` takes a fresh one"));
    } else {
        freshness(first, findings);
        let checked = first.require_audience(wanted.as_ref());
        findings.keep("audience", checked.map_err(|error| Failure::of_token(&error, inputs.environment)));
    }
    subject(first, findings);
    if let Some(second) = found.second(clock::now()) {
        let origin = &second.origin;
        findings.ok("subject", &format!("{origin} has another: it is shown if AWS denies the first"));
    }
    clock(&first.token.job_claims(), findings);
    issuer(claims, role, findings);
    audience(claims, findings);
    job::examine(first, inputs.environment, findings);
    policy(inputs, role, first, findings);
    let guard = guards::jobs(inputs).map_err(|error| Failure::from(&error));
    if let Some(guard) = findings.keep("settings", guard) {
        let checked = guard.check(first, inputs.environment);
        findings.keep("job", checked.map_err(|error| Failure::of_job_guard(&error)));
    }
}

/// What the role's trust policy says to the token, where the user has it at hand.
fn policy(inputs: Inputs<'_>, role: Option<&RoleArn>, found: &FoundToken, findings: &mut Findings) {
    let known = settings::trust_policy(inputs).map_err(|error| Failure::from(&error));
    let Some(known) = findings.keep("trust-policy", known).flatten() else { return };
    // A name that can't be used has a line of its own.
    let name = settings::session_name(inputs, &mut Vec::new());
    let name = name.unwrap_or_else(|_| job_name::of_this_job(inputs.environment));
    let Some(judged) = role.and_then(|role| known.judge_token(&found.token, role, &name)) else {
        findings.note("trust-policy", "not tried: the role is not known, or the token is none for AWS");
        return;
    };
    let path = known.path.display();
    let nearest = judged.nearest.map(|nearest| format!(": {nearest}")).unwrap_or_default();
    match judged.verdict {
        Verdict::Allowed => findings.ok("trust-policy", &format!("`{path}` lets this token in")),
        Verdict::Denied { .. } => findings.problem(
            "trust-policy",
            &format!(
                "`{path}` does not let this token in{nearest}; `trust test --policy {path}` shows every part"
            ),
        ),
        Verdict::Unknown { .. } => {
            findings.note("trust-policy", &format!("`{path}` can't be judged for sure{nearest}"));
        }
    }
}

fn freshness(found: &FoundToken, findings: &mut Findings) {
    let (claims, now) = (found.token.claims(), clock::now());
    let (origin, at) = (&found.origin, claims.expires_at);
    let left = at.seconds_since(now);
    if claims.expired_at(now) {
        let expired = TokenExpired { origin: origin.clone(), at, now };
        findings.problem("token", &format!("{expired}; assume the role earlier in the job"));
    } else if left < SOON {
        findings.note(
            "token",
            &format!("{origin} is good for {left} s only, until {at}; assume the role earlier"),
        );
    } else {
        findings.ok("token", &format!("{origin} is good for {left} s, until {at}"));
    }
}

fn subject(found: &FoundToken, findings: &mut Findings) {
    let subject = &found.token.claims().subject;
    match found.token.form() {
        TokenForm::V2 => findings.ok("subject", &format!("V2, with origin and ref: `{subject}`")),
        TokenForm::V1 => findings
            .note("subject", &format!("V1, without origin and ref, so no policy on a branch can hold: `{subject}`")),
        TokenForm::CustomWebhook => findings.note(
            "subject",
            &format!(
                "of a custom webhook's pipeline, without origin and ref in V1 and V2 alike, so no policy on a branch \
                 can hold: `{subject}`"
            ),
        ),
        TokenForm::Other => findings.note("subject", &format!("not that of a CircleCI job: `{subject}`")),
    }
}

fn clock(job: &JobClaims, findings: &mut Findings) {
    let Some(issued_at) = job.issued_at else {
        findings.problem("clock", "the token has no readable `iat`, which STS asks for");
        return;
    };
    let age = clock::now().seconds_since(issued_at);
    match age {
        ..0 if -age > TOLERANCE => findings.problem(
            "clock",
            &format!("the token is issued {} s from now: this machine's clock is behind; set it", -age),
        ),
        ..0 => findings.ok("clock", &format!("the token is issued {} s from now, which STS lets pass", -age)),
        _ => findings.ok("clock", &format!("the token was issued {age} s ago")),
    }
}

fn issuer(claims: &UnverifiedClaims, role: Option<&RoleArn>, findings: &mut Findings) {
    let issuer = &claims.issuer;
    if issuer.is_circleci_root() {
        findings.note(
            "issuer",
            &format!("`{issuer}` issues for every customer of CircleCI: do not let a role trust it"),
        );
    } else {
        findings.ok("issuer", &format!("`{issuer}`"));
    }
    if let Some(role) = role {
        findings.ok("provider", &format!("the role's account needs `{}`", issuer.provider_arn_for(role)));
    }
}

fn audience(claims: &UnverifiedClaims, findings: &mut Findings) {
    let audience = match (&claims.authorized_party, &claims.audience) {
        // IAM takes it in the place of `aud`.
        (Some(party), _) => party,
        (None, Audience::One(one)) => one,
        (None, Audience::Many(many)) => match many.as_slice() {
            [one] => one,
            [] => return findings.problem("audience", "the token has none, which STS refuses"),
            _ => {
                return findings.note(
                    "audience",
                    &format!(
                        "`{}`: STS was seen to refuse a token with several; ask for one",
                        claims.audience
                    ),
                );
            }
        },
    };
    match claims.issuer.organization_id() {
        Some(id) if id == audience => {
            findings.ok("audience", &format!("`{audience}`, the issuer's organization"));
        }
        Some(_) => findings.note(
            "audience",
            &format!("`{audience}`, not the issuer's organization: the provider has to list it"),
        ),
        None => findings.ok("audience", &format!("`{audience}`: the provider has to list it")),
    }
}
