//! Where a server of credentials says how it is reached: a file for each request of a job, in the state directory. The
//! file is also what ends a server: without it nobody finds the way, so nobody is served.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use aws::Secret;
use export::{EndpointDescriptor, InvalidEndpointDescriptor};

use crate::io::environment::Environment;
use crate::io::files::private_file;
use crate::io::files::staged_file::StagedFile;
use crate::io::files::text_file::{self, ReadError};
use crate::renewal::request_flags::job_key;
use crate::renewal::state_directory::{self, StateError};

const EXTENSION: &str = "endpoint";
/// An announcement has less than 1 KiB.
const LIMIT: u64 = 64 * 1024;

/// Why nobody can be found by the file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UnreadDescriptor {
    /// The system's own reason.
    #[error("`{}` can't be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: ReadError,
    },
    /// Others could have written it.
    #[error("`{}` is not a file of this user's alone", .0.display())]
    NotPrivate(PathBuf),
    /// Not what `serve` writes.
    #[error("`{}` can't be used", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: InvalidEndpointDescriptor,
    },
}

/// One file, there or not.
#[derive(Clone)]
pub(crate) struct DescriptorFile(PathBuf);

impl DescriptorFile {
    /// The file of a request, to be read.
    pub(crate) fn of(key: &str, environment: &Environment) -> Result<Self, StateError> {
        state_directory::path(environment).map(|directory| Self::within(&directory, key))
    }

    /// The same to be published: its directory is made where it is missing.
    pub(crate) fn to_publish(key: &str, environment: &Environment) -> Result<Self, StateError> {
        state_directory::open(environment).map(|directory| Self::within(&directory, key))
    }

    fn within(directory: &Path, key: &str) -> Self {
        Self(directory.join(format!("{key}.{EXTENSION}")))
    }

    /// For words to the user.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Puts the announcement in the place of whatever stood there.
    pub(crate) fn publish(&self, announcement: &EndpointDescriptor) -> io::Result<()> {
        StagedFile::create(&self.0)?.replace(announcement.render().expose())
    }

    /// What stands there now; `None` where there is no file.
    pub(crate) fn read(&self) -> Result<Option<EndpointDescriptor>, UnreadDescriptor> {
        let Some(text) = self.text()? else { return Ok(None) };
        EndpointDescriptor::parse(text.expose())
            .map(Some)
            .map_err(|source| UnreadDescriptor::Invalid { path: self.0.clone(), source })
    }

    /// Whether it is still this one that stands there. Where the file can't be read for the moment, it is.
    pub(crate) fn holds(&self, announcement: &EndpointDescriptor) -> bool {
        match self.read() {
            Ok(Some(there)) => there == *announcement,
            Err(UnreadDescriptor::Unreadable { .. }) => true,
            Ok(None) | Err(_) => false,
        }
    }

    fn text(&self) -> Result<Option<Secret>, UnreadDescriptor> {
        let unreadable = |source| UnreadDescriptor::Unreadable { path: self.0.clone(), source };
        let mut file = match private_file::open_own(&self.0) {
            Ok(Some(file)) => file,
            Ok(None) => return Err(UnreadDescriptor::NotPrivate(self.0.clone())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(ReadError::Io(error))),
        };
        text_file::read_open(LIMIT, &mut file).map(|text| Some(Secret::new(text))).map_err(unreadable)
    }
}

/// Removes the announcements of this job's servers, which ends them, and says how many. On a runner where jobs share a
/// home, those of other jobs are left alone.
pub(crate) fn remove_of_this_job(environment: &Environment) -> io::Result<usize> {
    // Without a home nobody can have announced anything.
    let Ok(directory) = state_directory::path(environment) else { return Ok(0) };
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    let job = job_key(environment);
    let mut removed = 0;
    for entry in entries {
        let file = DescriptorFile(entry?.path());
        let is_announcement = file.0.extension().is_some_and(|extension| extension == EXTENSION);
        if is_announcement && matches!(file.read(), Ok(Some(there)) if there.job() == job) {
            fs::remove_file(&file.0)?;
            removed += 1;
        }
    }
    Ok(removed)
}
