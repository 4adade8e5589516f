//! Conditions on claims for which AWS has no condition key.

use crate::{
    claim_keys::{self, PROJECT_ID},
    lint::{
        condition::KeyKind,
        language::HOLE,
        provider::Kind,
        provider_trust::ProviderTrust,
        report::{PolicyLocation, Report},
        rule::{Rule, Severity},
    },
};

pub(super) static RULE: Rule = Rule {
    id: "unexposed-key",
    since: "0.1.0",
    severity: Severity::High,
    title: "AWS has no condition key for this claim",
    why: "AWS makes condition keys of a few claims only. For CircleCI: `aud`, `sub` and `oidc.circleci.com/project-id`. Any other key is absent: the condition never holds, or always holds if it is negated or `IfExists`.",
    fix: "limit the branch or the repository with `sub` of the V2 token, the project with `oidc.circleci.com/project-id`",
};

/// All of GitHub's issuers have the same keys; this one is in the table of keys.
const GITHUB: &str = "token.actions.githubusercontent.com";

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    for condition in &trust.conditions {
        let KeyKind::Claim { name, .. } = condition.key_kind else { continue };
        if name.contains(HOLE) || is_exposed(trust.provider.kind, &name.to_ascii_lowercase()) {
            continue;
        }
        // `passes-when-absent` remarks on it: nothing is lost, because the principal names the issuer.
        if condition.is_on("iss") && condition.operator.holds_when_absent() {
            continue;
        }
        let outcome = if condition.operator.holds_when_absent() {
            "always holds and excludes nothing"
        } else {
            "never holds"
        };
        let reason = format!("AWS has no key for `{name}` of this provider, so the condition {outcome}");
        let fix = if trust.provider.is_github() {
            let keys: Vec<&str> = claim_keys::of(GITHUB).iter().map(|(key, _)| *key).collect();
            match name.to_ascii_lowercase().as_str() {
                "repository_owner" => {
                    "use `repository_owner_id` with the owner's id, or name the owner in `sub`".to_owned()
                }
                _ => format!(
                    "use one of `sub`, `{}`; of these `sub`, `repository`, `repository_id`, `repository_owner_id` and `enterprise_id` say whose repository it is",
                    keys.join("`, `")
                ),
            }
        } else {
            RULE.fix.to_owned()
        };
        report.find(&RULE, PolicyLocation::condition(condition), &reason, &fix);
    }
}

fn is_exposed(kind: Kind, claim: &str) -> bool {
    let is_common = matches!(claim, "aud" | "sub");
    match kind {
        // Whether the shared issuer has the project's key is not documented.
        Kind::CircleCi | Kind::CircleCiRoot | Kind::CircleCiNowhere => is_common || claim == PROJECT_ID,
        Kind::CircleCiServer => is_common,
        Kind::GitHub | Kind::GitHubEnterprise => {
            is_common || claim_keys::of(GITHUB).iter().any(|(key, _)| *key == claim)
        }
        Kind::Shared(_) | Kind::Other => true,
    }
}
