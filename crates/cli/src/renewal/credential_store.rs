//! What `serve` returns: credentials until they expire, then the reason why there are no new ones. From memory, so that
//! no client waits for STS: botocore gives up after 2 s (facts/aws.md 8.1).

use std::sync::{Arc, PoisonError, RwLock};

use aws::{Secret, Timestamp};
use bytes::Bytes;
use export::{Session, container_credentials};

/// The latest credentials. One thread renews them, another returns them to clients.
pub(crate) struct CredentialStore(RwLock<Entry>);

struct Entry {
    json: Arc<Secret>,
    until: Timestamp,
    /// The time of the first failed renewal, and the reason of the last one.
    failure: Option<(Timestamp, String)>,
}

impl CredentialStore {
    /// A store with this session.
    pub(crate) fn of(session: &Session) -> Self {
        Self(RwLock::new(Entry::of(session)))
    }

    /// Replaces the session.
    pub(crate) fn replace(&self, session: &Session) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Entry::of(session);
    }

    /// Records a failed renewal. Clients get its reason once the session has expired.
    pub(crate) fn record_failure(&self, now: Timestamp, reason: String) {
        let mut entry = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let since = entry.failure.as_ref().map_or(now, |(since, _)| *since);
        entry.failure = Some((since, reason));
    }

    /// The credentials as JSON, or why there are none.
    pub(crate) fn response_at(&self, now: Timestamp) -> Result<Bytes, String> {
        let entry = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if now < entry.until {
            return Ok(Bytes::from_owner(Shared(Arc::clone(&entry.json))));
        }
        let expired = format!("the credentials expired at {}", entry.until);
        Err(match &entry.failure {
            Some((since, reason)) => format!("{expired}; renewal has failed since {since}: {reason}"),
            None => format!("{expired}; new ones are being requested"),
        })
    }
}

impl Entry {
    fn of(session: &Session) -> Self {
        Self {
            json: Arc::new(container_credentials::render(session)),
            until: session.credentials().expiration,
            failure: None,
        }
    }
}

/// One text for all responses, cleared after the last one.
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
    fn credentials_are_returned_until_they_expire_whatever_fails() {
        let store = CredentialStore::of(&session("2026-11-22T14:00:00Z"));
        store.record_failure(at("2026-11-22T13:40:00Z"), "STS was not reached".to_owned());
        assert!(
            store.response_at(at("2026-11-22T13:59:59Z")).unwrap().starts_with(b"{\"AccessKeyId\":\"ASIA1\"")
        );
        assert!(store.response_at(at("2026-11-22T14:00:00Z")).is_err());
    }

    #[test]
    fn without_credentials_the_last_reason_and_the_first_failure_are_returned() {
        let store = CredentialStore::of(&session("2026-11-22T14:00:00Z"));
        let late = at("2026-11-22T14:00:00Z");
        assert_eq!(
            store.response_at(late).unwrap_err(),
            "the credentials expired at 2026-11-22T14:00:00Z; new ones are being requested"
        );
        store.record_failure(at("2026-11-22T13:40:00Z"), "no connection".to_owned());
        store.record_failure(at("2026-11-22T13:41:00Z"), "denied".to_owned());
        assert_eq!(
            store.response_at(late).unwrap_err(),
            "the credentials expired at 2026-11-22T14:00:00Z; renewal has failed since 2026-11-22T13:40:00Z: denied"
        );
        store.replace(&session("2026-11-22T15:00:00Z"));
        assert!(store.response_at(late).is_ok());
    }
}
