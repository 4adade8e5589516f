//! IAM trust policies and how a web identity meets them, by AWS's documented rules. No I/O.
//! What it doesn't know never lets anybody in.

mod condition;
mod document;
mod evaluate;
mod keys;
mod pattern;
mod reason;

pub use document::{Effect, InvalidTrustPolicy, Pairs, Principal, Statement, TrustPolicy, Values};
pub use evaluate::{ACTION, Verdict, WebIdentity, evaluate};
pub use keys::{Claims, ConditionKeys};
pub use pattern::matches;
pub use reason::Reason;
