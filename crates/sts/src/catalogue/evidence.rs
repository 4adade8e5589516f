//! What makes a cause likely or rules it out, and its words for the user and for the page. Whether it holds for one
//! call, `explain` decides.

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
}
