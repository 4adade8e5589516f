//! IAM trust policies and how a web identity or a role's session meets them, by AWS's documented rules. No I/O.
//! What it doesn't know never lets anybody in.

mod caller;
mod claim_keys;
mod claims;
mod condition;
mod document;
mod evaluate;
mod explain;
pub mod generate;
mod judged;
mod keys;
pub mod lint;
mod operator;
mod outcome;
mod pattern;
mod reason;
mod request;
mod tags_claim;

pub use caller::RoleSession;
pub use claims::{Claims, InvalidClaims, TokenClaims};
pub use document::{Effect, InvalidTrustPolicy, Pairs, Principal, Statement, TrustPolicy, Values};
pub use evaluate::{ACTION, RoleCall, Verdict, WebIdentity, evaluate, evaluate_role_call};
pub use explain::{Explanation, explain};
pub use judged::{Found, JudgedCondition, JudgedStatement};
pub use keys::{Circumstances, ConditionKeys, RoleParameters};
pub use outcome::Outcome;
pub use pattern::matches;
pub use reason::Reason;
pub use tags_claim::InvalidTags;
