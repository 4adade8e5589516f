//! Credentials as text, one file for each destination. This crate renders and does not write: it takes text as `&str`
//! and returns text that holds a secret as [`aws::Secret`].

pub mod bash_env;
pub mod cache_entry;
pub mod container_credentials;
pub mod credentials_json;
pub mod dotenv;
mod endpoint_descriptor;
pub mod endpoint_env;
pub mod github;
pub mod json;
mod json_line;
mod lines;
pub mod no_proxy;
mod plain;
mod removal;
mod session;
mod shared_config;
pub mod shell;
mod shell_language;
mod variables;

pub use endpoint_descriptor::{EndpointDescriptor, InvalidEndpointDescriptor};
pub use endpoint_env::EndpointEnvironment;
pub use plain::NotPlain;
pub use removal::Removal;
pub use session::{InvalidSessionValue, Session};
pub use shared_config::{
    InvalidProcessLine, InvalidProfileName, Platform, ProcessLine, ProfileName, ProfileReadError,
    ReadProfile, ReadProfiles, SharedFileError, StaticCredentials, config_file, credentials_file, roles_file,
};
pub use shell_language::ShellLanguage;
pub use variables::{STALE_VARIABLES, Variable};
