//! The file by which the endpoint of `serve` is found: one for each request of a job, in the state directory. Deleting
//! it stops `serve`: without it no client finds the endpoint. Beside it is a file with the authorization alone, for AWS
//! tools that read it from a file.

use std::io;
use std::path::{Path, PathBuf};

use aws::Secret;
use export::{EndpointDescriptor, InvalidEndpointDescriptor};

use crate::io::environment::Environment;
use crate::io::files::private_file;
use crate::io::files::staged_file::StagedFile;
use crate::io::files::text_file::{self, ReadError};
use crate::io::secrets;
use crate::renewal::job_key::JobKey;
use crate::renewal::request_flags::RequestKey;
use crate::renewal::state_directory::{self, StateError};

const EXTENSION: &str = "endpoint";
const AUTHORIZATION_EXTENSION: &str = "authorization";
/// A descriptor has less than 1 KiB.
const LIMIT: u64 = 64 * 1024;

/// Why the file gives no descriptor.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DescriptorReadError {
    /// The file cannot be read.
    #[error("`{}` cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: ReadError,
    },
    /// Another user could have written it.
    #[error("`{}` is not a private file of this user", .0.display())]
    NotPrivate(PathBuf),
    /// Not a descriptor that `serve` writes.
    #[error("`{}` cannot be used", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: InvalidEndpointDescriptor,
    },
}

/// One descriptor's file, whether it exists or not.
#[derive(Clone)]
pub(crate) struct DescriptorFile(PathBuf);

impl DescriptorFile {
    /// The file of a request, for reading.
    pub(crate) fn of(key: &RequestKey, environment: &Environment) -> Result<Self, StateError> {
        state_directory::path(environment).map(|directory| Self::within(&directory, key))
    }

    /// The same for writing: creates its directory if needed.
    pub(crate) fn for_writing(key: &RequestKey, environment: &Environment) -> Result<Self, StateError> {
        state_directory::open(environment).map(|directory| Self::within(&directory, key))
    }

    fn within(directory: &Path, key: &RequestKey) -> Self {
        Self(directory.join(format!("{}.{EXTENSION}", key.file_stem())))
    }

    /// The path, for the user.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The path of the file with the authorization, without a line break: boto3 and AWS's SDKs for Go, Java and Rust
    /// refuse one in a header.
    fn authorization_path(&self) -> PathBuf {
        self.0.with_extension(AUTHORIZATION_EXTENSION)
    }

    /// The same if other processes find this descriptor's authorization there, from whatever directory.
    pub(crate) fn authorization_file(&self, descriptor: &EndpointDescriptor) -> Option<PathBuf> {
        let path = self.authorization_path();
        let (text, _) = private_file::read_own(LIMIT, &path).filter(|_| path.is_absolute())?;
        (text.as_str() == descriptor.authorization().expose()).then_some(path)
    }

    /// Writes the descriptor, replacing the file, after the authorization: who finds the one finds the other.
    pub(crate) fn write(&self, descriptor: &EndpointDescriptor) -> io::Result<()> {
        StagedFile::create(&self.authorization_path())?.replace(descriptor.authorization().expose())?;
        StagedFile::create(&self.0)?.replace(descriptor.render().expose())
    }

    /// The descriptor; `None` if there is no file.
    pub(crate) fn read(&self) -> Result<Option<EndpointDescriptor>, DescriptorReadError> {
        let Some(text) = self.text()? else { return Ok(None) };
        EndpointDescriptor::parse(text.expose())
            .inspect(|descriptor| secrets::remember(descriptor.authorization().expose()))
            .map(Some)
            .map_err(|source| DescriptorReadError::Invalid { path: self.0.clone(), source })
    }

    /// Whether the file still holds this descriptor. A failed read counts as yes.
    pub(crate) fn holds(&self, descriptor: &EndpointDescriptor) -> bool {
        match self.read() {
            Ok(Some(current)) => current == *descriptor,
            Err(DescriptorReadError::Unreadable { .. }) => true,
            Ok(None) | Err(_) => false,
        }
    }

    /// Removes the files of this descriptor, if they are still its own.
    pub(crate) fn remove(&self, descriptor: &EndpointDescriptor) {
        if matches!(self.read(), Ok(Some(current)) if current == *descriptor) {
            // What cannot be removed leads to a closed port.
            let _ = state_directory::remove_file(&self.0);
            let _ = state_directory::remove_file(&self.authorization_path());
        }
    }

    fn text(&self) -> Result<Option<Secret>, DescriptorReadError> {
        let unreadable = |source| DescriptorReadError::Unreadable { path: self.0.clone(), source };
        let mut file = match private_file::open_own(&self.0) {
            Ok(Some(file)) => file,
            Ok(None) => return Err(DescriptorReadError::NotPrivate(self.0.clone())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(ReadError::Io(error))),
        };
        text_file::read_open(LIMIT, &mut file).map(|text| Some(Secret::new(text))).map_err(unreadable)
    }
}

/// The descriptors of this job.
#[derive(Default)]
pub(crate) struct RemovedDescriptors {
    /// How many were removed.
    pub(crate) count: usize,
    /// Those that cannot be read: one may be of this job.
    pub(crate) unknown: Vec<DescriptorReadError>,
}

/// Removes the descriptors of this job, which stops their servers. Other jobs' files are left alone, as jobs on a runner may
/// share a home directory.
pub(crate) fn remove_for_this_job(environment: &Environment) -> io::Result<RemovedDescriptors> {
    // Without a home directory there are no descriptors.
    let mut removed = RemovedDescriptors::default();
    let Ok(directory) = state_directory::path(environment) else { return Ok(removed) };
    let job = JobKey::of(environment, None);
    let job = job.job().unwrap_or_default();
    for file in state_directory::files(&directory, &[EXTENSION])?.into_iter().map(DescriptorFile) {
        let descriptor = match file.read() {
            Ok(descriptor) => descriptor,
            Err(error) => {
                removed.unknown.push(error);
                continue;
            }
        };
        if descriptor.is_some_and(|descriptor| descriptor.job() == job) {
            state_directory::remove_file(&file.0)?;
            removed.count += 1;
            match state_directory::remove_file(&file.authorization_path()) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
    }
    Ok(removed)
}
