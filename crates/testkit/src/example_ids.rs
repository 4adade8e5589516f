//! The IDs that all tests and demonstrations share, so that a policy, a token and a server have the same ones. Nothing
//! with these IDs exists.

/// The organization of the tokens.
pub const ORGANIZATION_ID: &str = "0f3c1a52-7c1e-4d0a-9b57-3d8a1f6c2e01";

/// The project whose jobs a policy usually allows.
pub const PROJECT_ID: &str = "5b2e7d90-41aa-4c8e-8f13-6a9d0c7b4e02";

/// A second project of the same organization, which a policy usually does not allow.
pub const OTHER_PROJECT_ID: &str = "9d41c6b8-2f05-4e73-a1c4-7e5b3f8d1a03";

/// The user whose push started the job.
pub const USER_ID: &str = "c7a5e3f1-8b6d-4920-b3e8-1f4c6d2a9b04";

/// The URL of the project's repository without its scheme, as in `sub`.
pub const VCS_ORIGIN: &str = "github.com/example-org/example-app";
