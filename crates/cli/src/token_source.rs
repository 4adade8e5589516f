//! Where the job's token comes from, and reading it there.

use std::path::{Path, PathBuf};

use oidc::{InvalidToken, SubjectForm, Token};

use crate::environment::{Environment, vars};
use crate::io::text_file;

/// Where to look for the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TokenSource {
    /// Whatever this CI offers.
    Auto,
    /// `CIRCLE_OIDC_TOKEN_V2` and nothing else.
    CircleciV2,
    /// `CIRCLE_OIDC_TOKEN` and nothing else.
    CircleciV1,
    /// A file that holds a token.
    File(PathBuf),
    /// A variable that holds a token.
    Env(String),
}

/// A text that names no source.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no token source: write auto, circleci-v2, circleci-v1, file:PATH or env:NAME")]
pub(crate) struct InvalidTokenSource(String);

impl std::str::FromStr for TokenSource {
    type Err = InvalidTokenSource;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match (text, text.split_once(':')) {
            ("auto", _) => Ok(Self::Auto),
            ("circleci-v2", _) => Ok(Self::CircleciV2),
            ("circleci-v1", _) => Ok(Self::CircleciV1),
            (_, Some(("file", path))) if !path.is_empty() => Ok(Self::File(path.into())),
            (_, Some(("env", name))) if !name.is_empty() => Ok(Self::Env(name.to_owned())),
            _ => Err(InvalidTokenSource(text.escape_debug().to_string())),
        }
    }
}

/// A token and the place that it was found in.
#[derive(Debug, Clone)]
pub(crate) struct FoundToken {
    /// The token.
    pub(crate) token: Token,
    /// The variable or file, for words to the user.
    pub(crate) place: String,
}

/// What a source gave.
#[derive(Debug)]
pub(crate) struct Found {
    /// The token to show first.
    pub(crate) first: FoundToken,
    /// Of `auto`: the token with the other form of `sub`, for roles whose policy was written for that.
    pub(crate) second: Option<FoundToken>,
}

/// No usable token.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenError {
    /// There is nothing where the token should be.
    #[error("{0} is not set, or is empty")]
    Absent(String),
    /// CircleCI gave this job no token.
    #[error("CIRCLE_OIDC_TOKEN_V2 and CIRCLE_OIDC_TOKEN are not set, or are empty")]
    NeitherVariable,
    /// There is something, but no token.
    #[error("what stands in {place} is not an identity token")]
    Invalid {
        /// The variable or file.
        place: String,
        /// What is wrong with it.
        #[source]
        flaw: InvalidToken,
    },
    /// The file can't be read.
    #[error("the token file `{}` can't be read", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: text_file::ReadError,
    },
}

impl TokenSource {
    /// Reads the token, and takes it apart far enough to say what is wrong with it.
    pub(crate) fn read(&self, environment: &Environment) -> Result<Found, TokenError> {
        match self {
            Self::Auto => automatic(environment),
            Self::CircleciV2 => variable(vars::CIRCLE_OIDC_TOKEN_V2, environment).map(only),
            Self::CircleciV1 => variable(vars::CIRCLE_OIDC_TOKEN, environment).map(only),
            Self::Env(name) => variable(name, environment).map(only),
            Self::File(path) => file(path).map(only),
        }
    }
}

fn only(first: FoundToken) -> Found {
    Found { first, second: None }
}

/// V2 first: its `sub` says which branch asks. V1 where there is no V2, or where V2 is refused.
fn automatic(environment: &Environment) -> Result<Found, TokenError> {
    let v1 = || variable(vars::CIRCLE_OIDC_TOKEN, environment);
    match variable(vars::CIRCLE_OIDC_TOKEN_V2, environment) {
        Ok(first) => {
            let differs = |second: &FoundToken| second.token.claims().subject != first.token.claims().subject;
            let second = v1().ok().filter(differs);
            Ok(Found { first, second })
        }
        Err(TokenError::Absent(_)) => v1().map(only).map_err(|error| match error {
            TokenError::Absent(_) => TokenError::NeitherVariable,
            other => other,
        }),
        Err(other) => Err(other),
    }
}

