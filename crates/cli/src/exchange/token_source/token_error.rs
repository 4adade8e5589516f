//! Why there is no token. Each variant has its own remedy; none shows any part of a token.

use std::path::PathBuf;

use oidc::{InvalidToken, TokenOrigin};

use crate::exchange::token_source::{GithubError, MintError};
use crate::io::files::text_file;

/// No usable token.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenError {
    /// There is nothing where the token should be.
    #[error("{0} is not set, or is empty")]
    Absent(TokenOrigin),
    /// CircleCI gave this job no token.
    #[error("CIRCLE_OIDC_TOKEN_V2 and CIRCLE_OIDC_TOKEN are not set, or are empty")]
    NeitherVariable(#[source] Option<MintError>),
    /// The one at hand won't do, and there is no other.
    #[error("{flaw}, and there is no fresh one")]
    NoFresh {
        /// What is wrong with it, in words.
        flaw: String,
        /// Why there is none.
        source: MintError,
    },
    /// CircleCI's program gave none.
    #[error("this job has no fresh token")]
    Mint(#[source] MintError),
    /// There is something, but no token.
    #[error("{} is not an identity token", contents(origin))]
    Invalid {
        /// Where it came from.
        origin: TokenOrigin,
        /// What is wrong with it.
        #[source]
        flaw: InvalidToken,
    },
    /// For commands that ask nobody.
    #[error("this job's token would have to be asked for, which this command does not do")]
    NotAtHand,
    /// The file can't be read.
    #[error("the token file `{}` can't be read", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: text_file::ReadError,
    },
    /// GitHub gave none.
    #[error("GitHub Actions gives this job no token")]
    Github(#[source] GithubError),
    /// A token, but for somebody else.
    #[error("the token from {origin} is for the audience `{found}`, not for `{expected}`")]
    Audience {
        /// Where it came from.
        origin: TokenOrigin,
        /// Its `aud`.
        found: String,
        /// What `--audience` says.
        expected: String,
    },
}

/// Text that is not a token, by its origin.
fn contents(origin: &TokenOrigin) -> String {
    match origin {
        TokenOrigin::Github => format!("what stands in the answer of {origin}"),
        _ => format!("what stands in {origin}"),
    }
}
