//! Variables that are none.

use crate::{
    document::TrustPolicy,
    lint::{
        report::{Place, Report},
        rule::{Rule, Severity},
        trust::conditions,
    },
};

pub(super) static RULE: Rule = Rule {
    id: "old-version",
    severity: Severity::Medium,
    title: "without `Version` 2012-10-17 a variable is text",
    why: "`${aws:…}` in a value is a variable under `\"Version\": \"2012-10-17\"` alone. The default is an older version, which compares it as it stands.",
    mend: "add `\"Version\": \"2012-10-17\"` to the policy",
};

pub(super) fn check(policy: &TrustPolicy, report: &mut Report) {
    if policy.version.as_deref() == Some("2012-10-17") {
        return;
    }
    for (index, statement) in policy.statements.iter().enumerate() {
        for condition in conditions(policy, statement) {
            if let Some(value) = condition.values.iter().find(|value| value.contains("${")) {
                let reason = format!("`{value}` is compared as it stands");
                report.find(&RULE, Place::condition(index, &condition), &reason, RULE.mend);
            }
        }
    }
}
