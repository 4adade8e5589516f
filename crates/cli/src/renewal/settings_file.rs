//! Settings that the line of a profile would have to quote, such as a session policy: several AWS tools split a line at its
//! spaces, or lose what is in quotes. They are in a file of the state directory, and the line names it by the digest of its
//! text. So a file that was changed is not used, and nothing is in it that the line would not have held.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aws::Secret;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use crate::io::clock;
use crate::io::environment::Environment;
use crate::io::files::private_file;
use crate::io::files::staged_file::StagedFile;
use crate::io::files::text_file::{self, ReadError};
use crate::io::files::transaction::{FileTransaction, Undo};
use crate::io::hexadecimal::hexadecimal;
use crate::renewal::request_flags::RequestFlag;
use crate::renewal::state_directory;

const EXTENSION: &str = "settings";
/// More than all values that AWS takes: two policies of 2,048 characters, 50 tags of 384.
const LIMIT: u64 = 256 * 1024;
/// Another run may have written its file and not yet its profile.
const YOUNG: Duration = Duration::from_secs(60);

/// Why the file gives no settings.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsFileError {
    /// Not written as a digest is.
    #[error("invalid digest `{}`; expected {DIGITS} hexadecimal digits as `assume` writes them", .0.escape_debug())]
    NotADigest(String),
    /// No directory for it.
    #[error("there is no home directory with the settings of this profile")]
    NoDirectory(#[source] state_directory::StateError),
    /// It was cleared, or was written elsewhere.
    #[error("the settings of this profile are missing: `{}` does not exist", .0.display())]
    Missing(PathBuf),
    /// Another user could have written it, or it cannot be read.
    #[error("`{}` cannot be read as a private file of this user", .0.display())]
    NotPrivate(PathBuf),
    /// Not the text that the line was written for.
    #[error("`{}` was changed since `assume` wrote it", .0.display())]
    Changed(PathBuf),
    /// A text of another version.
    #[error("`{}` is not of this version", .0.display())]
    OtherVersion(PathBuf),
}

/// The hexadecimal digits of a digest, SHA-256.
const DIGITS: usize = 64;
const FORMAT: u32 = 1;

/// The text of a file, and its digest.
#[derive(Debug, Clone)]
pub(crate) struct SettingsFile {
    text: String,
    digest: String,
    flags: Vec<&'static str>,
}

/// What was read from a file.
pub(crate) struct ReadSettings {
    /// The file.
    pub(crate) path: PathBuf,
    /// Flags with their values, in the order of a command line.
    pub(crate) settings: Vec<(String, String)>,
}

#[derive(Serialize, Deserialize)]
struct Content {
    format: u32,
    /// The config file whose profile names this one.
    config: String,
    /// Flags with their values, in the order of a command line.
    settings: Vec<(String, String)>,
}

impl SettingsFile {
    /// For a profile of this config file.
    pub(crate) fn of(flags: &[&RequestFlag], config: &Path) -> Self {
        // `clear` may run elsewhere.
        let config = std::path::absolute(config).unwrap_or_else(|_| config.to_owned());
        let content = Content {
            format: FORMAT,
            config: config.to_string_lossy().into_owned(),
            settings: flags.iter().filter_map(|it| Some((it.flag.to_owned(), it.value.clone()?))).collect(),
        };
        // Texts and a number cannot fail.
        let text = serde_json::to_string_pretty(&content).unwrap_or_default() + "\n";
        Self { digest: digest_of(&text), text, flags: flags.iter().map(|it| it.flag).collect() }
    }

    /// What the line names.
    pub(crate) fn digest(&self) -> &str {
        &self.digest
    }

    /// The flags that are in it and not in the line.
    pub(crate) fn flags(&self) -> &[&'static str] {
        &self.flags
    }

    /// Writes the file. Its directory exists.
    pub(crate) fn write(self, environment: &Environment) -> io::Result<Undo> {
        let path = path(&self.digest, environment).map_err(io::Error::other)?;
        let before = private_file::read_own(LIMIT, &path);
        let after = Secret::new(self.text);
        StagedFile::create(&path)?.replace(after.expose())?;
        Ok(Undo::Replaced { path, before, after })
    }
}

