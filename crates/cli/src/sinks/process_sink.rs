//! A profile whose `credential_process` runs this program: its line in the config file, and the first session in
//! the cache. Credentials of the profile in the shared files are removed, because AWS tools would use them first.

use std::path::{Path, PathBuf};

use aws::{Region, Secret};
use export::{Platform, ProcessLine, ProfileName, Session, config_file, credentials_file};

use crate::io::environment::{self, Environment, vars};
use crate::io::files::file_trust::directory_of;
use crate::io::files::shared_files;
use crate::io::signals::Hold;
use crate::renewal::cache::{self, Cache};
use crate::renewal::request_flags::{RequestFlag, RequestKey};
use crate::renewal::settings_file::SettingsFile;
use crate::sinks::new_directory::NewDirectory;
use crate::sinks::profile_sink::not_editable;
use crate::sinks::{EditSink, FilePlace, OpenContext, SinkError, WriteContext};

/// The rules by which AWS tools on this system split the line.
const PLATFORM: Platform = if cfg!(windows) { Platform::Windows } else { Platform::Posix };

/// All files, checked.
pub(crate) struct ProcessSink {
    place: Place,
    line: ProcessLine,
    settings: Option<SettingsFile>,
    key: RequestKey,
    environment: Environment,
    /// Only if AWS tools would use something in it first.
    credentials: Option<EditSink>,
    config: EditSink,
    /// As it is named.
    config_path: PathBuf,
    entry_path: PathBuf,
}

/// The profile to write, and what may be lost for it.
struct Place {
    profile: ProfileName,
    region: Option<Region>,
    overwrite: bool,
}

impl ProcessSink {
    /// Opens all files and checks that the profile can be written without loss.
    pub(crate) fn open(profile: &ProfileName, context: OpenContext<'_>) -> Result<Self, SinkError> {
        let OpenContext { region, key, overwrite, environment, .. } = context;
        let credentials_path = shared_files::credentials(environment)?;
        let config_path = shared_files::config(environment)?;
        let settings = settings_to_quote(context, &config_path);
        let line = line(profile, settings.as_ref(), context)?;
        let entry_path = cache::entry_path(key, environment).map_err(SinkError::State)?;
        // Only to see whether it can be done: until there is a session, nothing stays.
        let _hold = Hold::start();
        let _directories = new_directories(&config_path, &entry_path)?;
        let cache = Cache::open(key.clone(), environment).map_err(SinkError::State)?;
        cache.probe().map_err(|source| SinkError::Write {
            place: FilePlace::Home,
            path: entry_path.clone(),
            source,
        })?;
        let config = EditSink::open_shared(&config_path).map_err(SinkError::of_shared_file)?;
        let place = Place { profile: profile.clone(), region: region.cloned(), overwrite };
        place.with_process(&config.text()?, config.path(), &line)?;
        let credentials = place.open_if_used_first(&credentials_path)?;
        Ok(Self {
            place,
            line,
            settings,
            key: key.clone(),
            environment: environment.clone(),
            credentials,
            config,
            config_path,
            entry_path,
        })
    }

    /// Caches the session for the first call of an AWS tool, then writes the profile.
    pub(crate) fn write(self, session: &Session, context: &mut WriteContext<'_>) -> Result<(), SinkError> {
        let transaction = &mut *context.transaction;
        transaction.hold_signals();
        let Self { place, line, settings, key, environment, credentials, config, config_path, entry_path } =
            self;
        // The outermost first, so that a rollback removes it last.
        let mut directories = new_directories(&config_path, &entry_path)?;
        transaction.extend(directories.iter_mut().rev().flat_map(NewDirectory::keep));
        let cache = Cache::open(key, &environment).map_err(SinkError::State)?;
        let written = cache.stage().and_then(|entry| entry.write(session));
        transaction.push(written.map_err(|source| SinkError::Write {
            place: FilePlace::Home,
            path: entry_path.clone(),
            source,
        })?);
        if let Some(settings) = settings {
            let written = settings.write(&environment);
            transaction.push(written.map_err(|source| SinkError::Write {
                place: FilePlace::Home,
                path: entry_path,
                source,
            })?);
        }
        if let Some(sink) = credentials {
            let path = sink.path().to_owned();
            let edit = |existing: &str| place.without_keys(existing, &path);
            sink.write(edit, transaction).map_err(SinkError::of_shared_file)?;
            let profile = &place.profile;
            context.notes.push(format!(
                "the credentials of profile `{profile}` are removed from `{}`: AWS tools would use them first",
                path.display()
            ));
        }
        let path = config.path().to_owned();
        let edit = |existing: &str| place.with_process(existing, &path, &line);
        config.write(edit, transaction).map_err(SinkError::of_shared_file)
    }
}

