//! Whether a piece of evidence holds for a refused call. All of it is read from the token, the request and the clocks,
//! without a call to AWS.

use std::cmp::Ordering;

use aws::Timestamp;
use oidc::{Audience, Subject, TokenForm, UnverifiedClaims};

use super::{
    IdentityRequest, RefusedCall, RefusedRequest, RequestFromRole, RequestWithToken, ScopeSigner,
    ScopedRequest, clock,
};
use crate::Refusal;
use crate::catalogue::Evidence;

const GITHUB: &str = "https://token.actions.githubusercontent.com";

impl Evidence {
    /// Whether it holds.
    pub(crate) fn holds(self, call: &RefusedCall<'_>, refusal: &Refusal) -> bool {
        let now = call.now;
        match self {
            Self::ClockRight => clock::side(refusal, now) == Some(Ordering::Equal),
            Self::ClockAhead => clock::side(refusal, now) == Some(Ordering::Greater),
            Self::ClockBehind => clock::side(refusal, now) == Some(Ordering::Less),
            _ => match &call.request {
                RefusedRequest::WithToken(request) => self.holds_of_token(request, now),
                RefusedRequest::FromRole(request) => self.holds_of_role(request),
                RefusedRequest::Identity(request) => self.holds_of_credentials(request),
                RefusedRequest::Scoped(request) => self.holds_of_scope(request),
            },
        }
    }

    fn holds_of_token(self, request: &RequestWithToken<'_>, now: Timestamp) -> bool {
        let token = request.parameters.token;
        let claims = token.claims();
        let issuer = &claims.issuer;
        match self {
            Self::SubjectOfV1 => token.form() == TokenForm::V1,
            Self::SubjectOfWebhook => token.form() == TokenForm::CustomWebhook,
            Self::SubjectWithVcs => token.form() == TokenForm::V2,
            Self::SubjectWithRef => ref_of(claims).is_some(),
            Self::GithubSubjectWithIds => {
                let repository = claims.subject.strip_prefix("repo:").and_then(|rest| rest.split(':').next());
                issuer.as_str().starts_with(GITHUB) && repository.is_some_and(|name| name.contains('@'))
            }
            Self::OtherFormDenied => request.also_denied.is_some(),
            Self::CustomAudience => has_custom_audience(claims),
            Self::RootIssuer => issuer.is_circleci_root(),
            Self::CircleciIssuer => issuer.is_circleci_cloud(),
            Self::ForeignIssuer => !issuer.is_circleci_cloud(),
            Self::TokenGood => !claims.expired_at(now),
            Self::OtherWords => true,
            _ => false,
        }
    }

    fn holds_of_role(self, request: &RequestFromRole<'_>) -> bool {
        let RequestFromRole { parameters, caller } = request;
        match self {
            Self::OtherPartition => caller.partition_name() != parameters.role.partition_name(),
            Self::OtherAccount => caller.account() != parameters.role.account(),
            Self::ExternalIdSent => parameters.external_id.is_some(),
            Self::NoExternalId => parameters.external_id.is_none(),
            Self::JustGranted => true,
            Self::TagsSent => !parameters.tags.as_slice().is_empty(),
            _ => false,
        }
    }

    fn holds_of_scope(self, request: &ScopedRequest<'_>) -> bool {
        let scope = request.parameters.scope;
        match (self, &request.signer) {
            (Self::ScopePolicySent, _) => scope.policy().is_some(),
            (Self::ScopeDurationSent, _) => scope.duration().is_some(),
            (Self::JustGranted, signer) => matches!(signer, ScopeSigner::JustGranted(_)),
            (_, ScopeSigner::Found(found)) => self.holds_of_credentials(found),
            (_, ScopeSigner::JustGranted(_)) => false,
        }
    }

    fn holds_of_credentials(self, request: &IdentityRequest<'_>) -> bool {
        let id = request.access_key_id;
        match self {
            Self::OlderToken => request.with_older_variable,
            Self::SessionTokenMissing => id.starts_with("ASIA") && !request.with_session_token,
            Self::SessionTokenNeedless => id.starts_with("AKIA") && request.with_session_token,
            _ => false,
        }
    }
}

/// The ref that `sub` names; for a GitHub workflow what stands in its place.
fn ref_of(claims: &UnverifiedClaims) -> Option<&str> {
    match Subject::parse(&claims.subject) {
        Subject::Job(job) => job.vcs.map(|vcs| vcs.git_ref),
        Subject::Other if claims.issuer.as_str().starts_with(GITHUB) => {
            let (_, context) = claims.subject.strip_prefix("repo:")?.split_once(':')?;
            Some(context.strip_prefix("ref:").unwrap_or(context))
        }
        Subject::Other => None,
    }
}

/// Whether `aud` is not CircleCI's default, the organization's ID, which is in the issuer.
fn has_custom_audience(claims: &UnverifiedClaims) -> bool {
    let Some(organization) = claims.issuer.organization_id() else { return false };
    !matches!(&claims.audience, Audience::One(audience) if audience == organization)
}

#[cfg(test)]
mod tests {
    use aws::{SessionDuration, SessionPolicies};
    use oidc::{Token, TokenOrigin};
    use testkit::{GithubToken, JobToken, Shape, TestIssuer, example_ids::ORGANIZATION_ID};

    use super::*;
    use crate::AssumeRoleWithWebIdentity;

    /// Whether each piece holds of a token that `issuer` names as its own.
    fn of_token(issuer: &str, token: &str, pieces: &[Evidence]) -> Vec<bool> {
        let parameters = AssumeRoleWithWebIdentity {
            role: &"arn:aws:iam::123456789012:role/ci".parse().unwrap(),
            session_name: &"ci".parse().unwrap(),
            duration: SessionDuration::DEFAULT,
            token: &Token::parse(token).unwrap(),
            policies: &SessionPolicies::default(),
        };
        assert_eq!(parameters.token.claims().issuer.as_str(), issuer);
        let request = RequestWithToken { parameters, origin: &TokenOrigin::Minted, also_denied: None };
        pieces.iter().map(|piece| piece.holds_of_token(&request, Timestamp::EPOCH)).collect()
    }

    #[test]
    fn a_token_shows_who_issued_it_and_what_its_subject_names() {
        use Evidence::{ForeignIssuer, GithubSubjectWithIds, RootIssuer, SubjectWithRef};
        let signer = TestIssuer::new(ORGANIZATION_ID).unwrap();
        let pieces = [GithubSubjectWithIds, RootIssuer, ForeignIssuer, SubjectWithRef];
        let plain = GithubToken::new("a", 0);
        let with_ids = GithubToken { has_ids_in_subject: true, ..plain.clone() };
        let root = "https://oidc.circleci.com";
        let v1 = JobToken { shape: Shape::V1, ..JobToken::new(ORGANIZATION_ID, 0) };
        for (issuer, token, expected) in [
            (GITHUB, signer.sign(&plain.claims(GITHUB)), [false, false, true, true]),
            (GITHUB, signer.sign(&with_ids.claims(GITHUB)), [true, false, true, true]),
            (
                "https://ci.test",
                signer.sign(&with_ids.claims("https://ci.test")),
                [false, false, true, false],
            ),
            (root, signer.sign(&plain.claims(root)), [false, true, false, false]),
            (signer.url(), v1.mint(&signer), [false; 4]),
        ] {
            assert_eq!(of_token(issuer, &token.unwrap(), &pieces), expected, "{issuer}");
        }
    }
}
