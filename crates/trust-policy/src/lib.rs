//! IAM trust policies and how a web identity or a role's session meets them, by AWS's documented rules. No I/O.
//! What it doesn't know never lets anybody in.

mod caller;
mod condition;
mod document;
mod evaluate;
mod keys;
mod pattern;
mod reason;

pub use caller::RoleSession;
pub use document::{Effect, InvalidTrustPolicy, Pairs, Principal, Statement, TrustPolicy, Values};
pub use evaluate::{ACTION, RoleCall, Verdict, WebIdentity, evaluate, evaluate_role_call};
pub use keys::{Claims, ConditionKeys, RoleParameters};
pub use pattern::matches;
pub use reason::Reason;
