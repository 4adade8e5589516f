//! Credentials that are kept for the next call of `credential-process`: a file for each request and job in the state
//! directory. A file that is not just as it was written there is as good as none.

use std::fs;
use std::io;
use std::path::PathBuf;

use export::{Session, cache_entry};
use zeroize::Zeroizing;

use crate::environment::Environment;
use crate::freshness::Lifetime;
use crate::io::clock::{self, Deadline};
use crate::io::file_lock::{self, FileLock};
use crate::io::private_file;
use crate::io::staged_file::StagedFile;
use crate::io::text_file;
use crate::state_directory::{self, StateError};

/// Far beyond a session, whose token has some KB.
const LIMIT: u64 = 64 * 1024;

/// Where the credentials of one request are kept.
pub(crate) struct Cache {
    directory: PathBuf,
    key: String,
}

/// What was kept.
pub(crate) struct Kept {
    /// The session, without a Region.
    pub(crate) session: Session,
    /// From when, until when.
    pub(crate) lifetime: Lifetime,
}

impl Cache {
    /// Makes sure of a place where things can be kept under the key.
    pub(crate) fn open(key: &str, environment: &Environment) -> Result<Self, StateError> {
        let directory = state_directory::open(environment)?;
        Ok(Self { directory, key: key.to_owned() })
    }

    /// What was kept last, unless that was in the future.
    pub(crate) fn kept(&self) -> Option<Kept> {
        let mut file = private_file::open_own(&self.path()).ok()??;
        let text = text_file::read_open(LIMIT, &mut file).map(Zeroizing::new).ok()?;
        let (session, from) = cache_entry::parse(&text)?;
        let lifetime = Lifetime { from, until: session.credentials().expiration };
        (from <= clock::now()).then_some(Kept { session, lifetime })
    }

    /// Keeps a session that was given out at this moment.
    pub(crate) fn keep(&self, session: &Session) -> io::Result<()> {
        let (entry, path) = (cache_entry::render(session, clock::now()), self.path());
        if !matches!(private_file::open_own(&path), Ok(Some(_))) {
            // Root's replacement of another user's file would be that user's. Where there is nothing, nothing goes.
            let _ = fs::remove_file(&path);
        }
        StagedFile::create(&path)?.replace(entry.expose())
    }

    /// Waits until no other process asks STS for the same; `None` where one did so until the deadline.
    pub(crate) fn lock(&self, deadline: Deadline) -> io::Result<Option<FileLock>> {
        file_lock::lock(&self.directory.join(format!("{}.lock", self.key)), deadline)
    }

    fn path(&self) -> PathBuf {
        self.directory.join(format!("{}.json", self.key))
    }
}