/// The innermost first: they are dropped in this order.
fn new_directories(config: &Path, entry: &Path) -> Result<Vec<NewDirectory>, SinkError> {
    let of_config = [NewDirectory::of_shared_file(config)].into_iter();
    let of_entry = [directory_of(entry), entry].into_iter().map(NewDirectory::of_state);
    let mut directories =
        of_config.chain(of_entry).filter_map(Result::transpose).collect::<Result<Vec<_>, _>>()?;
    directories.reverse();
    Ok(directories)
}

/// The settings with a value that a line would have to quote, all values of each; `None` if there are none.
fn settings_to_quote(context: OpenContext<'_>, config_path: &Path) -> Option<SettingsFile> {
    let must_be_quoted = |it: &&RequestFlag| !is_plain(it);
    let flags: Vec<&str> = context.flags.all().filter(must_be_quoted).map(|it| it.flag).collect();
    let in_file: Vec<&RequestFlag> = context.flags.all().filter(|it| flags.contains(&it.flag)).collect();
    (!flags.is_empty()).then(|| SettingsFile::of(&in_file, config_path))
}

fn is_plain(flag: &RequestFlag) -> bool {
    flag.words().iter().all(|word| ProcessLine::takes_unquoted(word, PLATFORM))
}

/// The value of `credential_process`, with all settings as flags or in a file: the steps that run it have other variables,
/// and an AWS tool that tox or cron starts has none of the job's.
fn line(
    profile: &ProfileName,
    settings: Option<&SettingsFile>,
    context: OpenContext<'_>,
) -> Result<ProcessLine, SinkError> {
    let OpenContext { flags, environment, .. } = context;
    if let Some(flaw) = flags.flaw() {
        return Err(SinkError::NotRepeatable { profile: profile.clone(), flaw: flaw.to_owned() });
    }
    let program = environment::this_program().map_err(SinkError::Program)?;
    let Some(text) = program.to_str() else {
        return Err(SinkError::NotText { profile: profile.clone(), program });
    };
    let job_key = Some(flags.job()).filter(|job| job.is_known()).map(ToString::to_string);
    // On Windows the line holds no path with a space, and USERPROFILE is always there.
    let home =
        environment.non_blank(vars::HOME).filter(|home| PLATFORM == Platform::Posix && home.starts_with('/'));
    let in_file = settings.map(SettingsFile::flags).unwrap_or_default();
    let words: Vec<String> =
        flags.all().filter(|it| !in_file.contains(&it.flag)).flat_map(RequestFlag::words).collect();
    let of_the_line = [
        ("--settings", settings.map(SettingsFile::digest)),
        ("--job-key", job_key.as_deref()),
        ("--home", home),
    ];
    let of_the_line = of_the_line.into_iter().filter_map(|(flag, value)| Some([flag, value?])).flatten();
    ProcessLine::new(text, words.iter().map(String::as_str).chain(of_the_line), PLATFORM)
        .map_err(|source| SinkError::Line { profile: profile.clone(), program: program.clone(), source })
}

impl Place {
    /// The config file's text with the line.
    fn with_process(&self, existing: &str, path: &Path, line: &ProcessLine) -> Result<Secret, SinkError> {
        let Self { profile, region, overwrite } = self;
        let text = if *overwrite {
            config_file::remove_own_keys(existing, profile).map_err(not_editable(path))?
        } else {
            Secret::new(existing.to_owned())
        };
        config_file::set_process(text.expose(), profile, line, region.as_ref())
            .map(Secret::new)
            .map_err(not_editable(path))
    }

    /// Opens the credentials file, if it holds keys or a Region that AWS tools would use before the config file's.
    fn open_if_used_first(&self, path: &Path) -> Result<Option<EditSink>, SinkError> {
        let Some(text) = EditSink::existing_text(path)? else { return Ok(None) };
        if self.without_keys(&text, path)?.expose() == text.as_str() {
            return Ok(None);
        }
        EditSink::open_shared(path).map(Some).map_err(SinkError::of_shared_file)
    }

    /// The credentials file's text without them.
    fn without_keys(&self, existing: &str, path: &Path) -> Result<Secret, SinkError> {
        let Self { profile, region, overwrite } = self;
        let text = if *overwrite {
            credentials_file::remove_own_keys(existing, profile).map_err(not_editable(path))?
        } else {
            Secret::new(existing.to_owned())
        };
        credentials_file::prepare_for_process(text.expose(), profile, region.as_ref())
            .map_err(not_editable(path))
    }
}
