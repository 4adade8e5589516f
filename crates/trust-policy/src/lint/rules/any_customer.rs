//! An issuer that all customers of a service share, trusted for any of them; and a remark on an issuer that these rules
//! do not know.

use crate::lint::{
    condition::Condition,
    language::{HOLE, Holes},
    provider::Kind,
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
    rule::{Rule, Severity},
    shared_service::{SharedService, Tenant},
    variable::WILDCARD,
};

pub(super) static RULE: Rule = Rule {
    id: "any-customer",
    since: "0.1.0",
    severity: Severity::Critical,
    title: "others who share the issuer can assume the role",
    why: "GitLab, Buildkite, HCP Terraform, Bitbucket, Google and others sign the tokens of many with one issuer, and whoever runs a job there chooses its `aud`. Only the claim that names the customer excludes the others. AWS has refused to save some of these policies since 2025 and still honours older ones.",
    fix: "name the customer in the claim that tells customers apart, mostly `sub`, without a wildcard in the name",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    match trust.provider.kind {
        Kind::Shared(service) if !trust.has_unknown_condition() && is_open(trust, service) => {
            let claim = service.claim();
            let named = [claim].into_iter().chain(service.owners.iter().copied());
            let limit = named.into_iter().find_map(|claim| Some((claim, trust.limits_on(claim).next()?)));
            let reason = match limit {
                Some((_, condition)) => format!(
                    "`{}` leaves it open which {} it is",
                    condition.values.join("`, `"),
                    service.whose
                ),
                None => format!(
                    "{} share this issuer, and no condition on `{claim}` says whose token it must be",
                    service.everybody
                ),
            };
            let value = format!("`\"{}\": \"{}\"`", trust.key(claim), service.example);
            let fix = match limit {
                Some((own, _)) if own == claim => format!("replace the value: {value}"),
                Some((own, _)) => format!("replace the value by a whole `{own}`, without a wildcard"),
                None => format!("add to `StringEquals` or `StringLike`: {value}"),
            };
            let location = match limit {
                Some((_, condition)) => PolicyLocation::condition(condition),
                None => PolicyLocation::statement(trust.index),
            };
            report.find(&RULE, location, &reason, &fix);
        }
        Kind::Shared(service) => remark_on_inside(trust, service, report),
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

/// The customer is named, and a wildcard leaves open which of the customer's projects it is.
fn remark_on_inside(trust: &ProviderTrust<'_>, service: &SharedService, report: &mut Report) {
    let Some((shape, what, claims)) = service.inside else { return };
    let Some(condition) = trust.subject_limit() else { return };
    let is_named_elsewhere = claims.iter().any(|claim| trust.limits(claim));
    if !is_named_elsewhere && trust.allows(shape, Holes::AreNames).is_some() {
        let text = format!("`{}` leaves it open which {what} it is", condition.values.join("`, `"));
        report.remark(PolicyLocation::condition(condition), &text);
    }
}

fn is_open(trust: &ProviderTrust<'_>, service: &SharedService) -> bool {
    if service.owners.iter().any(|claim| names_owner(trust, claim)) {
        return false;
    }
    match &service.tenant {
        Tenant::Account(claim) => !names_owner(trust, claim),
        Tenant::Claim("sub") => !names_customer(trust),
        Tenant::Claim(claim) => !names_owner(trust, claim) && !names_customer(trust),
        Tenant::Subject { start, end } => {
            let every = format!("{start}\u{1}%");
            !trust.limits("sub")
                || trust.allows(&every, Holes::AreNames).is_some()
                || trust.limits_on("sub").all(|condition| has_open_tenant(condition, start, end))
        }
    }
}

/// Whether a claim names an owner: by values without wildcards, or by an email address at a given domain. A number has
/// no wildcards.
fn names_owner(trust: &ProviderTrust<'_>, claim: &str) -> bool {
    let is_fixed = |(_, marked): (&str, String)| {
        let domain = marked.rsplit_once('@').filter(|_| claim.ends_with("email")).map(|(_, domain)| domain);
        !domain.unwrap_or(&marked).contains(WILDCARD)
    };
    let is_numeric =
        |condition: &Condition<'_>| condition.operator_name.eq_ignore_ascii_case("NumericEquals");
    trust.limits_on(claim).any(|condition| condition.marked_values().all(is_fixed))
        || trust.on(claim).any(is_numeric)
}

/// What stands before the customer's name in subjects of several services.
const LABELS: [&str; 8] = ["account", "org", "organization", "owner", "repo", "team", "user", "workspace"];

/// Whether each value for `sub`, whose form is not known here, can be a name and a pattern for what follows it.
fn names_customer(trust: &ProviderTrust<'_>) -> bool {
    let is_named = |(_, marked): (&str, String)| {
        let Some((name, _)) = marked.split_once(WILDCARD) else { return true };
        let mut parts: Vec<&str> = name.split([':', '/']).collect();
        // The wildcard is in this part.
        parts.pop();
        let last = parts.pop().unwrap_or_default();
        !last.is_empty() && (!LABELS.contains(&last) || parts.iter().any(|part| LABELS.contains(part)))
    };
    trust.limits_on("sub").any(|condition| condition.marked_values().all(is_named))
}

/// Whether a value has a wildcard inside the customer's name: another customer can have a name that it matches.
fn has_open_tenant(condition: &Condition<'_>, start: &str, end: &str) -> bool {
    condition.marked_values().any(|(_, marked)| {
        let Some(rest) = marked.strip_prefix(start) else { return false };
        rest.split(end).next().is_some_and(|name| name.contains(WILDCARD) && !name.contains(HOLE))
    })
}
