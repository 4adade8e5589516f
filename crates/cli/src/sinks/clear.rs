//! Removes credentials from the files that `assume` wrote. As with the [sinks](crate::sinks), the replacement of
//! every file is staged before the first file is replaced, and the caller's transaction can roll back.

use std::error::Error;
use std::path::{Path, PathBuf};

use aws::Secret;
use export::{ProfileName, Removal, bash_env, config_file, credentials_file, dotenv};
use zeroize::Zeroizing;

use crate::io::environment::Environment;
use crate::io::files::appended_file::{self, TakenOut};
use crate::io::files::directory::Expected;
use crate::io::files::file_trust::{self, PathError};
use crate::io::files::shared_files;
use crate::io::files::staged_file;
use crate::io::files::transaction::{FileTransaction, Parted};
use crate::renewal::cache;
use crate::renewal::descriptor_file;
use crate::renewal::failure_memory;
use crate::renewal::process_log::ProcessLog;
use crate::renewal::settings_file;
use crate::sinks::destination::Destination;
use crate::sinks::{EditSink, FilePlace, SinkError, bash_env_sink};

/// A file that was read, and its replacement if it holds credentials.
pub(crate) struct Clearing {
    target: ClearTarget,
    path: PathBuf,
    outcome: Outcome,
    change: Option<Change>,
}

/// How a file with credentials is changed.
enum Change {
    /// It is replaced.
    Edit(EditSink),
    /// The credentials are taken out, because other programs append to it. The path has its links followed.
    TakeOut(PathBuf),
}

/// A destination that remains after `assume`.
#[derive(Debug)]
pub(crate) enum ClearTarget {
    /// The file that bash reads before each step.
    BashEnv,
    /// A profile of the credentials file.
    Profile(ProfileName),
    /// The line of a profile of the config file that runs this program.
    Process(ProfileName),
    /// A file of `NAME=value` lines.
    Dotenv(PathBuf),
}

/// The outcome for a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It holds no credentials, or does not exist.
    Nothing,
    /// It holds keys that `assume` did not write.
    NotOurs,
    /// It held credentials, which are removed.
    Cleared,
    /// The same, with blank lines in their place.
    Blanked,
}

/// A target, its file and its outcome.
pub(crate) struct Cleared {
    /// The target.
    pub(crate) target: ClearTarget,
    /// The file.
    pub(crate) path: PathBuf,
    /// The outcome.
    pub(crate) outcome: Outcome,
}

impl ClearTarget {
    /// The targets of a destination: none if nothing remains of it, two for a profile, which is in two files.
    pub(crate) fn of(destination: Destination) -> Vec<Self> {
        match destination {
            Destination::BashEnv | Destination::Endpoint => vec![Self::BashEnv],
            Destination::Profile(name) | Destination::CredentialProcess(name) => {
                vec![Self::Profile(name.clone()), Self::Process(name)]
            }
            Destination::Dotenv(path) => vec![Self::Dotenv(path)],
            // Each step has its own GITHUB_ENV, and cannot unset what an earlier step has set.
            Destination::Github | Destination::Json | Destination::Shell(_) => Vec::new(),
        }
    }

    fn path(&self, environment: &Environment) -> Result<PathBuf, SinkError> {
        match self {
            Self::BashEnv => bash_env_sink::path(environment, SinkError::NoBashEnv),
            Self::Profile(_) => Ok(shared_files::credentials(environment)?),
            Self::Process(_) => Ok(shared_files::config(environment)?),
            Self::Dotenv(path) => Ok(path.clone()),
        }
    }

    /// An error of its file, which says where the file could be instead.
    fn named(&self, error: SinkError) -> SinkError {
        match self {
            Self::BashEnv => error.of_bash_env(),
            Self::Profile(_) | Self::Process(_) => error.of_shared_file(),
            Self::Dotenv(_) => error,
        }
    }
}

impl Clearing {
    /// Reads the target's file. A file without credentials is not opened for writing, so that cannot fail.
    pub(crate) fn open(target: ClearTarget, environment: &Environment) -> Result<Self, SinkError> {
        let path = target.path(environment)?;
        staged_file::sweep(file_trust::directory_of(&path));
        let text = match target {
            ClearTarget::BashEnv => bash_env_text(&path),
            _ => EditSink::existing_text(&path),
        };
        let text = text.map_err(|error| target.named(error))?;
        let mut clearing = Self { target, path, outcome: Outcome::Nothing, change: None };
        match clearing.remove(text.as_ref().map_or("", |text| text.as_str()))? {
            Removal::Nothing => {}
            Removal::NotOurs => clearing.outcome = Outcome::NotOurs,
            Removal::Without(_) => {
                clearing.outcome = Outcome::Cleared;
                let change = clearing.open_change().map_err(|error| clearing.target.named(error))?;
                clearing.change = Some(change);
            }
        }
        Ok(clearing)
    }

