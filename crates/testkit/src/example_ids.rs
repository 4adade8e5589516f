//! The identities that every test and demonstration shares, apart so that a policy, a token and a
//! server agree on them without passing them around. They name nothing that exists.

/// The organization that the tokens come from.
pub const ORGANIZATION_ID: &str = "0f3c1a52-7c1e-4d0a-9b57-3d8a1f6c2e01";

/// The project whose jobs a policy usually lets in.
pub const PROJECT_ID: &str = "5b2e7d90-41aa-4c8e-8f13-6a9d0c7b4e02";

/// A second project of the same organization, which a policy usually keeps out.
pub const OTHER_PROJECT_ID: &str = "9d41c6b8-2f05-4e73-a1c4-7e5b3f8d1a03";

/// The person whose push started the job.
pub const USER_ID: &str = "c7a5e3f1-8b6d-4920-b3e8-1f4c6d2a9b04";

/// Where the project's code lives, without a scheme, as `sub` spells it.
pub const VCS_ORIGIN: &str = "github.com/example-org/example-app";
