//! Why a policy didn't let an identity in, as values that print, apart so that the evaluator doesn't
//! hold prose.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::{
    evaluated::{EvaluatedStatement, RequestValue},
    match_result::MatchResult,
    one_line::one_line,
    request::Request,
};

/// One thing that kept the identity out, or may. `statement` is the `Sid`, or the place in the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The statement is about others.
    OtherPrincipal {
        /// Which statement.
        statement: String,
        /// Whom it would have to name.
        caller: String,
    },
    /// The statement is about others, or not: AWS doesn't say.
    PrincipalUnknown {
        /// Which statement.
        statement: String,
        /// Whom it would have to name.
        caller: String,
    },
    /// The statement is about other calls.
    OtherAction {
        /// Which statement.
        statement: String,
        /// What it would have to name.
        action: String,
    },
    /// A condition doesn't hold.
    ConditionNotMet {
        /// Which statement.
        statement: String,
        /// The condition's operator.
        operator: String,
        /// The key that it tests.
        key: String,
        /// What the request has under the key, if it has it.
        request_value: Option<String>,
    },
    /// A condition can't be judged, and so it lets nobody in.
    ConditionUnknown {
        /// Which statement.
        statement: String,
        /// The condition's operator.
        operator: String,
        /// The key that it tests.
        key: String,
    },
    /// A `Deny` statement applies.
    Denied {
        /// Which statement.
        statement: String,
    },
    /// The policy has no `Allow` statement.
    NothingAllowed,
}

impl Reason {
    /// That this `Deny` applies.
    pub(crate) fn denied(judged: &EvaluatedStatement) -> Self {
        Self::Denied { statement: judged.name() }
    }

    /// Everything that keeps a statement from applying, or may; of the wrong caller or call nothing more is said.
    pub(crate) fn of(judged: &EvaluatedStatement, request: Request<'_>) -> Vec<Self> {
        let caller = || request.caller.arn().to_owned();
        let statement = judged.name();
        if judged.principal == MatchResult::NotMet {
            return vec![Self::OtherPrincipal { statement, caller: caller() }];
        }
        if judged.action == MatchResult::NotMet {
            return vec![Self::OtherAction { statement, action: request.action.to_owned() }];
        }
        let mut reasons = Vec::new();
        if judged.principal == MatchResult::Unknown {
            reasons.push(Self::PrincipalUnknown { statement: statement.clone(), caller: caller() });
        }
        for condition in &judged.conditions {
            let (statement, operator) = (statement.clone(), condition.operator.clone());
            let key = condition.key.clone();
            match condition.outcome {
                MatchResult::Met => {}
                MatchResult::Unknown => reasons.push(Self::ConditionUnknown { statement, operator, key }),
                MatchResult::NotMet => {
                    let request_value = match &condition.request_value {
                        RequestValue::Present(values) => Some(values.join(", ")),
                        RequestValue::Absent | RequestValue::Unknown => None,
                    };
                    reasons.push(Self::ConditionNotMet { statement, operator, key, request_value });
                }
            }
        }
        reasons
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherPrincipal { statement, caller: missing }
            | Self::OtherAction { statement, action: missing } => {
                write!(f, "{statement} doesn't name `{}`", one_line(missing))
            }
            Self::PrincipalUnknown { statement, caller } => {
                write!(f, "{statement}: whether its principal is `{}` can't be judged here", one_line(caller))
            }
            Self::ConditionNotMet { statement, operator, key, request_value: Some(value) } => {
                let (operator, key, value) = (one_line(operator), one_line(key), one_line(value));
                write!(f, "{statement}: `{operator}` on `{key}` refuses `{value}`")
            }
            Self::ConditionNotMet { statement, operator, key, request_value: None } => {
                let (operator, key) = (one_line(operator), one_line(key));
                write!(f, "{statement}: `{operator}` on `{key}`, which the request doesn't have")
            }
            Self::ConditionUnknown { statement, operator, key } => {
                let (operator, key) = (one_line(operator), one_line(key));
                write!(f, "{statement}: `{operator}` on `{key}` can't be judged here")
            }
            Self::Denied { statement } => write!(f, "{statement} denies"),
            Self::NothingAllowed => f.write_str("no statement allows anything"),
        }
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
