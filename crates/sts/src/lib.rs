//! The STS query protocol as values: a request becomes a form and, where it needs credentials, the headers that
//! sign it; a response becomes credentials, an identity or an error. No I/O. The caller sends the form, and decides how
//! often with [`retry::pause_before_next`].

mod assume_role;
mod caller_identity;
mod catalogue;
mod class;
mod endpoint;
mod error;
mod explain;
mod form;
mod get_scoped_credentials;
mod granted;
mod regional_endpoint;
mod request;
mod response;
pub mod retry;
mod scope;
mod scoped_credentials;
mod session_token_size;
mod signature;
mod temporary_keys;
mod xml;

pub use assume_role::AssumeRole;
pub use caller_identity::{CallerIdentity, GetCallerIdentity};
pub use catalogue::refusals_page;
pub use endpoint::{Endpoint, InvalidEndpoint, LISTED_FIPS_REGIONS, Variant};
pub use error::{Refusal, StsError, Unreadable};
pub use explain::{
    Explanation, IdentityRequest, ListPlace, RankedCause, RefusedCall, RefusedRequest, RequestFromRole,
    RequestWithToken, ScopeSigner, ScopedRequest, explain,
};
pub use form::FORM_CONTENT_TYPE;
pub use get_scoped_credentials::GetScopedCredentials;
pub use granted::{Granted, Operation};
pub use regional_endpoint::{NotRegional, RegionalEndpoint};
pub use request::AssumeRoleWithWebIdentity;
pub use response::Response;
pub use scope::{
    EmptyScope, InvalidScopeDescription, InvalidScopeDuration, InvalidScopePolicy, Scope, ScopeDescription,
    ScopeDuration, ScopePolicy,
};
pub use scoped_credentials::ScopedCredentials;
pub use session_token_size::SessionTokenSize;
pub use signature::{SigningKeys, signed_headers};
pub use temporary_keys::{NotTemporary, TemporaryKeys};
