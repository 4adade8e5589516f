//! Each statement of a policy, evaluated, as data: `evaluate` decides from it and `explain` shows it. Every part is
//! evaluated, also after the deciding one, so that a reader sees all results.

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

/// One statement, evaluated for one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvaluatedStatement {
    /// Its number in the policy, from 1.
    pub number: usize,
    /// Its `Sid`.
    pub sid: Option<String>,
    /// What it does if it applies.
    pub effect: Effect,
    /// Whether it applies.
    pub applies: MatchResult,
    /// Whether its principal includes the caller.
    pub principal: MatchResult,
    /// Its principals: kind and name.
    pub principals: Vec<String>,
    /// Whether it covers the action.
    pub action: MatchResult,
    /// Its actions; those of a `NotAction` with `all but` before them.
    pub actions: Vec<String>,
    /// In the policy's order.
    pub conditions: Vec<EvaluatedCondition>,
}

/// One key under one operator, evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvaluatedCondition {
    /// As the policy writes it.
    pub operator: String,
    /// As the policy writes it.
    pub key: String,
    /// The values in the policy.
    pub values: Vec<String>,
    /// What the request has.
    #[serde(rename = "found")]
    pub request_value: RequestValue,
    /// Whether it holds.
    pub outcome: MatchResult,
}

/// What the request has for a condition's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", content = "values", rename_all = "kebab-case")]
pub enum RequestValue {
    /// One value, or all values of a key that can have many.
    Present(Vec<String>),
    /// The request does not have the key.
    Absent,
    /// Not known offline.
    Unknown,
}

impl EvaluatedStatement {
    /// Evaluates every statement of `policy`.
    pub(crate) fn of_policy(policy: &TrustPolicy, request: &Request<'_>) -> Vec<Self> {
        let evaluated = |(at, statement)| Self::new(policy, at, statement, request);
        policy.statements.iter().enumerate().map(evaluated).collect()
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
                    outcome: condition::evaluate(operator, key, &values.0, request, policy.variables()),
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

    /// Its name in a sentence.
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
