//! How many attempts were made, and why there is no further one: for the error's text.

use std::time::Duration;

/// The attempts of a call that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attempts {
    /// Their number.
    pub(crate) made: u32,
    /// Why there is no further one.
    pub(crate) end: End,
    /// The pause that the server asks for with its last response.
    pub(crate) asked: Option<Duration>,
}

/// Why there is no further attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It cannot help.
    Permanent,
    /// The user, or the caller, allows no more.
    Limit,
    /// There is no time for it.
    Deadline,
    /// No host responded at all, for this long.
    Unreached(Duration),
    /// The server asks for a longer pause than is left.
    RetryAfter {
        /// The value of `Retry-After`.
        asked: Duration,
        /// What was left of the deadline.
        left: Duration,
    },
}

impl Attempts {
    /// No request was sent.
    pub(crate) const NONE: Self = Self { made: 0, end: End::Permanent, asked: None };

    /// At the end of an error's text: their number, if more than one, and what the server asks for.
    pub(crate) fn suffix(self) -> String {
        let number = if self.made > 1 { format!(", after {} attempts", self.made) } else { String::new() };
        match self.end {
            End::RetryAfter { asked, left } => format!("{number}: {}", asked_words(asked, left)),
            _ => number,
        }
    }

    /// As a cause of its own, if there is something to say: of one attempt only what the server asks for.
    pub(crate) fn cause(self, max_attempts: Option<u32>, deadline: Duration) -> Option<String> {
        let Self { made, end, .. } = self;
        let number = if made == 1 { "1 attempt".to_owned() } else { format!("{made} attempts") };
        let within = format!("within {} s", deadline.as_secs());
        let why = match end {
            End::RetryAfter { asked, left } => format!(": {}", asked_words(asked, left)),
            _ if made <= 1 => return None,
            End::Permanent => String::new(),
            End::Unreached(time) => {
                format!(": a host that never responds is given up after {} s", time.as_secs())
            }
            End::Limit | End::Deadline => match max_attempts {
                Some(most) => format!(" (at most {most}, {within})"),
                None => format!(" ({within})"),
            },
        };
        Some(format!("gave up after {number}{why}"))
    }
}

fn asked_words(asked: Duration, left: Duration) -> String {
    let (asked, left) = (asked.as_secs(), left.as_secs());
    format!("the server asks for a pause of {asked} s (`Retry-After`), and {left} s are left of the deadline")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn each_end_is_told_and_one_attempt_only_if_the_server_asks_for_something() {
        let asked = End::RetryAfter { asked: Duration::from_secs(120), left: Duration::from_millis(59_900) };
        let pause = "the server asks for a pause of 120 s (`Retry-After`), and 59 s are left of the deadline";
        for (made, end, max_attempts, words) in [
            (1, End::Permanent, None, None),
            (1, End::Deadline, None, None),
            (1, End::Limit, Some(1), None),
            (2, End::Permanent, None, Some("2 attempts".to_owned())),
            (9, End::Deadline, None, Some("9 attempts (within 60 s)".to_owned())),
            (9, End::Deadline, Some(20), Some("9 attempts (at most 20, within 60 s)".to_owned())),
            (2, End::Limit, Some(2), Some("2 attempts (at most 2, within 60 s)".to_owned())),
            (
                8,
                End::Unreached(Duration::from_secs(20)),
                None,
                Some("8 attempts: a host that never responds is given up after 20 s".to_owned()),
            ),
            (1, asked, None, Some(format!("1 attempt: {pause}"))),
            (3, asked, Some(9), Some(format!("3 attempts: {pause}"))),
        ] {
            let expected = words.map(|words| format!("gave up after {words}"));
            assert_eq!(Attempts { made, end, asked: None }.cause(max_attempts, MINUTE), expected);
        }
        let suffix = |made, end| Attempts { made, end, asked: None }.suffix();
        assert_eq!(suffix(1, End::Deadline), "");
        assert_eq!(suffix(2, End::Deadline), ", after 2 attempts");
        assert_eq!(suffix(2, asked), format!(", after 2 attempts: {pause}"));
    }
}
