//! Why there is no token. Each variant has its own fix; none shows any part of a token.

use std::path::PathBuf;

use oidc::{InvalidToken, TokenOrigin};

use crate::ci::CiSystem;
use crate::exchange::token_source::{GithubError, MintError};
use crate::io::files::text_file;

/// No usable token.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenError {
    /// The source has no token.
    #[error("{}", absence(.0))]
    Absent(TokenOrigin),
    /// There is no file of this name.
    #[error("{0} does not exist")]
    NoFile(TokenOrigin),
    /// CircleCI gave this job no token.
    #[error("CIRCLE_OIDC_TOKEN_V2 and CIRCLE_OIDC_TOKEN are not set, or are empty")]
    NeitherVariable(#[source] Option<MintError>),
    /// Another CI gives its tokens names that the user has chosen.
    #[error("{} has no variable of a fixed name for its tokens, so `auto` finds none", .0.name)]
    NoFixedVariable(&'static CiSystem),
    /// The job's token is not usable, and there is no fresh one.
    #[error("{flaw}, and there is no fresh one")]
    NoFresh {
        /// What is wrong with it, for the user.
        flaw: String,
        /// Why there is no fresh one.
        source: MintError,
    },
    /// The CircleCI CLI returned none.
    #[error("this job has no fresh token")]
    Mint(#[source] MintError),
    /// A text that is not a token.
    #[error("{} is not an identity token", contents(origin))]
    Invalid {
        /// Where it came from.
        origin: TokenOrigin,
        /// What is wrong with it.
        #[source]
        flaw: InvalidToken,
    },
    /// For commands that request no token.
    #[error("this job has no token yet, and this command does not request one")]
    RequestNeeded,
    /// The file cannot be read.
    #[error("the token file `{}` cannot be read", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's own reason.
        #[source]
        source: text_file::ReadError,
    },
    /// GitHub returned none.
    #[error("GitHub Actions gives this job no token")]
    Github(#[source] GithubError),
    /// A token with another audience.
    #[error("the token from {origin} has the audience `{found}`; expected `{expected}`")]
    Audience {
        /// Where it came from.
        origin: TokenOrigin,
        /// Its `aud`.
        found: String,
        /// The value of `--audience`.
        expected: String,
    },
}

impl TokenError {
    /// Whether only this machine was asked, and no program was started: then the next call may well ask again.
    pub(crate) fn is_local(&self) -> bool {
        match self {
            Self::NeitherVariable(Some(mint)) | Self::NoFresh { source: mint, .. } | Self::Mint(mint) => {
                !mint.has_started_a_program()
            }
            Self::Github(error) => error.is_local(),
            Self::Invalid { origin, .. } | Self::Audience { origin, .. } => {
                !matches!(origin, TokenOrigin::Minted | TokenOrigin::Github)
            }
            Self::NeitherVariable(None)
            | Self::Absent(_)
            | Self::NoFile(_)
            | Self::NoFixedVariable(_)
            | Self::RequestNeeded
            | Self::File { .. } => true,
        }
    }
}

/// Only a variable can be set.
fn absence(origin: &TokenOrigin) -> String {
    match origin {
        TokenOrigin::File(_) => format!("{origin} is empty"),
        _ => format!("{origin} is not set, or is empty"),
    }
}

/// The text that is not a token, by its origin.
fn contents(origin: &TokenOrigin) -> String {
    match origin {
        TokenOrigin::Github => format!("the response of {origin}"),
        _ => format!("the content of {origin}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_token_is_local_unless_it_was_requested() {
        for (origin, is_local) in [
            (TokenOrigin::File("token".into()), true),
            (TokenOrigin::Minted, false),
            (TokenOrigin::Github, false),
        ] {
            let (found, expected) = ("a".to_owned(), "b".to_owned());
            let error = TokenError::Audience { origin, found, expected };
            assert_eq!(error.is_local(), is_local, "{error}");
        }
    }
}
