//! Why a verdict is what it is: every statement with all its parts, the nearest first, and what stands between
//! the token and it in plain words. Apart from `evaluate`, which needs no words.

mod circleci;
mod github;
mod nearest;
mod provider;
mod value;

use serde::Serialize;

use crate::{
    document::{Effect, TrustPolicy},
    evaluate::{self, Judgement, Verdict, WebIdentity},
    evaluated::EvaluatedStatement,
    match_result::MatchResult,
};

/// A verdict with everything that led to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// What the policy says to this token.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// The permission that decided: the call itself, or one that the token needs beside it.
    pub action: String,
    /// Whom a statement has to name.
    pub provider_arn: String,
    /// The nearest first; those that could never apply to this token last.
    pub statements: Vec<EvaluatedStatement>,
    /// What stands between the token and the nearest statement; `None` where it is let in.
    pub nearest: Option<String>,
}

/// Judges `identity` by `policy` and says why.
pub fn explain(policy: &TrustPolicy, identity: &WebIdentity) -> Explanation {
    let Judgement { request, mut statements, verdict } = evaluate::judge(policy, identity);
    statements.sort_by_key(|statement| Distance::of(statement, &verdict));
    let nearest = nearest::words(&verdict, &statements, request);
    Explanation {
        verdict,
        action: request.action.to_owned(),
        provider_arn: identity.provider_arn.clone(),
        statements,
        nearest,
    }
}

/// How far a statement is from having decided; the first difference counts.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Distance {
    /// A `Deny` that decides is before every `Allow`, one that doesn't behind.
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
