//! GitHub's audience on CircleCI's tokens.

use crate::lint::{
    report::{Place, Report},
    rule::{Rule, Severity},
    trust::Trust,
};

pub(super) static RULE: Rule = Rule {
    id: "foreign-audience",
    severity: Severity::Medium,
    title: "CircleCI's tokens have another audience",
    why: "`sts.amazonaws.com` is the audience that GitHub's users ask for. A CircleCI token's is the organization's id, unless a job mints one or the organization has set another.",
    mend: "make `aud` the organization's id",
};

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    for condition in trust.limits_on("aud").filter(|_| trust.provider.is_circleci()) {
        if condition.values.is_empty() || condition.values.iter().any(|value| value != "sts.amazonaws.com") {
            continue;
        }
        let organization = trust.provider.organization().unwrap_or("ORG");
        let reason = "`aud` is `sts.amazonaws.com`, which CircleCI's tokens don't have by default";
        let mend =
            format!("make `aud` the organization's id: `\"{}\": \"{organization}\"`", trust.key("aud"));
        report.find(&RULE, Place::condition(trust.index, condition), reason, &mend);
    }
}
