//! The last failure to get new credentials, for all processes of a job: an AWS tool may start the process for each of its
//! requests, and each would call STS, or wait for it, again. It is forgotten with the next success, with `clear`, and where
//! the settings or the token differ. It holds printed texts, without secrets.

use std::path::{Path, PathBuf};
use std::time::Duration;

use aws::Timestamp;
use serde::{Deserialize, Serialize};

use crate::io::clock;
use crate::io::environment::Environment;
use crate::io::files::private_file;
use crate::io::files::staged_file::StagedFile;
use crate::renewal::state_directory;

pub(super) const EXTENSION: &str = "failure";
/// In bytes: more than the text of a failure.
const LIMIT: u64 = 64 * 1024;
const FORMAT: u32 = 2;

/// In seconds. For so long, calls without cached credentials have the same failure: a tool that starts many at once gets the
/// same reason from each, and a person who has fixed the cause does not wait. Longer only if the server asks for it.
const SHARED_FOR: u64 = 5;

/// A failure as it is printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FailureText {
    /// The exit code.
    pub(crate) exit_code: u8,
    /// What could not be done.
    pub(crate) message: String,
    /// Why, from the outside in.
    pub(crate) causes: Vec<String>,
    /// Facts with their labels.
    pub(crate) facts: Vec<(String, String)>,
    /// The next action.
    pub(crate) hint: Option<String>,
    /// Whether `--details` prints more.
    pub(crate) is_short: bool,
}

/// A failure, and what follows from it for the next calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RememberedFailure {
    format: u32,
    /// Unix time, in seconds.
    at: i64,
    /// In seconds: until then cached credentials are used without a call.
    pause: u64,
    /// In seconds: for so long calls without cached credentials share it.
    shared: u64,
    /// How many there were in a row.
    failures: u32,
    /// The token that the process had, as a digest of its claims.
    token: Option<String>,
    /// Whether a guard refused: then cached credentials are not used.
    is_guard_refusal: bool,
    /// Whether all attempts were made, as without cached credentials.
    is_of_all_attempts: bool,
    /// What was printed.
    pub(crate) text: FailureText,
}

/// The memory of one request.
pub(crate) struct FailureMemory {
    path: PathBuf,
    token: Option<String>,
}

/// A failure that has just happened.
pub(crate) struct NewFailure {
    /// What was printed.
    pub(crate) text: FailureText,
    /// How long the attempt took.
    pub(crate) took: Duration,
    /// The pause that the server asks for, as far as it is kept to.
    pub(crate) asked: Duration,
    /// Whether a guard refused.
    pub(crate) is_guard_refusal: bool,
    /// Whether all attempts were made.
    pub(crate) is_of_all_attempts: bool,
}

impl FailureMemory {
    /// The memory for this token in a directory.
    pub(super) fn within(directory: &Path, file_stem: &str, token: Option<String>) -> Self {
        Self { path: directory.join(format!("{file_stem}.{EXTENSION}")), token }
    }

    /// The last failure, if it was one of this token.
    pub(crate) fn last(&self) -> Option<RememberedFailure> {
        let (text, _) = private_file::read_own(LIMIT, &self.path)?;
        let failure: RememberedFailure = serde_json::from_str(&text).ok()?;
        // One of the future is of another clock.
        let is_ours = failure.format == FORMAT && failure.token == self.token && failure.age().is_some();
        is_ours.then_some(failure)
    }

    /// Remembers a failure, and returns the pause until the next attempt. Where it cannot be written there is no pause.
    pub(crate) fn remember(&self, new: NewFailure) -> Option<Duration> {
        let failures = self.last().map_or(0, |last| last.failures).saturating_add(1);
        let pause = pause_after(failures, new.text.exit_code == NOT_REACHED, new.took).max(new.asked);
        let failure = RememberedFailure {
            format: FORMAT,
            at: clock::now().unix_seconds(),
            pause: pause.as_secs(),
            shared: SHARED_FOR.max(new.asked.as_secs()),
            failures,
            token: self.token.clone(),
            is_guard_refusal: new.is_guard_refusal,
            is_of_all_attempts: new.is_of_all_attempts,
            text: new.text,
        };
        let text = serde_json::to_string(&failure).ok()?;
        StagedFile::create(&self.path).and_then(|stage| stage.replace(&text)).ok()?;
        Some(pause)
    }

    /// Forgets it.
    pub(crate) fn forget(&self) {
        // A missing file is not an error; another one is too old soon.
        let _ = state_directory::remove_file(&self.path);
    }
}

impl RememberedFailure {
    /// In seconds; `None` in the future.
    fn age(&self) -> Option<u64> {
        let at = Timestamp::from_unix_seconds(self.at).ok()?;
        u64::try_from(clock::now().seconds_since(at)).ok()
    }

    /// Whether cached credentials are used without another attempt.
    pub(crate) fn is_in_pause(&self) -> bool {
        self.age().is_some_and(|age| age < self.pause)
    }

    /// Whether a call without cached credentials fails for the same reason.
    pub(crate) fn is_shared(&self) -> bool {
        self.is_of_all_attempts && self.age().is_some_and(|age| age < self.shared)
    }

