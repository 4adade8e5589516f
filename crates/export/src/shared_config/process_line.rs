//! The value of `credential_process` that starts this program. AWS clients read it with an INI reader and then split it
//! into words, each in its own way. A line that they would not all split into the same words is refused here, so that the
//! editor can write the line unchanged.

mod invalid;
mod origin;
mod quoting;

pub use invalid::InvalidProcessLine;
pub(super) use origin::is_ours;
use quoting::{check_word, push_plain, push_quoted};

/// The program's file name, without the `.exe` that it has on Windows.
const PROGRAM: &str = "circleci-aws-oidc";
/// The command that prints AWS's JSON. With the program's name it identifies a line of this program.
const COMMAND: &str = "credential-process";

/// The platform by whose rules clients split the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// `sh -c`, and Python's `shlex` in botocore: both kinds of quotes have the same meaning for both.
    Posix,
    /// `cmd.exe /C`, and the rules of Microsoft's C runtime in botocore. Go adds a backslash before each double
    /// quote for `cmd.exe` (aws-sdk-go-v2, issue 3208), so no quoting works for all clients.
    Windows,
}

impl Platform {
    /// In bytes, below the systems' limits: Linux passes no argument of more than 128 KiB to `sh -c`, and `cmd.exe` runs
    /// no line of more than 8191 characters.
    const fn limit(self) -> usize {
        match self {
            Self::Posix => 32 << 10,
            Self::Windows => 8000,
        }
    }
}

/// A command line of this program that all AWS clients split into the same words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessLine(String);

impl ProcessLine {
    /// The line that runs `program credential-process arguments…`. The path has to be absolute, because clients
    /// start it from any directory, and has to end in the program's name, which identifies the line later.
    pub fn new<'a>(
        program: &'a str,
        arguments: impl IntoIterator<Item = &'a str>,
        platform: Platform,
    ) -> Result<Self, InvalidProcessLine> {
        origin::check_program(program, platform)?;
        let mut line = String::new();
        let mut before = None;
        for word in [program, COMMAND].into_iter().chain(arguments) {
            let position = || quoting::position(before, word);
            check_word(word).map_err(|invalid| invalid.at(position()))?;
            if before.is_some() {
                line.push(' ');
            }
            match platform {
                // Go removes the outer quotes of a value that begins and ends with the same ones. A path does not
                // begin with a quote if its first slash is outside the quotes.
                Platform::Posix if before.is_none() => {
                    let (slash, rest) = word.split_at(1);
                    line.push_str(slash);
                    push_quoted(&mut line, rest);
                }
                Platform::Posix => push_quoted(&mut line, word),
                Platform::Windows => {
                    push_plain(&mut line, word, before.is_none())
                        .map_err(|invalid| invalid.at(position()))?;
                }
            }
            before = Some(word);
            if line.len() > platform.limit() {
                return Err(InvalidProcessLine::TooLong { limit: platform.limit() });
            }
        }
        Ok(Self(line))
    }

    /// Whether every client takes a word as it is, without quotes. Go v1, and so s5cmd and older
    /// rclone, `DuckDB` and GDAL do not read quotes as shells do.
    pub fn takes_unquoted(word: &str, platform: Platform) -> bool {
        match platform {
            Platform::Posix => quoting::is_bare(word),
            Platform::Windows => push_plain(&mut String::new(), word, false).is_ok(),
        }
    }

    /// The line as the value of `credential_process`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
