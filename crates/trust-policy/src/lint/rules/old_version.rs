//! Policy variables in a policy whose version has none.

use crate::{
    document::{PolicyVariables, TrustPolicy},
    lint::{
        provider_trust::conditions,
        report::{PolicyLocation, Report},
        rule::{Rule, Severity},
        variable::{self, Part},
    },
};

pub(super) static RULE: Rule = Rule {
    id: "old-version",
    since: "0.1.0",
    severity: Severity::Medium,
    title: "without `Version` 2012-10-17 a variable is text",
    why: "`${aws:…}` in a value is a variable only under `\"Version\": \"2012-10-17\"`. The default is an older version, which compares the text as it is.",
    fix: "add `\"Version\": \"2012-10-17\"` to the policy",
};

pub(super) fn check(policy: &TrustPolicy, report: &mut Report) {
    if policy.variables() == PolicyVariables::Expanded {
        return;
    }
    for condition in (0..policy.statements.len()).flat_map(|index| conditions(policy, index)) {
        if let Some(value) = condition.values.iter().find(|value| value.contains("${")) {
            let reason = format!("`{value}` is compared as it is");
            let fix = if variable::parts(value, true).contains(&Part::Chosen) {
                "write the value itself: as a variable it would be what the token or the caller says"
            } else {
                RULE.fix
            };
            report.find(&RULE, PolicyLocation::condition(&condition), &reason, fix);
        }
    }
}