fn variable(name: &str, environment: &Environment) -> Result<FoundToken, TokenError> {
    let text = environment.set(name).ok_or_else(|| TokenError::Absent(name.to_owned()))?;
    parse(text, name.to_owned())
}

fn file(path: &Path) -> Result<FoundToken, TokenError> {
    let text = text_file::read(path)
        .map_err(|source| TokenError::File { path: path.to_owned(), source })?
        .ok_or_else(|| TokenError::Absent(format!("the file `{}`", path.display())))?;
    parse(&text, format!("the file `{}`", path.display()))
}

fn parse(text: &str, place: String) -> Result<FoundToken, TokenError> {
    match Token::parse(text) {
        Ok(token) => Ok(FoundToken { token, place }),
        Err(InvalidToken::Empty) => Err(TokenError::Absent(place)),
        Err(flaw) => Err(TokenError::Invalid { place, flaw }),
    }
}

impl Found {
    /// What the user may not expect of the token that is shown first.
    pub(crate) fn note(&self) -> Option<&'static str> {
        let note = "CIRCLE_OIDC_TOKEN is used: its `sub` ends after `user/…`, without origin and branch";
        self.first.is_v1().then_some(note)
    }
}

impl FoundToken {
    /// Whether its `sub` is the short form although branches could have been in it.
    fn is_v1(&self) -> bool {
        self.place == vars::CIRCLE_OIDC_TOKEN
            && SubjectForm::of(&self.token.claims().subject) == SubjectForm::WithoutVcs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `sub` is `s`.
    const TOKEN: &str =
        "e30.eyJpc3MiOiJodHRwczovL2kiLCJzdWIiOiJzIiwiYXVkIjoiYSIsImV4cCI6NDAwMDAwMDAwMH0.c2ln";
    /// `sub` is `t`.
    const OTHER: &str =
        "e30.eyJpc3MiOiJodHRwczovL2kiLCJzdWIiOiJ0IiwiYXVkIjoiYSIsImV4cCI6NDAwMDAwMDAwMH0.c2ln";

    #[test]
    fn auto_prefers_v2_and_keeps_v1_where_its_sub_differs() {
        for (v1, second) in [(OTHER, true), (TOKEN, false), ("", false), ("garbage", false)] {
            let environment = Environment::from([("CIRCLE_OIDC_TOKEN_V2", TOKEN), ("CIRCLE_OIDC_TOKEN", v1)]);
            let found = TokenSource::Auto.read(&environment).unwrap();
            assert_eq!(found.first.place, "CIRCLE_OIDC_TOKEN_V2");
            assert_eq!(found.second.is_some(), second, "{v1}");
        }
    }

    #[test]
    fn auto_takes_v1_where_v2_is_blank() {
        let environment = Environment::from([("CIRCLE_OIDC_TOKEN_V2", " "), ("CIRCLE_OIDC_TOKEN", TOKEN)]);
        let found = TokenSource::Auto.read(&environment).unwrap();
        assert_eq!(found.first.place, "CIRCLE_OIDC_TOKEN");
        assert!(found.second.is_none());
    }

    #[test]
    fn a_broken_v2_is_not_papered_over() {
        let environment = Environment::from([("CIRCLE_OIDC_TOKEN_V2", "a.b"), ("CIRCLE_OIDC_TOKEN", TOKEN)]);
        let error = TokenSource::Auto.read(&environment).unwrap_err();
        assert_eq!(error.to_string(), "what stands in CIRCLE_OIDC_TOKEN_V2 is not an identity token");
    }

    #[test]
    fn a_named_source_is_the_only_one() {
        let environment = Environment::from([("CIRCLE_OIDC_TOKEN", TOKEN), ("OTHER", OTHER)]);
        assert!(matches!(TokenSource::CircleciV2.read(&environment), Err(TokenError::Absent(_))));
        assert!(TokenSource::CircleciV1.read(&environment).unwrap().second.is_none());
        let source: TokenSource = "env:OTHER".parse().unwrap();
        assert_eq!(source.read(&environment).unwrap().first.token.claims().subject, "t");
    }

    #[test]
    fn other_words_are_refused() {
        for text in ["", "v2", "file:", "env:", "mint", "github", "file"] {
            assert!(text.parse::<TokenSource>().is_err(), "{text}");
        }
    }
}
