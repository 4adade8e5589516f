//! Why a command line can't be a `credential_process`. Apart from the rules: each variant has its own mend, and none
//! shows a whole value, which could be long or somebody's policy.

/// What no line that all AWS clients read alike could hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProcessLine {
    /// Clients start it from wherever they are.
    #[error("the program's path is not absolute: AWS clients start it from any directory")]
    NotAbsolute,
    /// The line could neither be replaced nor cleared later.
    #[error(
        "the program's file is not named `{expected}`, by which its `credential_process` line is known again"
    )]
    OtherName {
        /// What the path has to end in.
        expected: &'static str,
    },
    /// It ends the line, or some reader stops there.
    #[error("{position} holds the control character `{found}`, which a `credential_process` line can't hold")]
    ControlCharacter {
        /// Which word, never its text.
        position: String,
        /// The character, made printable.
        found: String,
    },
    /// Quotes don't help: the readers of the file know none.
    #[error(
        "{position} holds a space before `{found}`, where some AWS clients begin a comment, even in quotes"
    )]
    Comment {
        /// Which word, never its text.
        position: String,
        /// `#` or `;`.
        found: char,
    },
    /// It would need quotes.
    #[error("{position} holds `{found}`, which AWS clients on Windows don't all read alike")]
    NotPlain {
        /// Which word, never its text.
        position: String,
        /// The character, made printable.
        found: String,
    },
    /// It would need quotes.
    #[error("{position} is empty, which AWS clients on Windows don't all read alike")]
    Empty {
        /// Which word.
        position: String,
    },
    /// More than can be run.
    #[error("the `credential_process` line would have more than {limit} bytes: shorten its values")]
    TooLong {
        /// The most that there may be.
        limit: usize,
    },
}
