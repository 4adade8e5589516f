//! Why a policy didn't let an identity in, as values that print, apart so that the evaluator doesn't
//! hold prose.

use std::fmt;

/// One thing that kept the identity out. `statement` is the `Sid`, or the place in the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The statement is about others.
    OtherPrincipal {
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
    /// A `Deny` statement applies, or may apply.
    Denied {
        /// Which statement.
        statement: String,
    },
    /// The policy has no `Allow` statement.
    NothingAllowed,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherPrincipal { statement, caller: missing }
            | Self::OtherAction { statement, action: missing } => {
                write!(f, "{statement} doesn't name `{missing}`")
            }
            Self::ConditionNotMet { statement, operator, key, found: Some(value) } => {
                write!(f, "{statement}: `{operator}` on `{key}` refuses `{value}`")
            }
            Self::ConditionNotMet { statement, operator, key, found: None } => {
                write!(f, "{statement}: `{operator}` on `{key}`, which the request doesn't have")
            }
            Self::ConditionUnknown { statement, operator, key } => {
                write!(f, "{statement}: `{operator}` on `{key}` can't be judged here")
            }
            Self::Denied { statement } => write!(f, "{statement} denies"),
            Self::NothingAllowed => f.write_str("no statement allows anything"),
        }
    }
}
