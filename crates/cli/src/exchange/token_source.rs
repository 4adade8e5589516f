//! Where the job's token comes from, and the tokens found there. Start with `search`, which calls the sources.

mod automatic;
mod candidates;
mod existing;
mod expected_audience;
mod github;
mod github_error;
mod mint;
mod search;
mod source;
mod token_error;
mod variables;

pub(crate) use candidates::{FoundToken, TokenCandidates};
pub(crate) use expected_audience::ExpectedAudience;
pub(crate) use github_error::GithubError;
pub(crate) use mint::MintError;
pub(crate) use search::TokenSearch;
pub(crate) use source::TokenSource;
pub(crate) use token_error::TokenError;
