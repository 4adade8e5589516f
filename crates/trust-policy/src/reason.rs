//! Why a policy does not allow a caller, as values that print. Separate from `evaluate`, which has no texts.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::{
    context_keys,
    evaluated::{EvaluatedStatement, RequestValue},
    match_result::MatchResult,
    one_line::one_line,
    request::Request,
};

/// One reason why the caller is not allowed, or may not be. `statement` is the `Sid`, or the number in the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The statement's principal does not include the caller.
    OtherPrincipal {
        /// The statement.
        statement: String,
        /// The caller's ARN.
        caller: String,
    },
    /// AWS does not document whether the statement's principal includes the caller.
    PrincipalUnknown {
        /// The statement.
        statement: String,
        /// The caller's ARN.
        caller: String,
    },
    /// The statement does not cover the action.
    OtherAction {
        /// The statement.
        statement: String,
        /// The action.
        action: String,
    },
    /// A condition doesn't hold.
    ConditionNotMet {
        /// The statement.
        statement: String,
        /// The condition's operator.
        operator: String,
        /// The key that it tests.
        key: String,
        /// The request's value for the key, if it has one.
        request_value: Option<String>,
    },
    /// A condition can't be evaluated offline, so it allows nothing.
    ConditionUnknown {
        /// The statement.
        statement: String,
        /// The condition's operator.
        operator: String,
        /// The key that it tests.
        key: String,
    },
    /// A `Deny` statement applies.
    Denied {
        /// The statement.
        statement: String,
    },
    /// The policy has no `Allow` statement.
    NothingAllowed,
}

impl Reason {
    /// That this `Deny` applies.
    pub(crate) fn denied(evaluated: &EvaluatedStatement) -> Self {
        Self::Denied { statement: evaluated.name() }
    }

    /// Every reason why a statement does not apply, or may not. If caller or action differ, that is the only reason.
    pub(crate) fn of(evaluated: &EvaluatedStatement, request: Request<'_>) -> Vec<Self> {
        let caller = || request.caller.arn().to_owned();
        let statement = evaluated.name();
        if evaluated.principal == MatchResult::NotMet {
            return vec![Self::OtherPrincipal { statement, caller: caller() }];
        }
        if evaluated.action == MatchResult::NotMet {
            return vec![Self::OtherAction { statement, action: request.action.to_owned() }];
        }
        let mut reasons = Vec::new();
        if evaluated.principal == MatchResult::Unknown {
            reasons.push(Self::PrincipalUnknown { statement: statement.clone(), caller: caller() });
        }
        for condition in &evaluated.conditions {
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
                write!(f, "{statement} does not name `{}`", one_line(missing))
            }
            Self::PrincipalUnknown { statement, caller } => {
                write!(
                    f,
                    "{statement}: AWS does not document whether its principal includes `{}`",
                    one_line(caller)
                )
            }
            Self::ConditionNotMet { statement, operator, key, request_value: Some(value) } => {
                let (operator, key, value) = (one_line(operator), one_line(key), one_line(value));
                write!(f, "{statement}: `{operator}` on `{key}` does not hold for `{value}`")
            }
            Self::ConditionNotMet { statement, operator, key, request_value: None } => {
                let (operator, key) = (one_line(operator), one_line(key));
                write!(f, "{statement}: `{operator}` on `{key}`, which the request does not have")
            }
            Self::ConditionUnknown { statement, operator, key } => {
                let (operator, shown) = (one_line(operator), one_line(key));
                match context_keys::parse(key) {
                    Some(_) => write!(
                        f,
                        "{statement}: `{operator}` on `{shown}`, and whether the exchange has this key is not established"
                    ),
                    None => write!(f, "{statement}: `{operator}` on `{shown}` cannot be evaluated offline"),
                }
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
