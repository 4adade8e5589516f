//! An STS on loopback that judges as AWS does: over TLS, with the token's signature, issuer, audience and
//! times checked, or the signature of the credentials that it gave out, and the role's trust policy
//! enforced. Development only.
//!
//! AWS asks a caller's own policies too. Here they allow everything, and session policies take nothing away:
//! the trust policy alone decides.
//!
//! It is an independent check of the product: it parses requests and writes answers with code of its
//! own, from recorded answers of AWS, so that a mistake can't hide by being made on both sides.

mod answer;
mod arn;
mod assume_role;
mod caller_identity;
mod clock;
mod config;
mod connection;
mod dispatch;
mod fault;
mod form;
mod grant;
mod identity_token;
mod limits;
mod random;
mod recording;
mod refusal;
mod role_validation;
mod server;
mod session_policies;
mod signature;
mod signed_call;
mod validation;
mod web_identity;
mod world;
mod xml;

pub use arn::InvalidRoleArn;
pub use clock::unix_time_now;
pub use config::{CertificateKind, Config, Role};
pub use fault::{Fault, HOSTILE_SESSION_TOKEN, InvalidFault, PlannedFault};
pub use grant::GrantedCredentials;
pub use recording::RecordedRequest;
pub use server::{LocalSts, StartError};
