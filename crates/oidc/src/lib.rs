//! The job's identity token and what it claims. No I/O; nothing here verifies a signature: STS does.

mod audience;
pub mod circleci;
mod issuer;
mod job_claims;
mod provider_arn;
mod subject;
mod token;
mod token_form;
mod token_origin;
mod unverified_claims;

pub use audience::Audience;
pub use issuer::Issuer;
pub use job_claims::JobClaims;
pub use provider_arn::ProviderArn;
pub use subject::{JobSubject, Subject, SubjectPart, VcsSubject};
pub use token::{InvalidToken, Token};
pub use token_form::TokenForm;
pub use token_origin::TokenOrigin;
pub use unverified_claims::UnverifiedClaims;
