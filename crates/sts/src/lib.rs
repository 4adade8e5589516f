//! The STS query protocol as values: a request becomes a form, an answer becomes credentials or a reason.
//! No I/O. Who sends the form, and how often, is decided elsewhere with [`retry::pause_before_next`].

mod answer;
mod endpoint;
mod error;
mod hint;
mod request;
pub mod retry;
mod xml;

pub use answer::{Answer, Granted};
pub use endpoint::{Endpoint, InvalidEndpoint, Variant};
pub use error::{Refusal, StsError, Unreadable};
pub use hint::hint_for;
pub use request::AssumeRoleWithWebIdentity;
