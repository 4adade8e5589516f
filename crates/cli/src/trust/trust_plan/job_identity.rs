//! The claims of a token that a plan can need.

use oidc::{Audience, Token};
use trust_policy::TokenClaims;
use trust_policy::generate::ClientId;

use super::TrustPlanError;

/// The claims that name a job.
#[derive(Debug)]
pub(crate) struct JobIdentity {
    /// `iss`.
    pub(crate) issuer: String,
    /// `sub`.
    pub(crate) subject: String,
    audience: Audience,
    /// The ids of a GitHub repository's owner and of the repository, where AWS has condition keys for them.
    ids: Option<(String, String)>,
    /// Whether a pull request started the job, whatever its `sub` names.
    pub(super) is_of_pull_request: bool,
}

impl JobIdentity {
    /// The only audience.
    pub(super) fn audience(&self) -> Result<ClientId, TrustPlanError> {
        let text = match &self.audience {
            Audience::One(audience) => audience,
            Audience::Many(audiences) => match &audiences[..] {
                [only] => only,
                _ => return Err(TrustPlanError::SeveralAudiences(self.audience.to_string())),
            },
        };
        text.parse().map_err(TrustPlanError::Audience)
    }

    /// The ids of owner and repository.
    pub(super) fn ids(&self) -> Option<(&str, &str)> {
        self.ids.as_ref().map(|(owner, repository)| (owner.as_str(), repository.as_str()))
    }
}

impl From<&Token> for JobIdentity {
    fn from(token: &Token) -> Self {
        let claims = token.claims();
        let all: Option<TokenClaims> = token.claims_json().parse().ok();
        Self {
            issuer: claims.issuer.to_string(),
            subject: claims.subject.clone(),
            audience: claims.audience.clone(),
            ids: all.as_ref().and_then(ids),
            is_of_pull_request: all.is_some_and(|all| all.is_of_pull_request()),
        }
    }
}

impl From<&TokenClaims> for JobIdentity {
    fn from(claims: &TokenClaims) -> Self {
        Self {
            issuer: claims.issuer().to_string(),
            subject: claims.subject().to_owned(),
            audience: Audience::One(claims.audience().to_owned()),
            ids: ids(claims),
            is_of_pull_request: claims.is_of_pull_request(),
        }
    }
}

fn ids(claims: &TokenClaims) -> Option<(String, String)> {
    let keys = claims.condition_keys();
    let value = |name: &str| {
        let key = keys.iter().find(|(key, _)| key.rsplit_once(':').is_some_and(|(_, last)| last == name));
        key.map(|(_, value)| value.clone())
    };
    Some((value("repository_owner_id")?, value("repository_id")?))
}
