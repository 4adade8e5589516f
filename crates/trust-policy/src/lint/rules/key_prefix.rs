//! Keys of another provider than the one that the statement trusts.

use crate::lint::{
    condition::Subject,
    report::{Place, Report},
    rule::{Rule, Severity},
    trust::Trust,
};

pub(super) static RULE: Rule = Rule {
    id: "key-prefix",
    severity: Severity::Medium,
    title: "the condition is about another provider's claim",
    why: "A claim's key is the provider's URL without its scheme, a colon, and the claim. Under another prefix AWS finds nothing: the condition never holds, or always if it is negated.",
    mend: "begin the key as the provider's ARN goes on behind `oidc-provider/`",
};

pub(super) fn check(trust: &Trust<'_>, report: &mut Report) {
    let url = &trust.provider.url;
    for condition in &trust.conditions {
        let Subject::Claim { name, .. } = condition.subject else { continue };
        if condition.may_be_of(url) {
            continue;
        }
        let always = condition.operator.holds_when_absent();
        let outcome = if always { "always holds" } else { "never holds" };
        let reason =
            format!("`{}` is no key of the provider `{url}`, so the condition {outcome}", condition.key);
        let mend = format!("write `{}`", trust.key(name));
        report.find(&RULE, Place::condition(trust.index, condition), &reason, &mend);
    }
}
