//! What makes a cause likely or rules it out, and its words for the user and for the page. Whether it holds for one
//! call, `explain` decides.

/// A fact about a refused call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Evidence {
    SubjectOfV1,
    SubjectOfWebhook,
    SubjectWithVcs,
    SubjectWithRef,
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
    ScopePolicySent,
    ScopeDurationSent,
}

impl Evidence {
    /// In words that follow "where …".
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::SubjectOfV1 => "the token is V1: its `sub` ends after `user/…`",
            Self::SubjectOfWebhook => {
                "the token is of a custom webhook's pipeline: its `sub` ends after `user/…`, in V1 and V2 alike"
            }
            Self::SubjectWithVcs => "the `sub` names a repository and a branch",
            Self::SubjectWithRef => "the `sub` names a branch, tag or environment",
            Self::GithubSubjectWithIds => "the `sub` of a GitHub token holds IDs",
            Self::OtherFormDenied => "STS denied {other-origin} too",
            Self::CustomAudience => "`aud` is not the organization's id",
            Self::RootIssuer => "`iss` names no organization",
            Self::CircleciIssuer => "the token is CircleCI's",
            Self::ForeignIssuer => "the token is not CircleCI's",
            Self::TokenGood => "it is valid until {expires}",
            Self::OtherWords => "AWS has another text for that",
            Self::OtherPartition => "the partitions differ",
            Self::OtherAccount => "the role is in another account than the caller",
            Self::ExternalIdSent => "an external ID was sent",
            Self::NoExternalId => "no external ID was sent",
            Self::TagsSent => "session tags were sent",
            Self::JustGranted => "STS issued the credentials seconds ago",
            Self::ClockRight => "it agrees with STS's clock",
            Self::ClockAhead => "it is ahead of STS's clock",
            Self::ClockBehind => "it is behind STS's clock",
            Self::OlderToken => "AWS_SECURITY_TOKEN is set",
            Self::SessionTokenMissing => "a temporary key comes without a session token",
            Self::SessionTokenNeedless => "a long-lived key comes with a session token",
            Self::ScopePolicySent => "a scope policy was sent",
            Self::ScopeDurationSent => "a scope duration was sent",
        }
    }
}
