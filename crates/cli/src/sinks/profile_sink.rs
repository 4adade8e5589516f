//! Profiles: keys in AWS's credentials file, Regions in its config file, all of them or none.

use std::path::{Path, PathBuf};

use aws::{Region, Secret};
use export::{ProfileName, Session, config_file, credentials_file};

use crate::io::environment::Environment;
use crate::io::files::shared_files;
use crate::io::files::transaction::FileTransaction;
use crate::io::signals::Hold;
use crate::sinks::new_directory::NewDirectory;
use crate::sinks::{EditSink, SinkError};

/// Both files, checked.
pub(crate) struct ProfileSink {
    profiles: Vec<ProfileName>,
    overwrite: bool,
    credentials: EditSink,
    config: EditSink,
    /// The files as they are named.
    paths: [PathBuf; 2],
}

impl ProfileSink {
    /// Opens both files and checks that all profiles, each with its Region, can be written without loss. With `overwrite` a
    /// user's own long-term keys may be lost.
    pub(crate) fn open(
        profiles: &[(&ProfileName, Option<&Region>)],
        overwrite: bool,
        environment: &Environment,
    ) -> Result<Self, SinkError> {
        let paths = [shared_files::credentials(environment)?, shared_files::config(environment)?];
        // Only to see whether it can be done: until there is a session, nothing stays.
        let _hold = Hold::start();
        let _directories = new_directories(&paths)?;
        let [credentials_path, config_path] = &paths;
        let credentials = EditSink::open_shared(credentials_path).map_err(SinkError::of_shared_file)?;
        let config = EditSink::open_shared(config_path).map_err(SinkError::of_shared_file)?;
        let names = profiles.iter().map(|(name, _)| *name);
        let (credentials_text, config_text) = (credentials.text()?, config.text()?);
        if !overwrite {
            credentials_file::refuse_own_keys(&credentials_text, names.clone())
                .map_err(not_editable(credentials.path()))?;
            config_file::refuse_own_keys(&config_text, names.clone()).map_err(not_editable(config.path()))?;
        }
        credentials_file::check(&credentials_text, names.clone())
            .map_err(not_editable(credentials.path()))?;
        // This file gets no secret, so the edit itself is the check.
        config_file::edit(&config_text, profiles.iter().copied()).map_err(not_editable(config.path()))?;
        Ok(Self { profiles: names.cloned().collect(), overwrite, credentials, config, paths })
    }

    /// Writes the keys, then the Regions. `sessions` has one for each profile of `open`, in that order.
    pub(crate) fn write(
        self,
        sessions: &[Session],
        transaction: &mut FileTransaction,
    ) -> Result<(), SinkError> {
        transaction.hold_signals();
        transaction.extend(new_directories(&self.paths)?.iter_mut().flat_map(NewDirectory::keep));
        let Self { profiles, overwrite, credentials, config, .. } = self;
        let (credentials_path, config_path) = (credentials.path().to_owned(), config.path().to_owned());
        let edit_keys = |existing: &str| {
            if !overwrite {
                credentials_file::refuse_own_keys(existing, &profiles)
                    .map_err(not_editable(&credentials_path))?;
            }
            credentials_file::edit(existing, profiles.iter().zip(sessions))
                .map_err(not_editable(&credentials_path))
        };
        credentials.write(edit_keys, transaction).map_err(SinkError::of_shared_file)?;
        let edit_regions = |existing: &str| {
            config_file::edit(existing, profiles.iter().zip(sessions.iter().map(Session::region)))
                .map(Secret::new)
                .map_err(not_editable(&config_path))
        };
        config.write(edit_regions, transaction).map_err(SinkError::of_shared_file)
    }
}

fn new_directories(paths: &[PathBuf]) -> Result<Vec<NewDirectory>, SinkError> {
    paths.iter().filter_map(|path| NewDirectory::of_shared_file(path).transpose()).collect()
}

/// The error for a file whose text cannot be edited.
pub(super) fn not_editable(path: &Path) -> impl Fn(export::SharedFileError) -> SinkError {
    let path = path.to_owned();
    move |source| SinkError::NotEditable { path: path.clone(), source }
}
