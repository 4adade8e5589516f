//! The nouns of AWS, each checked once and then carried by its type. No I/O, no serde.

mod account_id;
mod credentials;
mod partition;
mod region;
mod role_arn;
mod seconds;
mod secret;
mod session_duration;
mod session_name;
mod timestamp;

pub use account_id::{AccountId, InvalidAccountId};
pub use credentials::Credentials;
pub use partition::Partition;
pub use region::{InvalidRegion, Region};
pub use role_arn::{InvalidRoleArn, RoleArn};
pub use seconds::seconds_from;
pub use secret::Secret;
pub use session_duration::{InvalidSessionDuration, SessionDuration};
pub use session_name::{InvalidSessionName, SessionName};
pub use timestamp::{InvalidTimestamp, Timestamp};
