//! The job's identity token and what it claims. No I/O; nothing here verifies a signature: STS does.

mod audience;
mod issuer;
mod job_claims;
mod subject;
mod token;
mod unverified_claims;

pub use audience::Audience;
pub use issuer::Issuer;
pub use job_claims::JobClaims;
pub use subject::SubjectForm;
pub use token::{InvalidToken, Token};
pub use unverified_claims::UnverifiedClaims;
