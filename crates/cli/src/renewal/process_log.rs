//! What `credential-process` has to say: AWS tools hide its stderr, and some read it as a part of its JSON. So the notes of
//! its successes, and a line for each failure, are kept in a file of the job in the state directory, for the commands that
//! people start. Its lines are printed texts, without secrets. Where it cannot be written, nothing is kept.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use aws::Timestamp;

use crate::io::clock;
use crate::io::environment::Environment;
use crate::io::files::file_trust::directory_of;
use crate::io::files::private_file;
use crate::io::files::staged_file::StagedFile;
use crate::io::files::transaction::{FileTransaction, Undo};
use crate::renewal::job_key::JobKey;
use crate::renewal::state_directory;

pub(super) const EXTENSION: &str = "log";
/// In bytes. Beyond it the older half of the lines is dropped.
const LIMIT: usize = 32 * 1024;
/// In characters. The error of a refused request has less than 2,000.
const LONGEST_LINE: usize = 4 * 1024;
/// How many lines people are shown.
const SHOWN: usize = 3;
/// In seconds. An AWS tool that starts the process for each of its requests has the same notes each time.
const REPEATED_WITHIN: i64 = 60;
/// What a note of a success begins with.
const NOTE: &str = "note: ";

/// The log of a job.
pub(crate) struct ProcessLog(PathBuf);

/// A line of the log, and how old it is.
pub(crate) struct LogLine {
    age: Duration,
    text: String,
}

impl ProcessLog {
    /// The log of a job in this environment's state directory, whether it exists or not; `None` without a home directory.
    pub(crate) fn of(job: &JobKey, environment: &Environment) -> Option<Self> {
        let directory = state_directory::path(environment).ok()?;
        Some(Self(directory.join(format!("{}.{EXTENSION}", job.job().unwrap_or("none")))))
    }

    /// That of the job that this process shows.
    pub(crate) fn of_this_job(environment: &Environment) -> Option<Self> {
        Self::of(&JobKey::of(environment, None), environment)
    }

    /// Adds a note of a success.
    pub(crate) fn add_note(&self, text: &str) {
        self.add(&format!("{NOTE}{text}"));
    }

    /// Adds the reason of a failure.
    pub(crate) fn add_error(&self, text: &str) {
        self.add(&format!("error: {text}"));
    }

    /// Adds a line, unless it was added just now.
    fn add(&self, text: &str) {
        // What cannot be kept is lost: there is no place for an error about it.
        let _ = self.try_to_add(text);
    }

    fn try_to_add(&self, text: &str) -> io::Result<()> {
        let directory = state_directory::open_at(directory_of(&self.0)).map_err(io::Error::other)?;
        let now = clock::now();
        let text: String = text.chars().take(LONGEST_LINE).collect();
        let existing = self.text();
        let mut lines = existing.as_deref().unwrap_or_default().lines().rev().filter_map(parse);
        let is_new = |at: Timestamp| now.seconds_since(at) < REPEATED_WITHIN;
        if lines.any(|(at, before)| before == text.as_str() && is_new(at)) {
            return Ok(());
        }
        let line = format!("{now} {text}\n");
        match existing {
            Some(existing) if existing.len() + line.len() <= LIMIT => {
                directory.append_to(self.0.file_name().unwrap_or_default())?.write_all(line.as_bytes())
            }
            // Another file of this name is replaced, never written to.
            existing => {
                let newer = existing.as_deref().map_or("", newer_half);
                StagedFile::create(&self.0)?.replace(&format!("{newer}{line}"))
            }
        }
    }

    /// The latest lines, the latest one last.
    pub(crate) fn latest(&self) -> Vec<LogLine> {
        self.latest_of(|_| true)
    }

    /// The same, of the notes only: a failure that follows them has its own reason.
    pub(crate) fn latest_notes(&self) -> Vec<LogLine> {
        self.latest_of(|text| text.starts_with(NOTE))
    }

    fn latest_of(&self, is_shown: impl Fn(&str) -> bool) -> Vec<LogLine> {
        let text = self.text().unwrap_or_default();
        let now = clock::now();
        let latest = text.lines().rev().filter_map(parse).filter(|(_, text)| is_shown(text)).take(SHOWN);
        let line = |(at, text): (Timestamp, &str)| {
            let age = u64::try_from(now.seconds_since(at)).unwrap_or(0);
            LogLine { age: Duration::from_secs(age), text: text.to_owned() }
        };
        let mut lines: Vec<LogLine> = latest.map(line).collect();
        lines.reverse();
        lines
    }

