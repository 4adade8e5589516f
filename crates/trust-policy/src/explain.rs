//! Explains a verdict: every statement with all its parts, the nearest first, and in words what keeps the nearest
//! statement from allowing the token. Separate from `evaluate`, which has no texts.

mod alone;
mod change;
mod circleci;
mod github;
mod nearest;
mod provider;
mod sibling;
mod value;

pub use change::ProposedChange;
pub use sibling::Sibling;

use serde::Serialize;

use crate::{
    document::{Effect, TrustPolicy},
    evaluate::{self, Evaluation, Verdict, WebIdentity},
    evaluated::EvaluatedStatement,
    match_result::MatchResult,
};

/// A verdict with all evaluated statements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The policy's verdict on the token.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// The action that decided: the call itself, or a further action that the token needs.
    pub action: String,
    /// The provider that a statement must name.
    pub provider_arn: String,
    /// The nearest first; statements that can never apply to this token last.
    pub statements: Vec<EvaluatedStatement>,
    /// What keeps the nearest statement from allowing the token; `None` if it is allowed.
    pub nearest: Option<String>,
    /// How that statement could allow it. `nearest` ends with it.
    #[serde(skip)]
    pub change: Option<ProposedChange>,
}

/// Evaluates `policy` for `identity` and explains the verdict.
pub fn explain(policy: &TrustPolicy, identity: &WebIdentity) -> Explanation {
    let Evaluation { request, mut statements, verdict } = evaluate::deciding_evaluation(policy, identity);
    statements.sort_by_key(|statement| Distance::of(statement, &verdict));
    let change = match (&verdict, statements.first()) {
        (Verdict::Denied { .. }, Some(nearest)) if nearest.effect == Effect::Allow => {
            change::propose(policy, identity, nearest)
        }
        _ => None,
    };
    let nearest = nearest::difference(&verdict, &statements, request).map(|difference| match &change {
        Some(change) => format!("{difference}: {change}"),
        None => difference,
    });
    Explanation {
        verdict,
        action: request.action.to_owned(),
        provider_arn: identity.provider_arn.clone(),
        statements,
        nearest,
        change,
    }
}

/// How far a statement is from the one that decides. Fields are compared in order.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Distance {
    /// A `Deny` that decides comes before every `Allow`, any other `Deny` after.
    group: u8,
    is_about_others: bool,
    is_about_other_calls: bool,
    failing: usize,
    unknown: usize,
}

impl Distance {
    fn of(statement: &EvaluatedStatement, verdict: &Verdict) -> Self {
        let is_open = matches!(verdict, Verdict::Unknown { .. });
        let count =
            |outcome| statement.conditions.iter().filter(|condition| condition.outcome == outcome).count();
        Self {
            group: match (statement.effect, statement.applies) {
                (Effect::Deny, MatchResult::Met) => 0,
                (Effect::Deny, MatchResult::Unknown) if is_open => 0,
                (Effect::Allow, _) => 1,
                (Effect::Deny, _) => 2,
            },
            is_about_others: statement.principal == MatchResult::NotMet,
            is_about_other_calls: statement.action == MatchResult::NotMet,
            failing: count(MatchResult::NotMet),
            unknown: count(MatchResult::Unknown),
        }
    }
}
