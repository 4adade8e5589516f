//! Credentials as text, one destination a file. Renders, never writes: text comes in as `&str`, and what
//! holds a secret leaves as [`aws::Secret`].

mod announcement;
pub mod bash_env;
pub mod cache_entry;
pub mod container;
pub mod dotenv;
pub mod endpoint_env;
pub mod foreign_keys;
pub mod github;
pub mod json;
mod json_line;
mod lines;
mod plain;
mod removal;
mod session;
mod shared_config;
pub mod shell;
mod variables;

pub use announcement::{Announcement, InvalidAnnouncement};
pub use plain::NotPlain;
pub use removal::Removal;
pub use session::{InvalidValue, Session};
pub use shared_config::{
    EditError, InvalidProcessLine, InvalidProfileName, Platform, ProcessLine, ProfileName, ReadError,
    ReadProfile, ReadProfiles, StaticKeys, config_file, credentials_file, roles_file,
};
pub use variables::{STALE, Variable};
