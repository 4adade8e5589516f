//! Provider ARNs that no provider has.

use crate::lint::{
    language::HOLE,
    provider::{Kind, MARKER, Provider, is_uuid},
    report::{Place, Report},
    rule::{Rule, Severity},
    trust::Trust,
};

use super::issuer_without_organization::is_missing;

pub(super) static RULE: Rule = Rule {
    id: "provider-form",
    severity: Severity::Medium,
    title: "no identity provider has this ARN",
    why: "A provider's ARN is `arn:aws:iam::ACCOUNT:oidc-provider/` and the issuer's URL without its scheme, character for character: no `https://`, no port, no slash at the end, no wildcard. CircleCI's path is `org/` and the organization's id, a UUID.",
    mend: "copy the ARN from IAM's list of identity providers",
};

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    if let Some(fault) = fault(trust).filter(|_| !is_missing(trust)) {
        let reason = format!("`{}` {fault}", trust.principal);
        let mend = match (trust.provider.is_circleci(), trust.provider.organization()) {
            (true, Some(id)) if is_uuid(id) => {
                format!("write `arn:aws:iam::ACCOUNT:oidc-provider/{}`", trust.provider.url)
            }
            (true, _) => {
                "write `arn:aws:iam::ACCOUNT:oidc-provider/oidc.circleci.com/org/ORG`, `ORG` being the organization's id"
                    .to_owned()
            }
            (false, _) => RULE.mend.to_owned(),
        };
        report.find(&RULE, Place::statement(trust.index), &reason, &mend);
    }
}

fn fault(trust: &Trust<'_>) -> Option<&'static str> {
    let principal = trust.principal;
    let Some((start, url)) = principal.split_once(MARKER) else {
        // Built-in providers have no ARN, and what isn't literal may have one.
        let is_known = trust.provider.kind != Kind::Other && !principal.contains(HOLE);
        return is_known.then_some("is not an ARN");
    };
    let Provider { kind, .. } = trust.provider;
    match () {
        () if !(start.starts_with("arn:") || start.starts_with(HOLE)) => Some("is not an ARN"),
        () if url.contains("://") => Some("holds a scheme"),
        () if url.ends_with('/') => Some("ends in a slash"),
        () if url.contains(":443") => Some("holds a port, which AWS drops"),
        () if url.contains(['*', '?']) => Some("holds a wildcard, which principals don't know"),
        () if kind == Kind::CircleCiNowhere => Some("is not the path of a CircleCI issuer"),
        () if kind == Kind::CircleCi => {
            let organization = trust.provider.organization()?;
            (!is_uuid(organization)).then_some("has a name where the organization's id belongs, a UUID")
        }
        () => None,
    }
}
