//! An issuer that all customers of a service share, trusted for any of them; and a remark on an issuer that these rules
//! do not know.

use crate::lint::{
    condition::Condition,
    language::{HOLE, Holes},
    operator::Comparison,
    provider::Kind,
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
    rule::{Rule, Severity},
    shared_service::{SharedService, Tenant},
};

pub(super) static RULE: Rule = Rule {
    id: "any-customer",
    since: "0.1.0",
    severity: Severity::Critical,
    title: "everybody who shares the issuer can assume the role",
    why: "GitLab, Buildkite, HCP Terraform, Bitbucket, Google and others sign the tokens of many with one issuer, and whoever runs a job there chooses its `aud`. Only the claim that names the customer excludes the others. AWS has refused to save some of these policies since 2025 and still honours older ones.",
    fix: "add a condition on the claim that names the customer, mostly `sub`",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    match trust.provider.kind {
        Kind::Shared(service) if !trust.has_unknown_condition() && is_open(trust, service) => {
            let claim = service.claim();
            let reason = match trust.limits_on(claim).next() {
                Some(condition) => {
                    format!(
                        "`{}` leaves it open which {} it is",
                        condition.values.join("`, `"),
                        service.whose
                    )
                }
                None => format!(
                    "{} share this issuer, and no condition on `{claim}` says whose token it must be",
                    service.everybody
                ),
            };
            let fix = format!(
                "add to `StringEquals` or `StringLike`: `\"{}\": \"{}\"`",
                trust.key(claim),
                service.example
            );
            report.find(&RULE, location(trust, claim), &reason, &fix);
        }
        Kind::Other if !trust.provider.url.contains([HOLE, '$']) => {
            let text = format!(
                "`{}` is an issuer that these rules do not know: whether its subjects are limited was not checked",
                trust.provider.url
            );
            report.remark(PolicyLocation::statement(trust.index), &text);
        }
        _ => {}
    }
}

fn location(trust: &ProviderTrust<'_>, claim: &str) -> PolicyLocation {
    match trust.limits_on(claim).next() {
        Some(condition) => PolicyLocation::condition(condition),
        None => PolicyLocation::statement(trust.index),
    }
}

fn is_open(trust: &ProviderTrust<'_>, service: &SharedService) -> bool {
    if service.owners.iter().any(|claim| names_owner(trust, claim)) {
        return false;
    }
    match &service.tenant {
        Tenant::Claim(claim) => !trust.limits(claim) && !trust.limits("sub"),
        Tenant::Subject { start, end } => {
            let every = format!("{start}\u{1}%");
            !trust.limits("sub")
                || trust.allows(&every, Holes::AreNames).is_some()
                || trust.limits_on("sub").all(|condition| has_open_tenant(condition, start, end))
        }
    }
}

/// Whether a claim is limited. A number has no wildcards.
fn names_owner(trust: &ProviderTrust<'_>, claim: &str) -> bool {
    let is_numeric =
        |condition: &Condition<'_>| condition.operator_name.eq_ignore_ascii_case("NumericEquals");
    trust.limits(claim) || trust.on(claim).any(is_numeric)
}

/// Whether a value has a wildcard inside the customer's name: another customer can have a name that it matches.
fn has_open_tenant(condition: &Condition<'_>, start: &str, end: &str) -> bool {
    let is_open = |value: &String| {
        let Some(rest) = value.strip_prefix(start) else { return false };
        rest.split(end).next().is_some_and(|name| name.contains(['*', '?']) && !name.contains(HOLE))
    };
    condition.operator.comparison == Comparison::Like && condition.values.iter().any(is_open)
}