    /// Whether it is of this time, or later.
    pub(crate) fn is_since(&self, begun: Timestamp) -> bool {
        self.is_of_all_attempts && self.at >= begun.unix_seconds()
    }

    /// Whether a guard refused.
    pub(crate) fn is_guard_refusal(&self) -> bool {
        self.is_guard_refusal
    }

    /// When it was, for people.
    pub(crate) fn in_words(&self) -> String {
        let age = self.age().unwrap_or(0);
        let next = self.shared.saturating_sub(age);
        format!(
            "with another call of `credential-process`, {age} s ago; a call after {next} s makes new attempts"
        )
    }
}

/// Deletes the memory of all requests. One that stays is forgotten in minutes.
pub(crate) fn forget_all(environment: &Environment) {
    let Ok(directory) = state_directory::path(environment) else { return };
    for path in state_directory::files(&directory, &[EXTENSION]).unwrap_or_default() {
        let _ = state_directory::remove_file(&path);
    }
}

/// The exit code of a failure that ends by itself: STS is away, or throttles.
const NOT_REACHED: u8 = 5;
/// The first pause, and that after a refusal, which takes longer to end.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const FIRST_PAUSE_AFTER_REFUSAL: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(90);
/// A pause is so many times longer than the attempt: a host that does not respond costs a tenth of the time at most.
const TIMES_THE_ATTEMPT: u32 = 9;

/// The pause after so many failures in a row.
fn pause_after(failures: u32, is_transient: bool, took: Duration) -> Duration {
    let first = if is_transient { FIRST_PAUSE } else { FIRST_PAUSE_AFTER_REFUSAL };
    let doubled = 1_u32 << failures.saturating_sub(1).min(5);
    (first * doubled).max(took * TIMES_THE_ATTEMPT).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_sts_is_called_five_times_a_minute_at_most() {
        let seconds = |failures, is_transient, took| {
            pause_after(failures, is_transient, Duration::from_millis(took)).as_secs()
        };
        assert!((1..=7).map(|failures| seconds(failures, true, 10)).eq([5, 10, 20, 40, 80, 90, 90]));
        assert!((1..=4).map(|failures| seconds(failures, false, 10)).eq([30, 60, 90, 90]));
        assert_eq!([seconds(1, true, 10_000), seconds(1, true, 2000), seconds(9, true, 0)], [90, 18, 90]);
        assert_eq!(seconds(u32::MAX, true, 0), 90);
    }

    fn text(exit_code: u8) -> FailureText {
        let (causes, facts) = (vec!["because".to_owned()], vec![("job:".to_owned(), "one".to_owned())]);
        FailureText { exit_code, message: "no".to_owned(), causes, facts, hint: None, is_short: false }
    }

    fn new(is_of_all_attempts: bool) -> NewFailure {
        let took = Duration::from_millis(1);
        NewFailure { text: text(5), took, asked: Duration::ZERO, is_guard_refusal: false, is_of_all_attempts }
    }

    #[test]
    fn a_failure_is_remembered_for_its_token_until_it_is_forgotten() {
        let directory = tempfile::tempdir().unwrap();
        let of =
            |token: Option<&str>| FailureMemory::within(directory.path(), "key", token.map(str::to_owned));
        assert!(of(None).last().is_none());
        assert_eq!(of(Some("a")).remember(new(true)), Some(Duration::from_secs(5)));
        assert_eq!(of(Some("a")).remember(new(true)), Some(Duration::from_secs(10)));
        let last = of(Some("a")).last().unwrap();
        assert_eq!(last.text, text(5));
        assert!(
            last.is_in_pause() && last.is_shared() && last.is_since(clock::now()) || last.age() != Some(0)
        );
        assert!(of(None).last().is_none() && of(Some("b")).last().is_none());
        // Another token starts anew.
        assert_eq!(of(Some("b")).remember(new(false)), Some(Duration::from_secs(5)));
        assert!(!of(Some("b")).last().unwrap().is_shared(), "one attempt is not all");
        of(Some("b")).forget();
        assert!(of(Some("b")).last().is_none());
    }

    #[test]
    fn a_pause_that_the_server_asks_for_is_that_of_all_calls() {
        let directory = tempfile::tempdir().unwrap();
        let memory = FailureMemory::within(directory.path(), "key", None);
        let asked = Duration::from_secs(120);
        assert_eq!(memory.remember(NewFailure { asked, ..new(true) }), Some(asked));
        let last = memory.last().unwrap();
        assert_eq!((last.pause, last.shared), (120, 120));
    }

    #[test]
    fn an_old_one_and_one_of_the_future_do_not_count() {
        let now = clock::now().unix_seconds();
        let aged = |age: i64| RememberedFailure {
            format: FORMAT,
            at: now - age,
            pause: 20,
            shared: SHARED_FOR,
            failures: 1,
            token: None,
            is_guard_refusal: false,
            is_of_all_attempts: true,
            text: text(5),
        };
        for (age, is_in_pause, is_shared) in
            [(0, true, true), (3, true, true), (10, true, false), (25, false, false), (-60, false, false)]
        {
            assert_eq!((aged(age).is_in_pause(), aged(age).is_shared()), (is_in_pause, is_shared), "{age}");
        }
    }
}
