//! `trust lint`: what is wrong with a trust policy for CI's tokens, by rules with a name each. It judges a policy
//! alone, where `evaluate` judges it for one token.
//!
//! What isn't literal is [`HOLE`]s to a rule: it is remarked on, and nothing is found in it.

mod condition;
mod language;
mod operator;
mod page;
mod provider;
mod report;
mod rule;
mod rules;
mod sarif;
mod trust;

pub use language::HOLE;
pub use page::rules_page;
pub use report::{Finding, Place, Remark, Report, shown};
pub use rule::{Rule, Severity};
pub use rules::RULES;
pub use sarif::{Located, sarif};

use crate::document::TrustPolicy;

/// Judges a policy by every rule. The findings are in the order of the statements, within one in that of [`RULES`].
pub fn lint(policy: &TrustPolicy) -> Report {
    rules::judge(policy)
}
