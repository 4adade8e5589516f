//! Which session a step has written to its destinations: a file for each request and job in the state directory, without a
//! secret. It only tells where to look: the credentials are read from the destinations, and their identity comes from STS.

use std::io;
use std::path::PathBuf;

use aws::Timestamp;
use export::Session;
use serde_json::{Value, json};

use crate::io::environment::Environment;
use crate::io::files::private_file;
use crate::io::files::staged_file::StagedFile;
use crate::io::files::text_file;
use crate::renewal::request_flags::RequestKey;
use crate::renewal::state_directory::{self, StateError};

/// Of its files.
pub(super) const EXTENSION: &str = "held";
/// A record has less than 1 KiB.
const LIMIT: u64 = 16 * 1024;

/// A session that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeldSession {
    /// The access key ID, which is no secret.
    pub(crate) access_key_id: String,
    /// The ARN of the session.
    pub(crate) arn: String,
    /// When it expires.
    pub(crate) until: Timestamp,
}

impl HeldSession {
    /// Of a session that was granted.
    pub(crate) fn of(session: &Session) -> Self {
        let credentials = session.credentials();
        Self {
            access_key_id: credentials.access_key_id.clone(),
            arn: session.role_session_arn().to_owned(),
            until: credentials.expiration,
        }
    }

    fn render(&self) -> String {
        let Self { access_key_id, arn, until } = self;
        json!({"version": 1, "access_key_id": access_key_id, "arn": arn, "until": until.to_string()})
            .to_string()
    }

    /// `None` for what [`Self::render`] has not written: a new session is then requested.
    fn parse(text: &str) -> Option<Self> {
        let fields: Value = serde_json::from_str(text).ok()?;
        let of = |name: &str| Some(fields.get(name)?.as_str()?.to_owned());
        (fields.get("version")?.as_u64()? == 1).then_some(())?;
        Some(Self { access_key_id: of("access_key_id")?, arn: of("arn")?, until: of("until")?.parse().ok()? })
    }
}

/// The file of a request, whether it exists or not.
pub(crate) struct HeldSessionFile(PathBuf);

impl HeldSessionFile {
    /// For reading and writing: creates its directory if needed.
    pub(crate) fn of(key: &RequestKey, environment: &Environment) -> Result<Self, StateError> {
        let directory = state_directory::open(environment)?;
        Ok(Self(directory.join(format!("{}.{EXTENSION}", key.file_stem()))))
    }

    /// The session that was written last; `None` if none is known.
    pub(crate) fn read(&self) -> Option<HeldSession> {
        let mut file = private_file::open_own(&self.0).ok()??;
        HeldSession::parse(&text_file::read_open(LIMIT, &mut file).ok()?)
    }

    /// Records a session. One that no destination holds in the end does no harm.
    pub(crate) fn write(&self, held: &HeldSession) -> io::Result<()> {
        StagedFile::create(&self.0)?.replace(&held.render())
    }
}

/// Deletes the records of all requests. One that stays does no harm.
pub(crate) fn delete_all(environment: &Environment) {
    let Ok(directory) = state_directory::path(environment) else { return };
    for path in state_directory::files(&directory, &[EXTENSION]).unwrap_or_default() {
        let _ = state_directory::remove_file(&path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rendered_is_read_back_and_nothing_else() {
        let held = HeldSession {
            access_key_id: "ASIA1".to_owned(),
            arn: "arn:aws:sts::123456789012:assumed-role/deploy/ci".to_owned(),
            until: "2026-11-22T14:00:00Z".parse().unwrap(),
        };
        let text = held.render();
        assert_eq!(HeldSession::parse(&text), Some(held));
        for (from, to) in [
            ("{", ""),
            ("\"version\":1", "\"version\":2"),
            ("arn\"", "other\""),
            ("2026", "x"),
            ("\"ASIA1\"", "null"),
        ] {
            assert_eq!(HeldSession::parse(&text.replacen(from, to, 1)), None, "{from}");
        }
    }
}
