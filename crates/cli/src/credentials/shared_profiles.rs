//! AWS's two shared files, each read and parsed once, however many profiles are looked up.

use std::path::PathBuf;
use std::sync::Arc;

use export::{ProfileName, ProfileReadError, ReadProfile, ReadProfiles, config_file, credentials_file};

use zeroize::Zeroizing;

use super::CredentialsError;
use crate::io::environment::Environment;
use crate::io::files::shared_files::{self, SharedPathError};
use crate::io::files::text_file::{ReadError, SHARED_FILE_LIMIT};
use crate::io::files::trusted_file;

/// Both files. An error of one is returned when a profile is looked up.
#[derive(Debug)]
pub(crate) struct SharedProfiles {
    pub(super) credentials: SharedFile,
    pub(super) config: SharedFile,
}

/// One of the files.
#[derive(Debug)]
pub(super) struct SharedFile {
    /// `None` if neither a variable nor a home directory gives the path.
    path: Option<PathBuf>,
    profiles: Result<ReadProfiles, FileError>,
    /// Why the file counts as empty, as in botocore (facts/aws.md 6.1): the user has no right to read it, or it is not a file.
    ignored: Option<Arc<ReadError>>,
}

/// A file that counts as empty.
#[derive(Debug, Clone, thiserror::Error)]
#[error("`{}` is ignored, as boto3 ignores it: {reason}", path.display())]
pub(crate) struct IgnoredFile {
    path: PathBuf,
    reason: Arc<ReadError>,
}

/// A profile's section in one file.
pub(super) struct ProfileSection {
    /// `None` if neither a variable nor a home directory gives the path.
    pub(super) path: Option<PathBuf>,
    /// Empty if the file has no such profile.
    pub(super) read: ReadProfile,
    /// Whether the file has the profile.
    pub(super) exists: bool,
}

#[derive(Debug)]
enum FileError {
    /// Shared by all errors about it; `io::Error` cannot be cloned.
    Unreadable(Arc<ReadError>),
    Malformed(ProfileReadError),
    /// The variable of its path.
    Path(SharedPathError),
}

impl IgnoredFile {
    /// Whether it is a file that the user has no right to read.
    pub(crate) fn is_file(&self) -> bool {
        !matches!(*self.reason, ReadError::NotAFile)
    }
}

impl SharedProfiles {
    /// Reads both. A missing file counts as empty, as in AWS's tools.
    pub(crate) fn read(environment: &Environment) -> Self {
        Self {
            credentials: SharedFile::read(shared_files::credentials(environment), credentials_file::read),
            config: SharedFile::read(shared_files::config(environment), config_file::read),
        }
    }

    /// The files that count as empty, for a note.
    pub(crate) fn ignored(&self) -> impl Iterator<Item = IgnoredFile> {
        [&self.credentials, &self.config].into_iter().filter_map(|file| {
            Some(IgnoredFile { path: file.path.clone()?, reason: Arc::clone(file.ignored.as_ref()?) })
        })
    }

    /// The first file that has the profile.
    pub(super) fn file_with(&self, name: &ProfileName) -> Option<PathBuf> {
        let sections =
            [&self.credentials, &self.config].into_iter().filter_map(|file| file.section(name).ok());
        sections.into_iter().find(|section| section.exists)?.path
    }
}

impl SharedFile {
    fn read(
        path: Result<PathBuf, SharedPathError>,
        parse: fn(&str) -> Result<ReadProfiles, ProfileReadError>,
    ) -> Self {
        let path = match path {
            Ok(path) => Some(path),
            Err(SharedPathError::NoHome) => None,
            Err(error) => return Self { path: None, profiles: Err(FileError::Path(error)), ignored: None },
        };
        let text = match &path {
            Some(path) => trusted_file::read_within(SHARED_FILE_LIMIT, path),
            None => Ok(None),
        };
        let mut ignored = None;
        let text = text.or_else(|error| match error {
            ReadError::Io(_) | ReadError::NotAFile => {
                ignored = Some(Arc::new(error));
                Ok(None)
            }
            error => Err(FileError::Unreadable(Arc::new(error))),
        });
        // The text holds keys.
        let parse = |text: Option<String>| {
            parse(&Zeroizing::new(text.unwrap_or_default())).map_err(FileError::Malformed)
        };
        Self { path, profiles: text.and_then(parse), ignored }
    }

    /// The profile's section.
    pub(super) fn section(&self, name: &ProfileName) -> Result<ProfileSection, CredentialsError> {
        let path = || self.path.clone().unwrap_or_default();
        let malformed = |source| CredentialsError::Malformed { path: path(), source };
        let read = match &self.profiles {
            Ok(profiles) => profiles.profile(name).map_err(malformed)?,
            Err(FileError::Malformed(error)) => return Err(malformed(error.clone())),
            Err(FileError::Path(error)) => return Err(CredentialsError::SharedPath(error.clone())),
            Err(FileError::Unreadable(error)) => {
                return Err(match &**error {
                    ReadError::Untrusted(untrusted) => {
                        CredentialsError::Untrusted { path: path(), source: untrusted.clone() }
                    }
                    _ => CredentialsError::Unreadable { path: path(), source: Arc::clone(error) },
                });
            }
        };
        Ok(ProfileSection { path: self.path.clone(), exists: read.is_some(), read: read.unwrap_or_default() })
    }
}

impl ProfileSection {
    /// The file's path, for the user.
    pub(super) fn file(&self) -> String {
        self.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default()
    }
}
