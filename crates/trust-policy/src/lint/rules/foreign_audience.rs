//! GitHub's audience in a statement about CircleCI's tokens.

use crate::lint::{
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
    rule::{Rule, Severity},
};

pub(super) static RULE: Rule = Rule {
    id: "foreign-audience",
    since: "0.1.0",
    severity: Severity::Medium,
    title: "CircleCI's tokens have another audience",
    why: "`sts.amazonaws.com` is the audience that GitHub's users request. The audience of a CircleCI token is the organization's id, unless a job mints the token for another one or the organization has set another.",
    fix: "set `aud` to the organization's id, which allows the tokens that every job has",
};

pub(super) fn check(trust: &ProviderTrust<'_>, report: &mut Report) {
    for condition in trust.limits_on("aud").filter(|_| trust.provider.is_circleci()) {
        if condition.values.is_empty() || condition.values.iter().any(|value| value != "sts.amazonaws.com") {
            continue;
        }
        let organization = trust.provider.organization().unwrap_or("ORG");
        let reason = "`aud` is `sts.amazonaws.com`, which is not the default of CircleCI's tokens";
        let fix = format!(
            "set `aud` to the organization's id, which allows the tokens that every job has: `\"{}\": \"{organization}\"`",
            trust.key("aud")
        );
        report.find(&RULE, PolicyLocation::condition(condition), reason, &fix);
    }
}
