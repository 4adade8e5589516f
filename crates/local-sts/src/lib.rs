//! An STS on loopback that answers over TLS as AWS does: it verifies a token's signature, issuer, audience and times, or
//! the signature of credentials that it issued, and evaluates the role's trust policy. For rehearsals of a policy and for
//! tests; never a part of the product.
//!
//! AWS also evaluates the caller's identity policies. Here they allow everything and session policies restrict nothing:
//! the trust policy alone decides.
//!
//! The server is an independent check of the product. It parses requests and writes responses with code of its own, made
//! from recorded responses of AWS, so that one mistake cannot be on both sides and stay unnoticed.

mod arn;
mod assume_role;
mod assume_role_with_web_identity;
mod clock;
mod config;
mod connection;
mod dispatch;
mod fault;
mod form;
mod get_caller_identity;
mod identity_token;
mod judgement;
mod limits;
mod random;
mod recording;
mod refusal;
mod response;
mod role_parameters;
mod server;
mod session;
mod session_policies;
mod signature;
mod signed_call;
mod start_error;
mod state;
mod web_identity_parameters;
mod xml;

pub use arn::InvalidRoleArn;
pub use clock::unix_time_now;
pub use config::{CertificateKind, Config, Role};
pub use fault::{Fault, HOSTILE_SESSION_TOKEN, InvalidFault, PlannedFault};
pub use judgement::Judgement;
pub use recording::RecordedRequest;
pub use server::LocalSts;
pub use session::GrantedCredentials;
pub use start_error::StartError;
