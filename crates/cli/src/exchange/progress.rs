//! What happens during an exchange, as data: the command of one role prints each line, that of many roles counts.

use std::fmt;
use std::time::Duration;

use oidc::TokenOrigin;

use crate::exchange::token_source::FoundToken;

/// Something between a request and its result.
pub(crate) enum Progress<'a> {
    /// The response takes long.
    Waiting {
        /// Which host, program or endpoint, and through which proxy.
        whom: String,
    },
    /// Another attempt will be made.
    Retrying {
        /// How many there were.
        attempts: u32,
        /// What the last one brought.
        reason: String,
        /// When the next one comes.
        pause: Duration,
    },
    /// The token at hand has a flaw, and a fresh one is used.
    FreshToken {
        /// The flaw.
        flaw: &'a str,
        /// Where the fresh one comes from.
        origin: &'a TokenOrigin,
        /// Its `sub`, if that differs.
        other_subject: Option<&'a str>,
    },
    /// The token at hand has a flaw and is used all the same.
    NoFreshToken {
        /// The flaw.
        flaw: &'a str,
        /// Why there is no other.
        reason: String,
    },
    /// The token is V1, although branches could have been in it.
    SubjectWithoutBranch {
        /// Where it comes from.
        origin: &'a TokenOrigin,
    },
    /// A token's `sub` was denied, and there is one with another.
    OtherSubject {
        /// Where the denied token came from.
        denied: &'a TokenOrigin,
        /// The next one.
        next: &'a FoundToken,
    },
    /// That one was granted.
    OtherSubjectTrusted,
    /// A role that is not the last one of its chain.
    Assumed {
        /// The session's ARN.
        arn: String,
    },
}

/// Receives what happens.
pub(crate) type OnProgress<'a> = &'a dyn Fn(&Progress<'_>);

impl Progress<'_> {
    /// Whether the user may not expect it; all else goes as it should.
    pub(crate) fn is_note(&self) -> bool {
        !matches!(self, Self::Waiting { .. } | Self::Retrying { .. } | Self::Assumed { .. })
    }
}

impl fmt::Display for Progress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting { whom } => write!(f, "waiting for {whom}"),
            Self::Retrying { attempts, reason, pause } => {
                write!(f, "attempt {attempts}: {reason}; the next one in {:.1} s", pause.as_secs_f64())
            }
            Self::FreshToken { flaw, origin, other_subject } => {
                write!(f, "{flaw}: a fresh one from {origin} is used")?;
                other_subject.map_or(Ok(()), |subject| write!(f, ", whose `sub` is `{subject}`"))
            }
            Self::NoFreshToken { flaw, reason } => write!(f, "{flaw}, and there is no fresh one: {reason}"),
            Self::SubjectWithoutBranch { origin } => {
                write!(
                    f,
                    "the token from {origin} is V1: its `sub` ends after `user/…`, without origin and branch"
                )
            }
            Self::OtherSubject { denied, next } => {
                let (origin, difference) = (&next.origin, next.difference_to_v2());
                write!(
                    f,
                    "STS denied the `sub` of {denied}: retrying with {origin}, whose `sub` {difference}"
                )
            }
            Self::OtherSubjectTrusted => {
                f.write_str("the role trusts the V1 `sub`: `token-source: circleci-v1` saves a request")
            }
            Self::Assumed { arn } => write!(f, "assumed {arn}"),
        }
    }
}
