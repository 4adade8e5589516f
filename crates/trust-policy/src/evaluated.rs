//! How each statement of a policy came out, as data: what `evaluate` concludes from and what `explain` shows.
//! Everything is judged, also behind what decides, because a reader wants to see all of it.

use serde::Serialize;

use crate::{
    actions::covers,
    condition,
    document::{Effect, Principal, Statement, TrustPolicy},
    key_value::Lookup,
    match_result::MatchResult,
    one_line::one_line,
    request::Request,
};

/// One statement against one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvaluatedStatement {
    /// Its place in the policy, from 1.
    pub number: usize,
    /// Its `Sid`.
    pub sid: Option<String>,
    /// What it means when it applies.
    pub effect: Effect,
    /// Whether it applies.
    pub applies: MatchResult,
    /// Whether it is about this caller.
    pub principal: MatchResult,
    /// Whom it is about: kind and name.
    pub principals: Vec<String>,
    /// Whether it is about this call.
    pub action: MatchResult,
    /// Which calls it is about, a `NotAction` with `all but` before it.
    pub actions: Vec<String>,
    /// In the policy's order.
    pub conditions: Vec<EvaluatedCondition>,
}

/// One key under one operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvaluatedCondition {
    /// As the policy has it.
    pub operator: String,
    /// As the policy has it.
    pub key: String,
    /// What the policy asks for.
    pub values: Vec<String>,
    /// What the request has.
    #[serde(rename = "found")]
    pub request_value: RequestValue,
    /// Whether it holds.
    pub outcome: MatchResult,
}

/// What a call has under a condition's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", content = "values", rename_all = "kebab-case")]
pub enum RequestValue {
    /// One value, or all of a key that can have many.
    Present(Vec<String>),
    /// Not there, and known not to be.
    Absent,
    /// Not to be seen from here.
    Unknown,
}

impl EvaluatedStatement {
    /// Judges all of `policy`.
    pub(crate) fn of_policy(policy: &TrustPolicy, request: &Request<'_>) -> Vec<Self> {
        let judge = |(at, statement)| Self::new(policy, at, statement, request);
        policy.statements.iter().enumerate().map(judge).collect()
    }

    fn new(policy: &TrustPolicy, at: usize, statement: &Statement, request: &Request<'_>) -> Self {
        let mut conditions = Vec::new();
        for (operator, tests) in &statement.condition.0 {
            for (key, values) in &tests.0 {
                conditions.push(EvaluatedCondition {
                    operator: operator.clone(),
                    key: key.clone(),
                    values: values.0.clone(),
                    request_value: RequestValue::from(request.find(key)),
                    outcome: condition::judge(operator, key, &values.0, request, policy.variables()),
                });
            }
        }
        let principal = request.caller.is_named_by(statement);
        let action = MatchResult::of(covers(statement, request.action, str::to_owned));
        let all = MatchResult::all(conditions.iter().map(|condition| condition.outcome));
        Self {
            number: at + 1,
            sid: statement.sid.clone(),
            effect: statement.effect,
            applies: principal.and(action).and(all),
            principal,
            principals: principals(&statement.principal),
            action,
            actions: actions(statement),
            conditions,
        }
    }

    /// How to name it in a sentence.
    pub(crate) fn name(&self) -> String {
        match &self.sid {
            Some(sid) => format!("statement `{}`", one_line(sid)),
            None => format!("statement {}", self.number),
        }
    }
}

impl From<Lookup<'_>> for RequestValue {
    fn from(value: Lookup<'_>) -> Self {
        match value {
            Lookup::Present(one) => Self::Present(vec![one.to_owned()]),
            Lookup::List([]) | Lookup::Absent => Self::Absent,
            Lookup::List(values) => Self::Present(values.to_vec()),
            Lookup::Unknown => Self::Unknown,
        }
    }
}

fn principals(principal: &Principal) -> Vec<String> {
    match principal {
        Principal::Anyone => vec!["*".to_owned()],
        Principal::Named(kinds) => kinds
            .0
            .iter()
            .flat_map(|(kind, names)| names.0.iter().map(move |name| format!("{kind} {name}")))
            .collect(),
    }
}

fn actions(statement: &Statement) -> Vec<String> {
    let excluded = statement.excluded_actions.iter().map(|action| format!("all but {action}"));
    statement.actions.iter().cloned().chain(excluded).collect()
}
