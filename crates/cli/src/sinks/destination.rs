//! A destination of credentials, as the user names it.

use std::fmt;
use std::path::PathBuf;

use export::{ProfileName, ShellLanguage};

use crate::io::environment::Environment;
use crate::io::files::user_path::{self, InvalidPath};

/// A destination of credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Destination {
    /// The file that bash reads before each CircleCI step.
    BashEnv,
    /// A profile of AWS's shared files.
    Profile(ProfileName),
    /// `NAME=value` lines for docker, compose and others.
    Dotenv(PathBuf),
    /// The files of a GitHub Actions step; its stdout too, for masks.
    Github,
    /// A profile whose `credential_process` runs this program. Only `--mode` names it.
    CredentialProcess(ProfileName),
    /// The variables that point to the endpoint of `serve`, in the file that bash reads. Only `--mode` names it.
    Endpoint,
    /// AWS's `credential_process` JSON on stdout.
    Json,
    /// Lines on stdout that a shell evaluates.
    Shell(ShellLanguage),
}

/// A text that names no destination.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InvalidDestination {
    /// Not one of the words.
    #[error(
        "invalid value `{0}`; expected bash-env, profile:NAME, dotenv:PATH, github, json, shell, fish or powershell"
    )]
    Unknown(String),
    /// `dotenv:` without a path.
    #[error("invalid value `dotenv:`; expected dotenv:PATH")]
    NoPath,
    /// A profile name that some AWS tools cannot read.
    #[error(transparent)]
    Profile(export::InvalidProfileName),
}

impl Destination {
    /// The words of `--to`.
    pub(crate) const WORDS: [&str; 8] =
        ["bash-env", "profile:NAME", "dotenv:PATH", "github", "json", "shell", "fish", "powershell"];

    /// What `--profile NAME` is short for.
    pub(crate) fn profile(name: &str) -> Result<Self, InvalidDestination> {
        name.parse().map(Self::Profile).map_err(InvalidDestination::Profile)
    }

    /// The destination with the path of its file resolved: a leading `~/` is the home directory.
    pub(crate) fn with_home(self, environment: &Environment) -> Result<Self, InvalidPath> {
        match self {
            Self::Dotenv(path) => user_path::resolve(&path.to_string_lossy(), environment).map(Self::Dotenv),
            other => Ok(other),
        }
    }

    /// Whether keys that were written to it can be read again by a later step.
    pub(crate) fn is_readable(&self) -> bool {
        matches!(self, Self::BashEnv | Self::Profile(_) | Self::Dotenv(_))
    }

    /// Whether it writes to stdout.
    pub(crate) fn is_stdout(&self) -> bool {
        matches!(self, Self::Github | Self::Json | Self::Shell(_))
    }
}

/// As `--to` or `--mode` names it.
impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BashEnv => f.write_str("bash-env"),
            Self::Profile(name) => write!(f, "profile:{name}"),
            Self::Dotenv(path) => write!(f, "dotenv:{}", path.display()),
            Self::Github => f.write_str("github"),
            Self::CredentialProcess(name) => write!(f, "credential-process:{name}"),
            Self::Endpoint => f.write_str("endpoint"),
            Self::Json => f.write_str("json"),
            Self::Shell(ShellLanguage::Posix) => f.write_str("shell"),
            Self::Shell(ShellLanguage::Fish) => f.write_str("fish"),
            Self::Shell(ShellLanguage::Powershell) => f.write_str("powershell"),
        }
    }
}

impl std::str::FromStr for Destination {
    type Err = InvalidDestination;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            None if text == "bash-env" => Ok(Self::BashEnv),
            None if text == "github" => Ok(Self::Github),
            None if text == "json" => Ok(Self::Json),
            None if text == "shell" => Ok(Self::Shell(ShellLanguage::Posix)),
            None if text == "fish" => Ok(Self::Shell(ShellLanguage::Fish)),
            None if text == "powershell" => Ok(Self::Shell(ShellLanguage::Powershell)),
            Some(("profile", name)) => Self::profile(name),
            Some(("dotenv", "")) => Err(InvalidDestination::NoPath),
            Some(("dotenv", path)) => Ok(Self::Dotenv(path.into())),
            _ => Err(InvalidDestination::Unknown(text.escape_debug().to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_known() {
        assert!(matches!("bash-env".parse(), Ok(Destination::BashEnv)));
        assert!(matches!("github".parse(), Ok(Destination::Github)));
        assert!(matches!("json".parse(), Ok(Destination::Json)));
        for (word, language) in [
            ("shell", ShellLanguage::Posix),
            ("fish", ShellLanguage::Fish),
            ("powershell", ShellLanguage::Powershell),
        ] {
            assert!(matches!(word.parse(), Ok(Destination::Shell(it)) if it == language));
        }
        assert!(matches!("profile:prod".parse(), Ok(Destination::Profile(_))));
        assert!(
            matches!("dotenv:C:/x y.env".parse(), Ok(Destination::Dotenv(path)) if path.as_os_str() == "C:/x y.env")
        );
    }

    #[test]
    fn each_word_is_a_destination_and_expected() {
        let expected = InvalidDestination::Unknown(String::new()).to_string().replace(" or ", ", ");
        assert!(expected.ends_with(&Destination::WORDS.join(", ")), "{expected}");
        for word in Destination::WORDS {
            assert_eq!(word.parse::<Destination>().unwrap().to_string(), word);
        }
    }

    #[test]
    fn other_words_are_refused() {
        for text in ["", "bashenv", "profile", "profile:", "profile:a b", "dotenv:", "github:x", "json:x"] {
            assert!(text.parse::<Destination>().is_err(), "{text}");
        }
    }
}
