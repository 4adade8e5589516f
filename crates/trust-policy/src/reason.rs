//! Why a policy didn't let an identity in, as values that print, apart so that the evaluator doesn't
//! hold prose.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::{
    judged::{Found, JudgedStatement},
    outcome::Outcome,
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
        found: Option<String>,
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
    pub(crate) fn denied(judged: &JudgedStatement) -> Self {
        Self::Denied { statement: judged.name() }
    }

    /// Everything that keeps a statement from applying, or may; of the wrong caller or call nothing more is said.
    pub(crate) fn of(judged: &JudgedStatement, request: Request<'_>) -> Vec<Self> {
        let caller = || request.caller.arn().to_owned();
        let statement = judged.name();
        if judged.principal == Outcome::NotMet {
            return vec![Self::OtherPrincipal { statement, caller: caller() }];
        }
        if judged.action == Outcome::NotMet {
            return vec![Self::OtherAction { statement, action: request.action.to_owned() }];
        }
        let mut reasons = Vec::new();
        if judged.principal == Outcome::Unknown {
            reasons.push(Self::PrincipalUnknown { statement: statement.clone(), caller: caller() });
        }
        for condition in &judged.conditions {
            let (statement, operator) = (statement.clone(), condition.operator.clone());
            let key = condition.key.clone();
            match condition.outcome {
                Outcome::Met => {}
                Outcome::Unknown => reasons.push(Self::ConditionUnknown { statement, operator, key }),
                Outcome::NotMet => {
                    let found = match &condition.found {
                        Found::Present(values) => Some(values.join(", ")),
                        Found::Absent | Found::Unknown => None,
                    };
                    reasons.push(Self::ConditionNotMet { statement, operator, key, found });
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
                write!(f, "{statement} doesn't name `{}`", line(missing))
            }
            Self::PrincipalUnknown { statement, caller } => {
                write!(f, "{statement}: whether its principal is `{}` can't be judged here", line(caller))
            }
            Self::ConditionNotMet { statement, operator, key, found: Some(value) } => {
                let (operator, key, value) = (line(operator), line(key), line(value));
                write!(f, "{statement}: `{operator}` on `{key}` refuses `{value}`")
            }
            Self::ConditionNotMet { statement, operator, key, found: None } => {
                let (operator, key) = (line(operator), line(key));
                write!(f, "{statement}: `{operator}` on `{key}`, which the request doesn't have")
            }
            Self::ConditionUnknown { statement, operator, key } => {
                let (operator, key) = (line(operator), line(key));
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

/// A text from outside, so that it stays on its line.
pub(crate) fn line(text: &str) -> String {
    let escape = |character: char| {
        if character.is_control() { character.escape_default().to_string() } else { character.to_string() }
    };
    text.chars().map(escape).collect()
}
