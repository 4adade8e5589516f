//! The rules, one file each, and the order in which they check a policy.

mod any_customer;
mod any_principal;
mod any_repository;
mod audit_log;
mod branch_wildcard;
mod context_key;
mod crafted_branch;
mod foreign_audience;
mod id_wildcard;
mod issuer_without_organization;
mod key_prefix;
mod literal_wildcard;
mod name_only_subject;
mod never_met;
mod no_audience;
mod no_project;
mod not_literal;
mod old_version;
mod only_v1;
mod open_origin;
mod open_prefix;
mod passes_when_absent;
mod policy_variable;
mod provider_form;
mod pull_request;
mod root_issuer;
mod shared_issuer;
mod unexposed_key;
mod unknown_operator;
mod whole_organization;
mod wildcard_web_identity;
mod wrong_action;

use crate::document::TrustPolicy;

use super::{provider_trust::ProviderTrust, report::Report, rule::Rule};

/// All rules, in the order of docs/rules and SARIF.
pub static RULES: [&Rule; 30] = [
    &any_principal::RULE,
    &wildcard_web_identity::RULE,
    &root_issuer::RULE,
    &shared_issuer::RULE,
    &any_customer::RULE,
    &issuer_without_organization::RULE,
    &provider_form::RULE,
    &wrong_action::RULE,
    &key_prefix::RULE,
    &unexposed_key::RULE,
    &no_audience::RULE,
    &foreign_audience::RULE,
    &no_project::RULE,
    &whole_organization::RULE,
    &open_prefix::RULE,
    &policy_variable::RULE,
    &audit_log::RULE,
    &open_origin::RULE,
    &crafted_branch::RULE,
    &branch_wildcard::RULE,
    &only_v1::RULE,
    &any_repository::RULE,
    &pull_request::RULE,
    &id_wildcard::RULE,
    &name_only_subject::RULE,
    &context_key::RULE,
    &passes_when_absent::RULE,
    &literal_wildcard::RULE,
    &never_met::RULE,
    &old_version::RULE,
];

/// Checks one statement for one provider.
type Check = fn(&ProviderTrust<'_>, &mut Report);

/// In the order of [`RULES`].
const CHECKS: [Check; 29] = [
    root_issuer::check,
    shared_issuer::check,
    any_customer::check,
    issuer_without_organization::check,
    provider_form::check,
    wrong_action::check,
    key_prefix::check,
    unexposed_key::check,
    no_audience::check,
    foreign_audience::check,
    no_project::check,
    whole_organization::check,
    open_prefix::check,
    policy_variable::check,
    audit_log::check,
    open_origin::check,
    crafted_branch::check,
    branch_wildcard::check,
    only_v1::check,
    any_repository::check,
    pull_request::check,
    id_wildcard::check,
    name_only_subject::check,
    context_key::check,
    passes_when_absent::check,
    literal_wildcard::check,
    never_met::check,
    not_literal::check,
    unknown_operator::check,
];

/// Checks the policy with every rule.
pub(super) fn check_all(policy: &TrustPolicy) -> Report {
    let mut report = Report::default();
    any_principal::check(policy, &mut report);
    wildcard_web_identity::check(policy, &mut report);
    for trust in ProviderTrust::all(policy) {
        for check in CHECKS {
            check(&trust, &mut report);
        }
    }
    never_met::check_policy(policy, &mut report);
    old_version::check(policy, &mut report);
    let order = |rule: &Rule| RULES.iter().position(|known| known.id == rule.id);
    report.findings.sort_by_key(|finding| (finding.location.statement, order(finding.rule)));
    // One statement may name several providers; a finding about all of them is reported once.
    deduplicate(&mut report.findings);
    deduplicate(&mut report.remarks);
    report
}

fn deduplicate<T: PartialEq>(entries: &mut Vec<T>) {
    let mut kept: Vec<T> = Vec::new();
    for one in entries.drain(..) {
        if !kept.contains(&one) {
            kept.push(one);
        }
    }
    *entries = kept;
}
