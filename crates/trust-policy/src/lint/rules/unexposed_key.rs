//! Claims that AWS makes no condition keys of.

use crate::{
    claim_keys::{self, PROJECT_ID},
    lint::{
        condition::Subject,
        language::HOLE,
        provider::Kind,
        report::{Place, Report},
        rule::{Rule, Severity},
        trust::Trust,
    },
};

pub(super) static RULE: Rule = Rule {
    id: "unexposed-key",
    severity: Severity::High,
    title: "AWS doesn't see this claim",
    why: "AWS makes keys of a few claims only. For CircleCI: `aud`, `sub` and `oidc.circleci.com/project-id`. Any other is absent: the condition never holds, or always if it is negated or `IfExists`.",
    mend: "limit the branch or the repository by `sub` of the V2 token, the project by `oidc.circleci.com/project-id`",
};

/// An issuer that stands for all of GitHub's in the table of keys.
const GITHUB: &str = "token.actions.githubusercontent.com";

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    for condition in &trust.conditions {
        let Subject::Claim { name, .. } = condition.subject else { continue };
        if name.contains(HOLE) || is_exposed(trust.provider.kind, &name.to_ascii_lowercase()) {
            continue;
        }
        let outcome = if condition.operator.holds_when_absent() {
            "always holds and keeps nobody out"
        } else {
            "never holds"
        };
        let reason = format!("AWS has no key for `{name}` of this provider, so the condition {outcome}");
        let mend = if trust.provider.is_github() {
            let keys: Vec<&str> = claim_keys::of(GITHUB).iter().map(|(key, _)| *key).collect();
            format!("use one of `sub`, `{}`", keys.join("`, `"))
        } else {
            RULE.mend.to_owned()
        };
        report.find(&RULE, Place::condition(trust.index, condition), &reason, &mend);
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
        Kind::Other => true,
    }
}
