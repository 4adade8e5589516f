//! `trust lint`: named rules that find what is wrong with a trust policy for tokens of a CI. It checks a policy
//! without a token; `evaluate` evaluates it for one.
//!
//! A part of the policy that isn't literal is a [`HOLE`] to the rules: they remark on it, and report no finding
//! about it.

mod branch_name;
mod caller_scope;
mod condition;
mod denial;
mod language;
mod notification;
mod openness;
mod operator;
mod page;
mod provider;
mod provider_trust;
mod report;
mod repository_scope;
mod rule;
mod rules;
mod sarif;
mod shared_service;
mod subject_shape;
mod variable;

pub use language::HOLE;
pub use notification::Notification;
pub use page::{RuleExample, rule_page, rules_index};
pub use report::{Finding, PolicyLocation, Remark, Report, printable};
pub use rule::{Rule, Severity};
pub use rules::RULES;
pub use sarif::{LocatedFinding, sarif};

use crate::document::TrustPolicy;

/// Checks a policy with every rule. The findings are in the order of the statements, within a statement in that of
/// [`RULES`].
pub fn lint(policy: &TrustPolicy) -> Report {
    rules::check_all(policy)
}
