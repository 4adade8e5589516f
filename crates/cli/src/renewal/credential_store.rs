//! What there is to hand out: credentials until they expire, then the reason why there are no new ones. Always at hand,
//! so that no client waits for STS: botocore gives up after 2 s (facts/aws.md 8.1).

use std::sync::{Arc, PoisonError, RwLock};

use aws::{Secret, Timestamp};
use bytes::Bytes;
use export::{Session, container_credentials};

/// The latest credentials. One thread renews them, another hands them out.
pub(crate) struct CredentialStore(RwLock<Stock>);

struct Stock {
    answer: Arc<Secret>,
    until: Timestamp,
    /// Since when there should have been new ones, and why there are none.
    failed: Option<(Timestamp, String)>,
}

impl CredentialStore {
    /// Of a session.
    pub(crate) fn of(session: &Session) -> Self {
        Self(RwLock::new(Stock::of(session)))
    }

    /// Hands out another session from now on.
    pub(crate) fn renew(&self, session: &Session) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Stock::of(session);
    }

    /// Keeps why there is no other session. It is told once the old one has expired.
    pub(crate) fn fail(&self, now: Timestamp, reason: String) {
        let mut stock = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let since = stock.failed.as_ref().map_or(now, |(since, _)| *since);
        stock.failed = Some((since, reason));
    }

    /// The credentials as JSON, or why there are none.
    pub(crate) fn at(&self, now: Timestamp) -> Result<Bytes, String> {
        let stock = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if now < stock.until {
            return Ok(Bytes::from_owner(Shared(Arc::clone(&stock.answer))));
        }
        let expired = format!("the credentials expired at {}", stock.until);
        Err(match &stock.failed {
            Some((since, reason)) => format!("{expired}, and since {since} there are no new ones: {reason}"),
            None => format!("{expired}, and new ones are being asked for"),
        })
    }
}

impl Stock {
    fn of(session: &Session) -> Self {
        Self {
            answer: Arc::new(container_credentials::render(session)),
            until: session.credentials().expiration,
            failed: None,
        }
    }
}

/// One text for all answers, cleared after the last of them.
struct Shared(Arc<Secret>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.0.expose().as_bytes()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use aws::Credentials;

    pub(in crate::renewal) fn session(until: &str) -> Session {
        let credentials = Credentials {
            access_key_id: "ASIA1".to_owned(),
            secret_access_key: Secret::new("wJalr".to_owned()),
            session_token: Secret::new("IQoJb".to_owned()),
            expiration: until.parse().unwrap(),
        };
        let arn = "arn:aws:sts::123456789012:assumed-role/deploy/ci".to_owned();
        Session::new(credentials, arn, "123456789012".parse().unwrap(), None).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn credentials_are_handed_out_up_to_their_last_second_whatever_fails() {
        let supply = CredentialStore::of(&session("2026-11-22T14:00:00Z"));
        supply.fail(at("2026-11-22T13:40:00Z"), "STS is away".to_owned());
        assert!(supply.at(at("2026-11-22T13:59:59Z")).unwrap().starts_with(b"{\"AccessKeyId\":\"ASIA1\""));
        assert!(supply.at(at("2026-11-22T14:00:00Z")).is_err());
    }

    #[test]
    fn without_credentials_the_latest_reason_and_the_first_failure_are_told() {
        let supply = CredentialStore::of(&session("2026-11-22T14:00:00Z"));
        let late = at("2026-11-22T14:00:00Z");
        assert_eq!(
            supply.at(late).unwrap_err(),
            "the credentials expired at 2026-11-22T14:00:00Z, and new ones are being asked for"
        );
        supply.fail(at("2026-11-22T13:40:00Z"), "no way".to_owned());
        supply.fail(at("2026-11-22T13:41:00Z"), "denied".to_owned());
        assert_eq!(
            supply.at(late).unwrap_err(),
            "the credentials expired at 2026-11-22T14:00:00Z, and since 2026-11-22T13:40:00Z there are no new ones: \
             denied"
        );
        supply.renew(&session("2026-11-22T15:00:00Z"));
        assert!(supply.at(late).is_ok());
    }
}
