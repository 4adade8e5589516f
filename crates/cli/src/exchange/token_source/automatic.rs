//! `auto` on CircleCI: the job's token, V2 before V1; a fresh one if that is too old or has another audience.

use aws::Timestamp;

use crate::exchange::progress::{OnProgress, Progress};
use crate::exchange::token_source::{
    ExpectedAudience, FoundToken, TokenCandidates, TokenError, TokenSearch, TokenSource, existing, mint,
};
use crate::io::clock;
use crate::io::environment::{Environment, vars};

/// The shortest usable time in seconds: a token that expires sooner could expire during retries.
const MIN_REMAINING: i64 = 60;

impl TokenSource {
    /// Whether the source gives a fresh token after the current one has expired.
    pub(crate) fn can_renew(&self, environment: &Environment) -> bool {
        match self {
            Self::Auto => self.is_github(environment) || mint::is_available(environment),
            Self::Mint | Self::Github => true,
            Self::CircleciV2 | Self::CircleciV1 | Self::File(_) | Self::Env(_) => false,
        }
    }

    /// Whether this is `auto`, on no CI that has a token endpoint or a variable of its own.
    pub(super) fn is_auto_for_circleci(&self, environment: &Environment) -> bool {
        *self == Self::Auto && !self.is_github(environment) && existing::fixed_variable(environment).is_none()
    }

    /// Why a fresh token will replace this one; `None` if it will not.
    pub(crate) fn replacement_reason(
        &self,
        found: &FoundToken,
        expected: Option<&ExpectedAudience>,
        environment: &Environment,
    ) -> Option<String> {
        let can_replace = self.is_auto_for_circleci(environment) && mint::is_available(environment);
        flaw(found, expected, clock::now()).filter(|_| can_replace)
    }
}

/// Finds a usable token.
pub(super) async fn find(
    search: &TokenSearch<'_>,
    on_progress: OnProgress<'_>,
) -> Result<TokenCandidates, TokenError> {
    let is_circleci = search.environment.non_blank(vars::CIRCLECI).is_some();
    let expected = search.request.audience.as_ref();
    let found = match existing::circleci(search.environment) {
        Ok(found) => found,
        Err(TokenError::NeitherVariable(_)) if is_circleci => {
            let minted = mint::fetch(search, None, on_progress).await;
            let no_token = |error| TokenError::NeitherVariable(Some(error));
            return minted.map(TokenCandidates::only).map_err(no_token);
        }
        Err(error) => return Err(error),
    };
    let now = clock::now();
    let Some(flaw) = flaw(&found.first, expected, now).filter(|_| is_circleci) else {
        return Ok(found);
    };
    match mint::fetch(search, Some(&found.first), on_progress).await {
        Ok(fresh) => {
            let subject = fresh.token.claims().subject.as_str();
            let other_subject = Some(subject).filter(|it| *it != found.first.token.claims().subject);
            on_progress(&Progress::FreshToken { flaw: &flaw, origin: &fresh.origin, other_subject });
            Ok(TokenCandidates::only(fresh))
        }
        Err(error) if is_usable(&found.first, expected, now) => {
            on_progress(&Progress::NoFreshToken { flaw: &flaw, reason: error.in_one_line() });
            Ok(found)
        }
        Err(source) => Err(TokenError::NoFresh { flaw, source }),
    }
}

/// What is wrong with the job's token, for the user.
fn flaw(found: &FoundToken, expected: Option<&ExpectedAudience>, now: Timestamp) -> Option<String> {
    let (claims, origin) = (found.token.claims(), &found.origin);
    if let Some(expected) = expected.filter(|expected| !claims.audience.is(expected.as_str())) {
        return Some(format!(
            "{origin} has the audience `{}`; expected `{}`",
            claims.audience,
            expected.as_str()
        ));
    }
    let left = claims.expires_at.seconds_since(now);
    match left {
        ..=0 => Some(format!("{origin} expired at {}", claims.expires_at)),
        1..MIN_REMAINING => Some(format!("{origin} expires in {left} s")),
        _ => None,
    }
}

/// Whether the token can be used without a fresh one.
fn is_usable(found: &FoundToken, expected: Option<&ExpectedAudience>, now: Timestamp) -> bool {
    let claims = found.token.claims();
    !claims.expired_at(now) && expected.is_none_or(|expected| claims.audience.is(expected.as_str()))
}
