//! AWS's values, each checked once and then carried by its type. No I/O, no serde.

mod account_id;
mod arn;
mod assumed_role_arn;
mod credentials;
mod external_id;
mod partition;
mod policy_arn;
mod region;
mod role_arn;
mod seconds;
mod secret;
mod session_duration;
mod session_name;
mod session_policy;
mod session_tag;
mod source_identity;
mod timestamp;

pub use account_id::{AccountId, InvalidAccountId};
pub use arn::Arn;
pub use assumed_role_arn::{AssumedRoleArn, InvalidAssumedRoleArn};
pub use credentials::Credentials;
pub use external_id::{ExternalId, InvalidExternalId};
pub use partition::Partition;
pub use policy_arn::{InvalidPolicyArn, PolicyArn};
pub use region::{InvalidRegion, Region};
pub use role_arn::{InvalidRoleArn, RoleArn};
pub use seconds::seconds_from;
pub use secret::{Secret, withhold};
pub use session_duration::{InvalidSessionDuration, SessionDuration};
pub use session_name::{InvalidSessionName, SessionName};
pub use session_policy::{InvalidSessionPolicy, SessionPolicies, SessionPolicy, TooManyPolicies};
pub use session_tag::{InvalidSessionTag, InvalidSessionTags, SessionTag, SessionTags};
pub use source_identity::{InvalidSourceIdentity, SourceIdentity};
pub use timestamp::{InvalidTimestamp, Timestamp};
