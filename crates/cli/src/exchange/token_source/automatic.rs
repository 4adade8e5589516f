//! `auto` on CircleCI: the token at hand, V2 before V1, unless it is too old or for somebody else; then a fresh one.

use aws::Timestamp;

use crate::exchange::token_source::{
    Found, FoundToken, Search, TokenError, TokenSource, WantedAudience, at_hand, mint,
};
use crate::io::clock;
use crate::io::environment::{Environment, vars};
use crate::report::{Report, printable};

/// A token that ends sooner could end on its way, or while STS is asked again.
const NEEDED: i64 = 60;

impl TokenSource {
    /// Whether this is `auto` anywhere but on GitHub.
    pub(super) fn is_circlecis_choice(&self, environment: &Environment) -> bool {
        *self == Self::Auto && !environment.is_true(vars::GITHUB_ACTIONS)
    }

    /// Why a fresh token will be taken in the place of this one, if it will.
    pub(crate) fn would_replace(
        &self,
        found: &FoundToken,
        wanted: Option<&WantedAudience>,
        environment: &Environment,
    ) -> Option<String> {
        let can = self.is_circlecis_choice(environment) && can_mint(environment);
        flaw(found, wanted, clock::now()).filter(|_| can)
    }
}

/// Whether this is a job of CircleCI with its program.
pub(super) fn can_mint(environment: &Environment) -> bool {
    environment.set(vars::CIRCLECI).is_some() && mint::programs(environment).is_ok()
}

/// Finds a token that will do.
pub(super) fn find(search: &Search<'_>, report: &mut Report) -> Result<Found, TokenError> {
    let is_circleci = search.environment.set(vars::CIRCLECI).is_some();
    let found = match at_hand::circleci(search.environment) {
        Ok(found) => found,
        Err(TokenError::NeitherVariable(_)) if is_circleci => {
            let minted = mint::fetch(search, None, report);
            return minted.map(Found::only).map_err(|error| TokenError::NeitherVariable(Some(error)));
        }
        Err(error) => return Err(error),
    };
    let now = clock::now();
    let Some(flaw) = flaw(&found.first, search.audience, now).filter(|_| is_circleci) else {
        return Ok(found);
    };
    match mint::fetch(search, Some(&found.first), report) {
        Ok(fresh) => {
            let subject = &fresh.token.claims().subject;
            let also = if *subject == found.first.token.claims().subject {
                String::new()
            } else {
                format!(", whose `sub` is `{subject}`")
            };
            report.note(&printable(&format!("{flaw}: a fresh one from {} is taken{also}", fresh.place)));
            Ok(Found::only(fresh))
        }
        Err(error) if is_of_use(&found.first, search.audience, now) => {
            report.note(&printable(&format!("{flaw}, and there is no fresh one: {}", error.in_one_line())));
            Ok(found)
        }
        Err(source) => Err(TokenError::NoFresh { flaw, source }),
    }
}

/// What is wrong with the token at hand, in words.
fn flaw(found: &FoundToken, wanted: Option<&WantedAudience>, now: Timestamp) -> Option<String> {
    let (claims, place) = (found.token.claims(), &found.place);
    if let Some(wanted) = wanted.filter(|wanted| !claims.audience.is(wanted.as_str())) {
        return Some(format!(
            "{place} is for the audience `{}`, not for `{}`",
            claims.audience,
            wanted.as_str()
        ));
    }
    let left = claims.expires_at.seconds_since(now);
    match left {
        ..=0 => Some(format!("{place} expired at {}", claims.expires_at)),
        1..NEEDED => Some(format!("{place} expires in {left} s")),
        _ => None,
    }
}

/// Whether the token would do if it had to.
fn is_of_use(found: &FoundToken, wanted: Option<&WantedAudience>, now: Timestamp) -> bool {
    let claims = found.token.claims();
    !claims.expired_at(now) && wanted.is_none_or(|wanted| claims.audience.is(wanted.as_str()))
}
