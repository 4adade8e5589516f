//! Tokens that exist already, in a variable or a file. No token is requested.

use std::path::Path;

use oidc::{InvalidToken, Token, TokenOrigin};
use zeroize::Zeroizing;

use crate::ci::{CIRCLECI, CiSystem};
use crate::exchange::token_source::{FoundToken, TokenCandidates, TokenError, TokenSource, github, mint};
use crate::io::environment::Environment;
use crate::io::files::text_file;
use crate::io::secrets;

impl TokenSource {
    /// The existing token; `None` if it can only be requested.
    pub(crate) fn existing_token(
        &self,
        environment: &Environment,
    ) -> Result<Option<TokenCandidates>, TokenError> {
        let of_variable = |origin| variable(origin, environment).map(TokenCandidates::only);
        match self {
            Self::Auto if self.is_github(environment) => Self::Github.existing_token(environment),
            Self::Auto => match (fixed_variable(environment), circleci(environment)) {
                (Some(name), _) => of_variable(TokenOrigin::Variable(name.to_owned())).map(Some),
                (None, Err(TokenError::NeitherVariable(_))) if mint::is_available(environment) => Ok(None),
                (None, found) => found.map(Some),
            },
            Self::Mint => mint::programs(environment).map(|_| None).map_err(TokenError::Mint),
            Self::CircleciV2 => of_variable(TokenOrigin::CircleciV2).map(Some),
            Self::CircleciV1 => of_variable(TokenOrigin::CircleciV1).map(Some),
            Self::Github => github::permission(environment).map(|_| None).map_err(TokenError::Github),
            Self::Env(name) => of_variable(TokenOrigin::Variable(name.clone())).map(Some),
            Self::File(path) => file(path).map(TokenCandidates::only).map(Some),
        }
    }
}

/// The variable of another CI's tokens, if its name is always the same.
pub(super) fn fixed_variable(environment: &Environment) -> Option<&'static str> {
    CiSystem::of(environment)?.token_variable
}

/// Neither of CircleCI's variables is set. On another CI only the user knows the name of the variable.
fn no_variable(environment: &Environment) -> TokenError {
    match CiSystem::of(environment) {
        Some(ci) if *ci != CIRCLECI => TokenError::NoFixedVariable(ci),
        _ => TokenError::NeitherVariable(None),
    }
}

/// V2 first: its `sub` names the branch. V1 if there is no V2, or if STS denies V2.
pub(super) fn circleci(environment: &Environment) -> Result<TokenCandidates, TokenError> {
    let v1 = || variable(TokenOrigin::CircleciV1, environment);
    match variable(TokenOrigin::CircleciV2, environment) {
        Ok(first) => {
            let differs = |second: &FoundToken| second.token.claims().subject != first.token.claims().subject;
            let second = v1().ok().filter(differs);
            Ok(TokenCandidates { first, second })
        }
        Err(TokenError::Absent(_)) => v1().map(TokenCandidates::only).map_err(|error| match error {
            TokenError::Absent(_) => no_variable(environment),
            other => other,
        }),
        Err(other) => Err(other),
    }
}

/// The token of a variable.
fn variable(origin: TokenOrigin, environment: &Environment) -> Result<FoundToken, TokenError> {
    match origin.variable().and_then(|name| environment.non_blank(name)) {
        Some(text) => parse(text, origin),
        None => Err(TokenError::Absent(origin)),
    }
}

/// The token of a file.
fn file(path: &Path) -> Result<FoundToken, TokenError> {
    let origin = TokenOrigin::File(path.to_owned());
    match text_file::read_named(path).map_err(|source| TokenError::File { path: path.to_owned(), source })? {
        Some(text) => parse(&Zeroizing::new(text), origin),
        None => Err(TokenError::NoFile(origin)),
    }
}

fn parse(text: &str, origin: TokenOrigin) -> Result<FoundToken, TokenError> {
    secrets::remember(text);
    match Token::parse(text) {
        Ok(token) => Ok(FoundToken { token, origin }),
        Err(InvalidToken::Empty) => Err(TokenError::Absent(origin)),
        Err(flaw) => Err(TokenError::Invalid { origin, flaw }),
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
            let found = circleci(&environment).unwrap();
            assert_eq!(found.first.origin, TokenOrigin::CircleciV2);
            assert_eq!(found.second.is_some(), second, "{v1}");
        }
    }

    #[test]
    fn auto_takes_v1_where_v2_is_blank() {
        let environment = Environment::from([("CIRCLE_OIDC_TOKEN_V2", " "), ("CIRCLE_OIDC_TOKEN", TOKEN)]);
        let found = circleci(&environment).unwrap();
        assert_eq!(found.first.origin, TokenOrigin::CircleciV1);
        assert!(found.second.is_none());
    }

    #[test]
    fn auto_knows_the_variable_of_bitbucket() {
        let environment = Environment::from([
            ("BITBUCKET_BUILD_NUMBER", "52"),
            ("BITBUCKET_STEP_OIDC_TOKEN", TOKEN),
            ("CIRCLE_OIDC_TOKEN_V2", OTHER),
        ]);
        let found = TokenSource::Auto.existing_token(&environment).unwrap().unwrap();
        assert_eq!(found.first.origin, TokenOrigin::Variable("BITBUCKET_STEP_OIDC_TOKEN".to_owned()));
        let without = environment.after([], &["BITBUCKET_STEP_OIDC_TOKEN"]);
        let error = TokenSource::Auto.existing_token(&without).unwrap_err();
        assert_eq!(error.to_string(), "BITBUCKET_STEP_OIDC_TOKEN is not set, or is empty");
    }

    #[test]
    fn auto_says_where_a_ci_has_no_variable_of_a_fixed_name() {
        for (name, words) in [
            ("GITLAB_CI", "GitLab CI has no variable of a fixed name for its tokens, so `auto` finds none"),
            ("BUILDKITE", "Buildkite has no variable of a fixed name for its tokens, so `auto` finds none"),
            ("JENKINS_URL", "Jenkins has no variable of a fixed name for its tokens, so `auto` finds none"),
            ("CIRCLECI", "CIRCLE_OIDC_TOKEN_V2 and CIRCLE_OIDC_TOKEN are not set, or are empty"),
            ("CI", "CIRCLE_OIDC_TOKEN_V2 and CIRCLE_OIDC_TOKEN are not set, or are empty"),
        ] {
            let error = TokenSource::Auto.existing_token(&Environment::from([(name, "true")])).unwrap_err();
            assert_eq!(error.to_string(), words);
        }
        // A user may have given a token this name.
        let environment = Environment::from([("GITLAB_CI", "true"), ("CIRCLE_OIDC_TOKEN_V2", TOKEN)]);
        assert!(TokenSource::Auto.existing_token(&environment).unwrap().is_some());
    }

    #[test]
    fn an_invalid_v2_is_an_error() {
        let environment = Environment::from([("CIRCLE_OIDC_TOKEN_V2", "a.b"), ("CIRCLE_OIDC_TOKEN", TOKEN)]);
        let error = circleci(&environment).unwrap_err();
        assert_eq!(error.to_string(), "the content of CIRCLE_OIDC_TOKEN_V2 is not an identity token");
    }
}
