//! Evaluates IAM trust policies for a web identity or a role's session, by AWS's documented rules. No I/O.
//! A condition on something unknown never allows a caller.

mod actions;
mod caller;
mod claim_keys;
mod claim_value;
mod claims;
mod condition;
mod condition_keys;
mod document;
mod evaluate;
mod evaluated;
mod explain;
pub mod generate;
mod key_value;
pub mod lint;
mod match_result;
mod one_line;
mod operator;
mod pattern;
mod reason;
mod request;
mod tags_claim;
mod uuid;

pub use actions::ASSUME_ROLE_WITH_WEB_IDENTITY;
pub use caller::RoleSession;
pub use claims::{Claims, InvalidClaims, TokenClaims};
pub use condition_keys::{ConditionKeys, RequestContext, RoleParameters};
pub use document::{Effect, InvalidTrustPolicy, Pairs, Principal, Statement, TrustPolicy, Values};
pub use evaluate::{RoleCall, Verdict, WebIdentity, evaluate, evaluate_role_call};
pub use evaluated::{EvaluatedCondition, EvaluatedStatement, RequestValue};
pub use explain::{Explanation, ProposedChange, Sibling, explain};
pub use match_result::MatchResult;
pub use pattern::matches;
pub use reason::Reason;
pub use tags_claim::InvalidTags;
