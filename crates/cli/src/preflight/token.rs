//! The token: whether there is one, whether it is fresh, its claims, and what IAM needs for it.

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

/// A token that is valid for less than these seconds gets a note.
const EXPIRES_SOON: i64 = 300;
/// How many seconds in the future STS accepts an `iat` (facts/aws.md 2.5).
const CLOCK_TOLERANCE: i64 = 300;

/// Reads the token and checks each claim that matters to AWS.
pub(super) fn check(inputs: Inputs<'_>, role: Option<&RoleArn>, findings: &mut Findings) {
    let source = settings::token_source(inputs).map_err(|error| Failure::from(&error));
    let Some(source) = findings.value_or_problem("token-source", source) else { return };
    let found = source
        .existing_token(inputs.environment)
        .map_err(|error| Failure::of_token(&error, inputs.environment));
    let Some(found) = findings.value_or_problem("token", found) else { return };
    let Some(found) = found else {
        findings.note("token", "requested when the role is assumed, so it cannot be checked now");
        return;
    };
    let first = &found.first;
    let claims = first.token.claims();
    let expected = settings::audience(inputs).map_err(|error| Failure::from(&error));
    let expected = findings.value_or_problem("audience", expected).flatten();
    if let Some(flaw) = source.replacement_reason(first, expected.as_ref(), inputs.environment) {
        findings.note("token", &format!("{flaw}: `assume` requests a fresh one"));
    } else {
        freshness(first, findings);
        let checked = first.require_audience(expected.as_ref());
        findings.value_or_problem(
            "audience",
            checked.map_err(|error| Failure::of_token(&error, inputs.environment)),
        );
    }
    subject(first, findings);
    if let Some(second) = found.second(clock::now()) {
        let origin = &second.origin;
        findings.ok("subject", &format!("{origin} has another: it is sent if STS denies the first"));
    }
    clock(&first.token.job_claims(), findings);
    issuer(claims, role, findings);
    audience(claims, findings);
    job::examine(first, inputs.environment, findings);
    trust_policy(inputs, role, first, findings);
    let guard = guards::jobs(inputs).map_err(|error| Failure::from(&error));
    if let Some(guard) = findings.value_or_problem("settings", guard) {
        let checked = guard.check(first, inputs.environment);
        findings.value_or_problem("job", checked.map_err(|error| Failure::of_job_guard(&error)));
    }
}

/// Whether the role's trust policy allows the token, if the user names its file.
fn trust_policy(inputs: Inputs<'_>, role: Option<&RoleArn>, found: &FoundToken, findings: &mut Findings) {
    let known = settings::trust_policy(inputs).map_err(|error| Failure::from(&error));
    let Some(known) = findings.value_or_problem("trust-policy", known).flatten() else { return };
    // An invalid name has its own line.
    let name = settings::session_name(inputs, &mut Vec::new());
    let name = name.unwrap_or_else(|_| job_name::of_this_job(inputs.environment));
    let Some(judged) = role.and_then(|role| known.judge_token(&found.token, role, &name)) else {
        findings
            .note("trust-policy", "not checked: the role is not known, or the token's claims are invalid");
        return;
    };
    let path = known.path.display();
    let nearest = judged.nearest.map(|nearest| format!(": {nearest}")).unwrap_or_default();
    match judged.verdict {
        Verdict::Allowed => findings.ok("trust-policy", &format!("`{path}` allows this token")),
        Verdict::Denied { .. } => findings.problem(
            "trust-policy",
            &format!(
                "`{path}` does not allow this token{nearest}; run `trust test --policy {path}` to see every condition"
            ),
        ),
        Verdict::Unknown { .. } => {
            findings.note("trust-policy", &format!("whether `{path}` allows this token is unknown{nearest}"));
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
    } else if left < EXPIRES_SOON {
        findings.note(
            "token",
            &format!("{origin} is valid for {left} s only, until {at}; assume the role earlier"),
        );
    } else {
        findings.ok("token", &format!("{origin} is valid for {left} s, until {at}"));
    }
}

fn subject(found: &FoundToken, findings: &mut Findings) {
    let subject = &found.token.claims().subject;
    match found.token.form() {
        TokenForm::V2 => findings.ok("subject", &format!("V2, with origin and ref: `{subject}`")),
        TokenForm::V1 => findings.note(
            "subject",
            &format!("V1, without origin and ref, so no trust policy on a branch can allow it: `{subject}`"),
        ),
        TokenForm::CustomWebhook => findings.note(
            "subject",
            &format!(
                "of a custom webhook's pipeline, without origin and ref in V1 and V2 alike, so no trust policy on a \
                 branch can allow it: `{subject}`"
            ),
        ),
        TokenForm::Other => findings.note("subject", &format!("not that of a CircleCI job: `{subject}`")),
    }
}

fn clock(job: &JobClaims, findings: &mut Findings) {
    let Some(issued_at) = job.issued_at else {
        findings.problem("clock", "the token has no readable `iat`, which STS requires");
        return;
    };
    let age = clock::now().seconds_since(issued_at);
    match age {
        ..0 if -age > CLOCK_TOLERANCE => findings.problem(
            "clock",
            &format!("the token's `iat` is {} s ahead: this machine's clock is behind; set it", -age),
        ),
        ..0 => findings.ok("clock", &format!("the token's `iat` is {} s ahead, which STS accepts", -age)),
        _ => findings.ok("clock", &format!("the token was issued {age} s ago")),
    }
}

fn issuer(claims: &UnverifiedClaims, role: Option<&RoleArn>, findings: &mut Findings) {
    let issuer = &claims.issuer;
    if issuer.is_circleci_root() {
        findings.note(
            "issuer",
            &format!("`{issuer}` issues tokens for every customer of CircleCI: no role should trust it"),
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
        // IAM uses it in place of `aud`.
        (Some(party), _) => party,
        (None, Audience::One(one)) => one,
        (None, Audience::Many(many)) => match many.as_slice() {
            [one] => one,
            [] => return findings.problem("audience", "the token has none, which STS refuses"),
            _ => {
                return findings.note(
                    "audience",
                    &format!(
                        "`{}`: STS was seen to refuse a token with several; request one audience",
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
            &format!("`{audience}`, not the issuer's organization: the provider must list it"),
        ),
        None => findings.ok("audience", &format!("`{audience}`: the provider must list it")),
    }
}
