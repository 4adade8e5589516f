//! ARNs that no identity provider can have.

use crate::{
    lint::{
        language::HOLE,
        provider::{Kind, MARKER, Provider},
        provider_trust::ProviderTrust,
        report::{PolicyLocation, Report},
        rule::{Rule, Severity},
    },
    uuid::is_uuid,
};

use super::issuer_without_organization::is_missing;

pub(super) static RULE: Rule = Rule {
    id: "provider-form",
    since: "0.1.0",
    severity: Severity::Medium,
    title: "no identity provider has this ARN",
    why: "A provider's ARN is `arn:aws:iam::ACCOUNT:oidc-provider/` and the issuer's URL without its scheme, character for character: no `https://`, no port, no slash at the end that the issuer's URL does not have, no wildcard. CircleCI's path is `org/` and the organization's id, a UUID.",
    fix: "copy the ARN from IAM's list of identity providers",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    if let Some(fault) = fault(trust).filter(|_| !is_missing(trust)) {
        let reason = format!("`{}` {fault}", trust.principal);
        let fix = match (trust.provider.is_circleci(), trust.provider.organization()) {
            (true, Some(id)) if is_uuid(id) => {
                format!("write `arn:aws:iam::ACCOUNT:oidc-provider/{}`", trust.provider.url)
            }
            (true, _) => {
                "write `arn:aws:iam::ACCOUNT:oidc-provider/oidc.circleci.com/org/ORG`, with the organization's id for `ORG`"
                    .to_owned()
            }
            (false, _) => RULE.fix.to_owned(),
        };
        report.find(&RULE, PolicyLocation::statement(trust.index), &reason, &fix);
    }
}

fn fault(trust: &ProviderTrust<'_>) -> Option<&'static str> {
    let principal = trust.principal;
    let Some((start, url)) = principal.split_once(MARKER) else {
        // Built-in providers have no ARN, and a text that isn't literal may be one.
        let has_arn = match trust.provider.kind {
            Kind::Other => false,
            Kind::Shared(service) => !service.is_built_in,
            _ => true,
        };
        return (has_arn && !principal.contains(HOLE)).then_some("is not an ARN");
    };
    let Provider { kind, .. } = trust.provider;
    match () {
        () if !(start.starts_with("arn:") || start.starts_with(HOLE)) => Some("is not an ARN"),
        () if url.contains("://") => Some("has a scheme"),
        () if url.ends_with('/') && kind != Kind::Other => Some("ends with a slash"),
        () if url.contains(":443") => Some("has a port, which AWS removes"),
        () if url.contains(['*', '?']) => Some("has a wildcard, which a principal cannot have"),
        () if kind == Kind::CircleCiNowhere => Some("is not the path of a CircleCI issuer"),
        () if kind == Kind::CircleCi => {
            let organization = trust.provider.organization()?;
            (!is_uuid(organization)).then_some("has a name where the organization's id belongs, a UUID")
        }
        () => None,
    }
}
