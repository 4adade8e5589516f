//! Every principal of every AWS account is allowed.

use crate::{
    actions::ASSUME_ROLE,
    document::{Effect, Principal, Statement, TrustPolicy},
    lint::{
        caller_scope::names_callers,
        language::HOLE,
        provider_trust::{conditions, may_cover},
        report::{PolicyLocation, Report},
        rule::{Rule, Severity},
    },
};

pub(super) static RULE: Rule = Rule {
    id: "any-principal",
    since: "0.1.0",
    severity: Severity::Critical,
    title: "any AWS account can assume the role",
    why: "`Principal: \"*\"` and `AWS: \"*\"` stand for every principal of every AWS account, and no condition restricts them to an account, an organization or a network. An external ID is not a secret.",
    fix: "name the accounts or roles that you mean; for CI name the identity provider under `Federated`",
};

pub(super) fn check(policy: &TrustPolicy, report: &mut Report) {
    for (index, statement) in policy.statements.iter().enumerate() {
        let conditions = conditions(policy, index);
        let is_open = names_every_principal(statement) && !conditions.iter().any(names_callers);
        if is_open && may_cover(statement, ASSUME_ROLE) && !has_only_unknown_actions(statement) {
            let reason = match conditions.as_slice() {
                [] => "the statement allows every principal of every AWS account, without a condition",
                _ => {
                    "the statement allows every principal of every AWS account that meets its conditions, and none of them names an account or an organization"
                }
            };
            report.find(&RULE, PolicyLocation::statement(index), reason, RULE.fix);
        }
    }
}

/// Whether an `Allow` has the principal `*`.
pub(super) fn names_every_principal(statement: &Statement) -> bool {
    statement.effect == Effect::Allow
        && match &statement.principal {
            Principal::Anyone => true,
            Principal::Named(kinds) => {
                kinds.0.iter().any(|(kind, names)| kind == "AWS" && names.0.iter().any(|name| name == "*"))
            }
        }
}

/// Whether no action is literal: each may be any action.
fn has_only_unknown_actions(statement: &Statement) -> bool {
    !statement.actions.is_empty() && statement.actions.iter().all(|action| action.contains(HOLE))
}
