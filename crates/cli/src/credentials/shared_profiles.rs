//! AWS's two shared files, each read and taken apart once, however many profiles are looked for.

use std::path::PathBuf;
use std::sync::Arc;

use export::{ProfileName, ProfileReadError, ReadProfile, ReadProfiles, config_file, credentials_file};

use super::CredentialsError;
use crate::io::environment::Environment;
use crate::io::files::shared_files;
use crate::io::files::text_file;

/// Both files, or why one can't be read: that is told where a profile is looked for.
#[derive(Debug)]
pub(crate) struct SharedProfiles {
    pub(super) credentials: ProfilesOf,
    pub(super) config: ProfilesOf,
}

/// One of the files.
#[derive(Debug)]
pub(super) struct ProfilesOf {
    /// `None` where no place is known for the file.
    path: Option<PathBuf>,
    profiles: Result<ReadProfiles, Unusable>,
}

/// One file's share of a profile.
pub(super) struct Part {
    /// `None` where no place is known for the file.
    pub(super) path: Option<PathBuf>,
    /// Empty where the file has no such profile.
    pub(super) read: ReadProfile,
    pub(super) is_there: bool,
}

#[derive(Debug)]
enum Unusable {
    /// Shared by all who ask; only this pointer can be an error's source.
    Unreadable(Arc<text_file::ReadError>),
    Malformed(ProfileReadError),
}

impl SharedProfiles {
    /// Reads both. One that is missing is empty, as to AWS's tools.
    pub(crate) fn read(environment: &Environment) -> Self {
        Self {
            credentials: ProfilesOf::read(shared_files::credentials(environment), credentials_file::read),
            config: ProfilesOf::read(shared_files::config(environment), config_file::read),
        }
    }
}

impl ProfilesOf {
    fn read(path: Option<PathBuf>, parse: fn(&str) -> Result<ReadProfiles, ProfileReadError>) -> Self {
        let text = match &path {
            Some(path) => text_file::read_within(text_file::SHARED_FILE_LIMIT, path),
            None => Ok(None),
        };
        let profiles = match text {
            Ok(text) => parse(&text.unwrap_or_default()).map_err(Unusable::Malformed),
            Err(error) => Err(Unusable::Unreadable(Arc::new(error))),
        };
        Self { path, profiles }
    }

    /// What the file says about the profile.
    pub(super) fn part(&self, name: &ProfileName) -> Result<Part, CredentialsError> {
        let path = || self.path.clone().unwrap_or_default();
        let malformed = |source| CredentialsError::Malformed { path: path(), source };
        let read = match &self.profiles {
            Ok(profiles) => profiles.profile(name).map_err(malformed)?,
            Err(Unusable::Malformed(error)) => return Err(malformed(error.clone())),
            Err(Unusable::Unreadable(error)) => {
                return Err(CredentialsError::Unreadable { path: path(), source: Arc::clone(error) });
            }
        };
        Ok(Part { path: self.path.clone(), is_there: read.is_some(), read: read.unwrap_or_default() })
    }
}

impl Part {
    /// The file, for words to the user.
    pub(super) fn shown(&self) -> String {
        self.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default()
    }
}
