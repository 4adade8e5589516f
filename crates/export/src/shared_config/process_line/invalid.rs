//! Why a command line cannot be a `credential_process`. Separate from the rules because each error says how to fix it. No
//! error shows a whole value, which can be long.

/// Why no line with these words is split by all AWS clients in the same way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProcessLine {
    /// Clients start it from any directory.
    #[error("the program's path is not absolute: AWS clients start it from any directory")]
    NotAbsolute,
    /// The line could not be replaced or removed later.
    #[error("the program's file is not named `{expected}`, which identifies its `credential_process` line")]
    OtherName {
        /// The required end of the path.
        expected: &'static str,
    },
    /// It ends the line, or some reader stops there.
    #[error(
        "{position} holds the control character `{found}`, which a `credential_process` line cannot hold"
    )]
    ControlCharacter {
        /// The word's position, never its text.
        position: String,
        /// The character, made printable.
        found: String,
    },
    /// Quotes do not help: the readers of the file have none.
    #[error(
        "{position} holds a space before `{found}`, which some AWS clients read as the start of a comment, even in quotes"
    )]
    Comment {
        /// The word's position, never its text.
        position: String,
        /// `#` or `;`.
        found: char,
    },
    /// It would need quotes.
    #[error("{position} holds `{found}`, which AWS clients on Windows read in different ways")]
    NotPlain {
        /// The word's position, never its text.
        position: String,
        /// The character, made printable.
        found: String,
    },
    /// It would need quotes.
    #[error("{position} is empty, which AWS clients on Windows read in different ways")]
    Empty {
        /// The word's position.
        position: String,
    },
    /// Longer than the system can run.
    #[error("the `credential_process` line would have more than {limit} bytes: shorten its values")]
    TooLong {
        /// The limit.
        limit: usize,
    },
}