/// The flags with their values in the file of this digest.
pub(crate) fn read(digest: &str, environment: &Environment) -> Result<ReadSettings, SettingsFileError> {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if digest.len() != DIGITS || !digest.bytes().all(is_digit) {
        return Err(SettingsFileError::NotADigest(digest.chars().take(100).collect()));
    }
    let path = path(digest, environment).map_err(SettingsFileError::NoDirectory)?;
    let Some((text, _)) = private_file::read_own(LIMIT, &path) else {
        let is_missing =
            fs::symlink_metadata(&path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
        return Err(if is_missing {
            SettingsFileError::Missing(path)
        } else {
            SettingsFileError::NotPrivate(path)
        });
    };
    if digest_of(&text) != digest {
        return Err(SettingsFileError::Changed(path));
    }
    match serde_json::from_str(&text) {
        Ok(Content { format: FORMAT, settings, .. }) => Ok(ReadSettings { path, settings }),
        _ => Err(SettingsFileError::OtherVersion(path)),
    }
}

/// The files that a profile names.
pub(crate) fn named(environment: &Environment) -> Result<Vec<PathBuf>, (PathBuf, io::Error)> {
    Ok(all(environment)?.into_iter().filter(|path| matches!(naming_of(path), Naming::Named)).collect())
}

/// Deletes the files that no profile names any longer: those that were named `before`, and older ones. Returns a note for
/// each that stays because that is not known.
pub(crate) fn remove_unnamed(
    before: &[PathBuf],
    environment: &Environment,
    transaction: &mut FileTransaction,
) -> Result<Vec<String>, (PathBuf, io::Error)> {
    let mut notes = Vec::new();
    for path in all(environment)? {
        match naming_of(&path) {
            Naming::Unnamed => {}
            Naming::Named => continue,
            Naming::Unknown(reason) => {
                let path = path.display();
                notes.push(format!("the settings file `{path}` stays, as a profile may name it: {reason}"));
                continue;
            }
        }
        let is_young = fs::symlink_metadata(&path).is_ok_and(|metadata| clock::age(&metadata) < YOUNG);
        if is_young && !before.contains(&path) {
            continue;
        }
        let text = private_file::read_own(LIMIT, &path);
        transaction.hold_signals();
        state_directory::remove_file(&path).map_err(|error| (path.clone(), error))?;
        transaction.extend(text.map(|(text, permissions)| Undo::Removed { path, text, permissions }));
    }
    Ok(notes)
}

/// Whether a profile names a file.
enum Naming {
    Named,
    Unnamed,
    /// One of the two files cannot be read.
    Unknown(String),
}

/// By the config file that it was written for. A text that `assume` has not written is of no profile.
fn naming_of(path: &Path) -> Naming {
    let text = match private_file::open_own(path) {
        Ok(Some(mut file)) => text_file::read_open(LIMIT, &mut file),
        Ok(None) => return Naming::Unknown("it is not a private file of this user".to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Naming::Unnamed,
        Err(error) => return Naming::Unknown(error.to_string()),
    };
    let text = match text {
        Ok(text) => text,
        Err(ReadError::Io(error)) => return Naming::Unknown(error.to_string()),
        Err(_) => return Naming::Unnamed,
    };
    let Ok(Content { config, .. }) = serde_json::from_str(&text) else { return Naming::Unnamed };
    let digest = path.file_stem().unwrap_or_default().to_string_lossy();
    match text_file::read_within(text_file::SHARED_FILE_LIMIT, Path::new(&config)) {
        Ok(Some(text)) if text.contains(&*digest) => Naming::Named,
        Ok(_) => Naming::Unnamed,
        Err(error) => Naming::Unknown(format!("`{config}` cannot be read: {error}")),
    }
}

fn all(environment: &Environment) -> Result<Vec<PathBuf>, (PathBuf, io::Error)> {
    let Ok(directory) = state_directory::path(environment) else { return Ok(Vec::new()) };
    state_directory::files(&directory, &[EXTENSION]).map_err(|error| (directory, error))
}

fn path(digest: &str, environment: &Environment) -> Result<PathBuf, state_directory::StateError> {
    state_directory::path(environment).map(|directory| directory.join(format!("{digest}.{EXTENSION}")))
}

fn digest_of(text: &str) -> String {
    hexadecimal(digest(&SHA256, text.as_bytes()).as_ref())
}
