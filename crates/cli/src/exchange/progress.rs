//! Progress of an exchange, as data: commands for one role print each line, `profiles` counts them.

use std::fmt;
use std::time::Duration;

use oidc::TokenOrigin;

use crate::exchange::record::Fact;
use crate::exchange::token_source::FoundToken;

/// An event between a request and its result.
pub(crate) enum Progress<'a> {
    /// The response takes long.
    Waiting {
        /// The host, program or endpoint, and the proxy.
        target: String,
    },
    /// An attempt failed, and will be retried.
    Retrying {
        /// The number of attempts so far.
        attempts: u32,
        /// Why the last one failed.
        reason: String,
        /// The pause before the next one.
        pause: Duration,
    },
    /// The job's token has a flaw, and a fresh one is used.
    FreshToken {
        /// The flaw.
        flaw: &'a str,
        /// Where the fresh one comes from.
        origin: &'a TokenOrigin,
        /// Its `sub`, if it differs.
        other_subject: Option<&'a str>,
    },
    /// The job's token has a flaw, but is used because there is no fresh one.
    NoFreshToken {
        /// The flaw.
        flaw: &'a str,
        /// Why there is no fresh one.
        reason: String,
    },
    /// The token is V1, so its `sub` has no branch.
    SubjectWithoutBranch {
        /// Where it comes from.
        origin: &'a TokenOrigin,
    },
    /// The token goes elsewhere than simply to AWS.
    TokenPath(&'a str),
    /// STS denied a token; there is one with another form of `sub`.
    OtherSubject {
        /// Where the denied token came from.
        denied: &'a TokenOrigin,
        /// The next token.
        next: &'a FoundToken,
    },
    /// STS accepted that token.
    OtherSubjectTrusted,
    /// A role of a chain was assumed, and is not the last one.
    Assumed {
        /// The session's ARN.
        arn: String,
    },
    /// For a record; it is not printed.
    Fact(Fact<'a>),
}

/// Receives events.
pub(crate) type OnProgress<'a> = &'a dyn Fn(&Progress<'_>);

impl Progress<'_> {
    /// Whether the user may not expect it. All other events are routine.
    pub(crate) fn is_note(&self) -> bool {
        let is_event = matches!(self, Self::Waiting { .. } | Self::Retrying { .. } | Self::Assumed { .. });
        !is_event && !self.is_fact()
    }

    /// Whether it is for a record only.
    pub(crate) fn is_fact(&self) -> bool {
        matches!(self, Self::Fact(_))
    }
}

impl fmt::Display for Progress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting { target } => write!(f, "waiting for {target}"),
            Self::Retrying { attempts, reason, pause } => {
                write!(
                    f,
                    "attempt {attempts} failed: {reason}; the next attempt is in {:.1} s",
                    pause.as_secs_f64()
                )
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
            Self::TokenPath(text) => f.write_str(text),
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
            Self::Fact(_) => Ok(()),
        }
    }
}
