//! What speaks for or against a cause, told without AWS: from the token, the request, the clocks. Each has its
//! words for the user and for the page.

use std::cmp::Ordering;

use aws::Timestamp;
use oidc::{Audience, TokenForm, UnverifiedClaims};

use super::{IdentityRequest, RefusedCall, RefusedRequest, RequestFromRole, RequestWithToken, clock};
use crate::Refusal;

/// One thing that holds or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Evidence {
    SubjectOfV1,
    SubjectOfWebhook,
    SubjectWithVcs,
    GithubSubjectWithIds,
    OtherFormDenied,
    CustomAudience,
    RootIssuer,
    CircleciIssuer,
    ForeignIssuer,
    TokenGood,
    OtherWords,
    OtherPartition,
    OtherAccount,
    ExternalIdSent,
    NoExternalId,
    TagsSent,
    JustGranted,
    ClockRight,
    ClockAhead,
    ClockBehind,
    OlderToken,
    SessionTokenMissing,
    SessionTokenNeedless,
}

const GITHUB: &str = "https://token.actions.githubusercontent.com";

impl Evidence {
    /// In words that go on from "where …".
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::SubjectOfV1 => "the token is V1: its `sub` ends after `user/…`",
            Self::SubjectOfWebhook => {
                "the token is of a custom webhook's pipeline: its `sub` ends after `user/…`, in V1 and V2 alike"
            }
            Self::SubjectWithVcs => "the `sub` names a repository and a branch",
            Self::GithubSubjectWithIds => "the `sub` of a GitHub token holds ids",
            Self::OtherFormDenied => "{other-origin} was denied too",
            Self::CustomAudience => "`aud` is not the organization's id",
            Self::RootIssuer => "`iss` names no organization",
            Self::CircleciIssuer => "the token is CircleCI's",
            Self::ForeignIssuer => "the token is not CircleCI's",
            Self::TokenGood => "it is good until {expires}",
            Self::OtherWords => "AWS has other words for that",
            Self::OtherPartition => "the partitions differ",
            Self::OtherAccount => "the role is in another account than the caller",
            Self::ExternalIdSent => "an external id was sent",
            Self::NoExternalId => "no external id was sent",
            Self::TagsSent => "tags were sent",
            Self::JustGranted => "STS gave the credentials a moment ago",
            Self::ClockRight => "it agrees with that of STS",
            Self::ClockAhead => "it is ahead of that of STS",
            Self::ClockBehind => "it is behind that of STS",
            Self::OlderToken => "AWS_SECURITY_TOKEN is set",
            Self::SessionTokenMissing => "a temporary key comes without a session token",
            Self::SessionTokenNeedless => "a long-lived key comes with a session token",
        }
    }

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

/// Whether somebody chose `aud`: by default it is the organization's id, which is in the issuer.
fn has_custom_audience(claims: &UnverifiedClaims) -> bool {
    let Some(organization) = claims.issuer.organization_id() else { return false };
    !matches!(&claims.audience, Audience::One(audience) if audience == organization)
}