    /// Deletes it.
    pub(crate) fn remove(&self, transaction: &mut FileTransaction) -> Result<(), (PathBuf, io::Error)> {
        if fs::symlink_metadata(&self.0).is_err() {
            return Ok(());
        }
        let before = private_file::read_own(2 * LIMIT as u64, &self.0);
        transaction.hold_signals();
        state_directory::remove_file(&self.0).map_err(|error| (self.0.clone(), error))?;
        let path = self.0.clone();
        transaction.extend(before.map(|(text, permissions)| Undo::Removed { path, text, permissions }));
        Ok(())
    }

    fn text(&self) -> Option<String> {
        // Twice the limit: two processes may have added a line at once.
        let (text, _) = private_file::read_own(2 * LIMIT as u64, &self.0)?;
        Some(text.to_string())
    }
}

/// The time and the text of a line.
fn parse(line: &str) -> Option<(Timestamp, &str)> {
    let (at, text) = line.split_once(' ')?;
    Some((at.parse().ok()?, text))
}

/// The newer half of the lines, by their bytes.
fn newer_half(text: &str) -> &str {
    if text.len() <= LIMIT / 2 {
        return text;
    }
    let start = text.len() - LIMIT / 2;
    text.match_indices('\n').find(|(at, _)| *at >= start).and_then(|(at, _)| text.get(at + 1..)).unwrap_or("")
}

impl fmt::Display for LogLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.age.as_secs() {
            seconds @ ..120 => write!(f, "{seconds} s ago")?,
            seconds @ ..7200 => write!(f, "{} min ago", seconds / 60)?,
            seconds => write!(f, "{} h ago", seconds / 3600)?,
        }
        write!(f, ": {}", self.text)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn log_in(home: &Path) -> ProcessLog {
        let environment = Environment::from([("HOME", home.display().to_string().as_str())]);
        ProcessLog::of_this_job(&environment).unwrap()
    }

    fn shown(log: &ProcessLog) -> Vec<String> {
        log.latest().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_latest_lines_are_shown_with_their_age_and_a_repetition_once() {
        let home = tempfile::tempdir().unwrap();
        let log = log_in(home.path());
        assert!(log.latest().is_empty());
        for text in ["one", "two", "two", "three", "four"] {
            log.add(text);
        }
        assert_eq!(shown(&log), ["0 s ago: two", "0 s ago: three", "0 s ago: four"]);
        for (seconds, words) in [(119, "119 s ago: x"), (120, "2 min ago: x"), (7200, "2 h ago: x")] {
            let line = LogLine { age: Duration::from_secs(seconds), text: "x".to_owned() };
            assert_eq!(line.to_string(), words);
        }
    }

    #[test]
    fn a_log_stays_small_and_keeps_its_latest_lines() {
        let home = tempfile::tempdir().unwrap();
        let log = log_in(home.path());
        for number in 0..100 {
            log.add(&format!("{number} {}", "x".repeat(900)));
            let size = fs::metadata(&log.0).unwrap().len();
            assert!(size <= LIMIT as u64, "{size} bytes after {number}");
        }
        let latest = log.latest();
        assert!(latest.iter().map(|line| line.text.split(' ').next().unwrap()).eq(["97", "98", "99"]));
        log.add(&"é".repeat(2 * LIMIT));
        assert_eq!(log.latest().last().unwrap().text.chars().count(), LONGEST_LINE);
    }

    #[test]
    fn without_a_home_nothing_is_kept_and_nothing_fails() {
        assert!(ProcessLog::of_this_job(&Environment::default()).is_none());
        let home = tempfile::tempdir().unwrap();
        let log = log_in(&home.path().join("missing\0"));
        log.add("lost");
        assert!(log.latest().is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn another_users_or_linked_file_is_replaced_and_never_written_to() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let home = tempfile::tempdir().unwrap();
        let log = log_in(home.path());
        log.add("first");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&log.0), 0o600);
        let elsewhere = home.path().join("elsewhere");
        fs::rename(&log.0, &elsewhere).unwrap();
        symlink(&elsewhere, &log.0).unwrap();
        log.add("second");
        assert!(!log.0.is_symlink());
        assert_eq!(shown(&log), ["0 s ago: second"]);
        assert!(fs::read_to_string(&elsewhere).unwrap().ends_with("first\n"));
    }
}
