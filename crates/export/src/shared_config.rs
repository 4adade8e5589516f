//! Editors for AWS's two shared files, and two readers ([`reader`], [`roles_file`]). They have three stages, each in its
//! own file: lines ([`document`]), the sections of one profile ([`profile_sections`]), the change ([`changes`]).
//!
//! Clients read these files by two grammars: botocore's, which is Python's `configparser`, and that of the other SDKs
//! (facts/aws.md 6.4 and 6.5). Lines are parsed as botocore parses them; a file in which the two grammars give different
//! values for the profile to write is refused.

mod changes;
pub mod config_file;
pub mod credentials_file;
mod document;
mod error;
mod own_keys;
mod process_line;
mod process_profile;
mod profile_keys;
mod profile_name;
mod profile_sections;
mod reader;
mod removal;
pub mod roles_file;

pub use error::SharedFileError;
pub use process_line::{InvalidProcessLine, Platform, ProcessLine};
pub use profile_name::{InvalidProfileName, ProfileName};
pub use reader::{ProfileReadError, ReadProfile, ReadProfiles, StaticCredentials};
