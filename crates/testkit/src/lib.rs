//! Test certificates, an issuer with its tokens, the search for leaked secrets, and the pages of the manual. Development
//! only.

pub mod example_ids;
mod github_token;
mod issuer;
mod leak_check;
pub mod manual;
mod programs;
mod test_ca;
mod tokens;

pub use github_token::GithubToken;
pub use issuer::{IssuerError, TestIssuer};
pub use leak_check::{Leak, find_leaks};
pub use programs::{copy_program, write_program};
pub use test_ca::{CertificateError, ServerCertificate, TestCa, Validity};
pub use tokens::{JobToken, Shape};
