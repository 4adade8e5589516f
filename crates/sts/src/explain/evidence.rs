//! What speaks for or against a cause, told without AWS: from the token, the request, the clocks. Each has its
//! words for the user and for the page.

use std::cmp::Ordering;

use aws::Timestamp;
use oidc::{Audience, SubjectForm, UnverifiedClaims};

use super::{Asked, AskedForIdentity, AskedFromRole, AskedWithToken, Situation, clock};
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

/// Where CircleCI puts the token whose `sub` goes on behind the user, unless a webhook started the job.
const V2_VARIABLE: &str = "CIRCLE_OIDC_TOKEN_V2";
const CIRCLECI: &str = "https://oidc.circleci.com";
const GITHUB: &str = "https://token.actions.githubusercontent.com";

impl Evidence {
    /// In words that go on from "where …".
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::SubjectOfV1 => "the token is V1: its `sub` ends after `user/…`",
            Self::SubjectOfWebhook => "the token is V2 and its `sub` ends after `user/…`",
            Self::SubjectWithVcs => "the `sub` names a repository and a branch",
            Self::GithubSubjectWithIds => "the `sub` of a GitHub token holds ids",
            Self::OtherFormDenied => "{other-place} was denied too",
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
    pub(crate) fn holds(self, situation: &Situation<'_>, refusal: &Refusal) -> bool {
        let now = situation.now;
        match self {
            Self::ClockRight => clock::side(refusal, now) == Some(Ordering::Equal),
            Self::ClockAhead => clock::side(refusal, now) == Some(Ordering::Greater),
            Self::ClockBehind => clock::side(refusal, now) == Some(Ordering::Less),
            _ => match &situation.asked {
                Asked::WithToken(asked) => self.holds_of_token(asked, now),
                Asked::FromRole(asked) => self.holds_of_hop(asked),
                Asked::Identity(asked) => self.holds_of_keys(asked),
            },
        }
    }

    fn holds_of_token(self, asked: &AskedWithToken<'_>, now: Timestamp) -> bool {
        let claims = asked.request.token.claims();
        let issuer = claims.issuer.as_str();
        let form = SubjectForm::of(&claims.subject);
        let is_circleci = issuer == CIRCLECI || issuer.starts_with("https://oidc.circleci.com/");
        match self {
            Self::SubjectOfV1 => form == SubjectForm::WithoutVcs && asked.place != V2_VARIABLE,
            Self::SubjectOfWebhook => form == SubjectForm::WithoutVcs && asked.place == V2_VARIABLE,
            Self::SubjectWithVcs => form == SubjectForm::WithVcs,
            Self::GithubSubjectWithIds => {
                let repository = claims.subject.strip_prefix("repo:").and_then(|rest| rest.split(':').next());
                issuer.starts_with(GITHUB) && repository.is_some_and(|name| name.contains('@'))
            }
            Self::OtherFormDenied => asked.also_denied.is_some(),
            Self::CustomAudience => has_custom_audience(claims),
            Self::RootIssuer => issuer.trim_end_matches('/') == CIRCLECI,
            Self::CircleciIssuer => is_circleci,
            Self::ForeignIssuer => !is_circleci,
            Self::TokenGood => !claims.expired_at(now),
            Self::OtherWords => true,
            _ => false,
        }
    }

    fn holds_of_hop(self, asked: &AskedFromRole<'_>) -> bool {
        let AskedFromRole { request, caller } = asked;
        let field = |at| caller.split(':').nth(at).unwrap_or_default();
        match self {
            Self::OtherPartition => field(1) != request.role.partition_name(),
            Self::OtherAccount => field(4) != request.role.account().as_str(),
            Self::ExternalIdSent => request.external_id.is_some(),
            Self::NoExternalId => request.external_id.is_none(),
            Self::JustGranted => true,
            Self::TagsSent => !request.tags.as_slice().is_empty(),
            _ => false,
        }
    }

    fn holds_of_keys(self, asked: &AskedForIdentity<'_>) -> bool {
        let id = asked.access_key_id;
        match self {
            Self::OlderToken => asked.with_older_variable,
            Self::SessionTokenMissing => id.starts_with("ASIA") && !asked.with_session_token,
            Self::SessionTokenNeedless => id.starts_with("AKIA") && asked.with_session_token,
            _ => false,
        }
    }
}

/// Whether somebody chose `aud`: by default it is the organization's id, which is in the issuer.
fn has_custom_audience(claims: &UnverifiedClaims) -> bool {
    let Some((_, organization)) = claims.issuer.as_str().rsplit_once("/org/") else { return false };
    !matches!(&claims.audience, Audience::One(audience) if audience == organization)
}
