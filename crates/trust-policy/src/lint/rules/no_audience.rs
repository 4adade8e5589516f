//! Nothing is asked of `aud`.

use crate::lint::{
    report::{Place, Report},
    rule::{Rule, Severity},
    trust::Trust,
};

pub(super) static RULE: Rule = Rule {
    id: "no-audience",
    severity: Severity::Medium,
    title: "a token made for somebody else is taken",
    why: "Without a condition on `aud`, a token for any audience that the provider lists assumes the role, one included that a job has handed to another service.",
    mend: "add `StringEquals` on the provider's `aud`",
};

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    if trust.limits("aud") || trust.may_ask_more() {
        return;
    }
    let audience = match trust.provider.organization() {
        Some(organization) if trust.provider.is_circleci() => organization,
        _ if trust.provider.is_circleci() => "ORG",
        _ if trust.provider.is_github() => "sts.amazonaws.com",
        _ => "AUDIENCE",
    };
    let reason = match trust.on("aud").next() {
        Some(_) => "no condition limits `aud` to named audiences",
        None => "no condition asks for `aud`",
    };
    let mend = format!("add to `StringEquals`: `\"{}\": \"{audience}\"`", trust.key("aud"));
    report.find(&RULE, Place::statement(trust.index), reason, &mend);
}