    fn open_change(&self) -> Result<Change, SinkError> {
        if !matches!(self.target, ClearTarget::BashEnv) {
            return EditSink::open(&self.path).map(Change::Edit);
        }
        let unusable =
            |source| SinkError::Path { place: FilePlace::BashEnv, path: self.path.clone(), source };
        let target = file_trust::target(&self.path, Expected::Own).map_err(unusable)?;
        let path = target.path.clone();
        appended_file::probe(target, Expected::Own).map_err(|error| unusable(PathError::Io(error)))?;
        Ok(Change::TakeOut(path))
    }

    fn remove(&self, text: &str) -> Result<Removal, SinkError> {
        let removed = match &self.target {
            ClearTarget::BashEnv => Ok(bash_env::remove(text)),
            ClearTarget::Profile(name) => credentials_file::remove(text, name),
            ClearTarget::Process(name) => config_file::remove_process(text, name),
            ClearTarget::Dotenv(_) => Ok(dotenv::remove(text)),
        };
        removed.map_err(|source| SinkError::NotRemovable { path: self.path.clone(), source })
    }
}

/// The text of the file of `BASH_ENV`, if no other user can change what its path leads to.
fn bash_env_text(path: &Path) -> Result<Option<Zeroizing<String>>, SinkError> {
    match file_trust::resolve(path) {
        Ok(resolved) => appended_file::text(&resolved)
            .map_err(|source| SinkError::Unreadable { path: path.to_owned(), source }),
        Err(error) if error.is_missing() => Ok(None),
        Err(source) => Err(SinkError::Path { place: FilePlace::BashEnv, path: path.to_owned(), source }),
    }
}

/// Everything that was cleared.
pub(crate) struct ClearedAll {
    /// The targets.
    pub(crate) targets: Vec<Cleared>,
    /// How many files in the cache of `credential-process` were deleted.
    pub(crate) cache_files: usize,
    /// How many endpoints of `serve` were ended.
    pub(crate) servers: usize,
    /// What stays because it cannot be read.
    pub(crate) notes: Vec<String>,
}

/// Replaces all files that hold credentials. A profile also clears the cache and the log of `credential-process`;
/// `BASH_ENV` also ends the endpoints of this job, to which it may point.
pub(crate) fn write_all(
    clearings: Vec<Clearing>,
    environment: &Environment,
    transaction: &mut FileTransaction,
) -> Result<ClearedAll, SinkError> {
    let failed = |(path, source)| SinkError::Write { place: FilePlace::Home, path, source };
    let named_settings = settings_file::named(environment).map_err(failed)?;
    let cleared_a_profile =
        clearings.iter().any(|clearing| matches!(clearing.target, ClearTarget::Process(_)));
    if cleared_a_profile {
        cache::delete_all(environment, transaction).map_err(failed)?;
        failure_memory::forget_all(environment);
    }
    let cache_files = transaction.len();
    if cleared_a_profile && let Some(log) = ProcessLog::of_this_job(environment) {
        log.remove(transaction).map_err(failed)?;
    }
    let with_servers = clearings.iter().any(|clearing| matches!(clearing.target, ClearTarget::BashEnv));
    let (mut targets, mut notes) = (Vec::new(), Vec::new());
    for mut clearing in clearings {
        match clearing.change.take() {
            None => {}
            Some(Change::Edit(sink)) => {
                // Edits the file as it is now: another profile may have been removed from it in this run.
                let edit = |existing: &str| match clearing.remove(existing)? {
                    Removal::Without(text) => Ok(text),
                    Removal::Nothing | Removal::NotOurs => Ok(Secret::new(existing.to_owned())),
                };
                sink.write(edit, transaction).map_err(|error| clearing.target.named(error))?;
            }
            Some(Change::TakeOut(path)) => {
                let taken_out = transaction.take_out(&path, blocks_of_bash_env);
                if taken_out.map_err(|source| SinkError::Write { place: FilePlace::BashEnv, path, source })?
                    == Some(TakenOut::Blanked)
                {
                    clearing.outcome = Outcome::Blanked;
                }
            }
        }
        let Clearing { target, path, outcome, .. } = clearing;
        targets.push(Cleared { target, path, outcome });
    }
    if cleared_a_profile {
        notes = settings_file::remove_unnamed(&named_settings, environment, transaction).map_err(failed)?;
    }
    // Last, because ending an endpoint cannot be undone.
    let mut servers = 0;
    if with_servers {
        let removed = descriptor_file::remove_for_this_job(environment).map_err(SinkError::StillServing)?;
        servers = removed.count;
        notes.extend(removed.unknown.iter().map(|error| {
            let reason = error.source().map(|source| format!(": {source}")).unwrap_or_default();
            format!("an endpoint of `serve` may stay open, as its descriptor stays: {error}{reason}")
        }));
    }
    Ok(ClearedAll { targets, cache_files, servers, notes })
}

fn blocks_of_bash_env(existing: &[u8]) -> Option<Parted> {
    let text = appended_file::as_text(existing);
    let Removal::Without(without) = bash_env::remove(&text) else { return None };
    Some(Parted {
        without: appended_file::as_bytes(without.expose()),
        blanked: appended_file::as_bytes(bash_env::blanked(&text).expose()),
    })
}
