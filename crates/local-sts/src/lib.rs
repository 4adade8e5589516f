//! An STS on loopback that judges tokens as AWS does: over TLS, with the token's signature, issuer,
//! audience and times checked and the role's trust policy enforced. Development only.
//!
//! It is an independent check of the product: it parses requests and writes answers with code of its
//! own, from recorded answers of AWS, so that a mistake can't hide by being made on both sides.

mod answer;
mod arn;
mod caller_identity;
mod clock;
mod config;
mod connection;
mod dispatch;
mod fault;
mod form;
mod grant;
mod identity_token;
mod random;
mod recording;
mod refusal;
mod server;
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
