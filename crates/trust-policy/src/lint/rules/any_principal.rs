//! Everybody with an AWS account is let in.

use crate::{
    document::{Effect, Principal, Statement, TrustPolicy},
    lint::{
        report::{Place, Report},
        rule::{Rule, Severity},
        trust::covers,
    },
};

pub(super) static RULE: Rule = Rule {
    id: "any-principal",
    severity: Severity::Critical,
    title: "any AWS account can assume the role",
    why: "`Principal: \"*\"` and `AWS: \"*\"` stand for every principal of every AWS account, and no condition narrows them down.",
    mend: "name the accounts or roles that are meant; for CI name the identity provider under `Federated`",
};

pub(super) fn check(policy: &TrustPolicy, report: &mut Report) {
    for (index, statement) in policy.statements.iter().enumerate() {
        let is_open = names_everybody(statement) && statement.condition.0.is_empty();
        if is_open && covers(statement, "sts:AssumeRole") && !holds_only_unknown_actions(statement) {
            let reason = "the statement lets in every principal of every AWS account, without a condition";
            report.find(&RULE, Place::statement(index), reason, RULE.mend);
        }
    }
}

/// Whether an `Allow` has the principal `*`.
pub(super) fn names_everybody(statement: &Statement) -> bool {
    statement.effect == Effect::Allow
        && match &statement.principal {
            Principal::Anyone => true,
            Principal::Named(kinds) => {
                kinds.0.iter().any(|(kind, names)| kind == "AWS" && names.0.iter().any(|name| name == "*"))
            }
        }
}

/// An action that isn't literal may be any.
fn holds_only_unknown_actions(statement: &Statement) -> bool {
    !statement.actions.is_empty() && statement.actions.iter().all(|action| action.contains(crate::lint::HOLE))
}
