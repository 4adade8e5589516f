//! The value of `credential_process` that starts this program. AWS's clients read it in turn by an INI reader and
//! by something that splits commands, and no two of them alike: what they would not all take for the same words is
//! refused here, so that the editor can write the line as it is.

mod invalid;
mod origin;
mod quoting;

pub use invalid::InvalidProcessLine;
pub(super) use origin::is_ours;
use quoting::{check_word, push_plain, push_quoted};

/// The program's file name, without the `.exe` that it has on Windows.
const PROGRAM: &str = "circleci-aws-oidc";
/// The verb that prints AWS's JSON. It and the name say whose line it is.
const VERB: &str = "credential-process";

/// By whose rules the line is taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// `sh -c`, and Python's `shlex` in botocore: the two kinds of quotes mean the same to both.
    Posix,
    /// `cmd.exe /C`, and the rules of Microsoft's C runtime in botocore. Go puts a backslash before each double
    /// quote on its way to `cmd.exe` (aws-sdk-go-v2, issue 3208), so that there is no quoting for all.
    Windows,
}

impl Platform {
    /// In bytes, with room to spare: Linux passes no argument of more than 128 KiB to `sh -c`, and `cmd.exe` runs
    /// no line of more than 8191 characters.
    const fn limit(self) -> usize {
        match self {
            Self::Posix => 32 << 10,
            Self::Windows => 8000,
        }
    }
}

/// A command line of this program that every AWS client takes for the same words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessLine(String);

impl ProcessLine {
    /// The line that runs `program credential-process arguments…`. The path has to be absolute, as clients start
    /// it from any directory, and has to end in the name by which the line is known again.
    pub fn new<'a>(
        program: &'a str,
        arguments: impl IntoIterator<Item = &'a str>,
        platform: Platform,
    ) -> Result<Self, InvalidProcessLine> {
        origin::check_program(program, platform)?;
        let mut line = String::new();
        let mut before = None;
        for word in [program, VERB].into_iter().chain(arguments) {
            let position = || quoting::position(before, word);
            check_word(word).map_err(|invalid| invalid.at(position()))?;
            if before.is_some() {
                line.push(' ');
            }
            match platform {
                // Go takes the outer quotes off a value that begins and ends with the same ones. A path does not
                // begin with them if its first slash is left bare.
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

    /// As it stands behind `credential_process = `.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
