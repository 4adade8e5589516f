//! The path of the file that bash reads before a script (`BASH_ENV`). Separate from the sinks that write it, because other
//! modules read it.
//!
//! bash expands the variable's value: parameters, commands and arithmetic, then a leading tilde. Only the forms that people
//! write in a config are expanded here, and the others are refused: a file named `$X` would be one that bash never reads.

use std::path::PathBuf;

use crate::io::environment::{Environment, vars};

/// Why the value of `BASH_ENV` names no file. The value itself is no secret: it is a path.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidBashEnv {
    /// A form that bash expands and this program does not.
    #[error(
        "invalid value `{0}` of BASH_ENV; expected a path in which only a leading `~/`, `$HOME` or `${{HOME}}` is expanded"
    )]
    Expansion(String),
    /// A home directory that is not known. bash would use the one of the user database, or none.
    #[error("`{0}` in BASH_ENV needs HOME, which is not set")]
    NoHome(String),
}

/// The file; `None` if the variable is not set.
pub(crate) fn of(environment: &Environment) -> Result<Option<PathBuf>, InvalidBashEnv> {
    let Some(value) = environment.non_blank(vars::BASH_ENV) else { return Ok(None) };
    expanded(value, environment.non_blank(vars::HOME)).map(PathBuf::from).map(Some)
}

/// The file as an error or a note names it: the path, or the value if it is not known which path that is.
pub(crate) fn name(environment: &Environment) -> PathBuf {
    let value = || environment.non_blank(vars::BASH_ENV).unwrap_or_default().into();
    of(environment).ok().flatten().unwrap_or_else(value)
}

/// Whether every step finds the file in another place: bash resolves a relative path against the working directory.
pub(crate) fn is_relative(environment: &Environment) -> bool {
    of(environment).ok().flatten().is_some_and(|path| path.is_relative() && !path.has_root())
}

/// As bash does it: parameters first, in what is like double quotes, then the tilde of the result.
fn expanded(value: &str, home: Option<&str>) -> Result<String, InvalidBashEnv> {
    let not_expanded = || InvalidBashEnv::Expansion(value.to_owned());
    let home = || home.ok_or_else(|| InvalidBashEnv::NoHome(value.to_owned()));
    let mut text = String::new();
    let mut rest = value;
    while let Some(at) = rest.find(['$', '`', '\\']) {
        let (before, special) = rest.split_at(at);
        text.push_str(before);
        rest = if let Some(after) = after_home(special) {
            text.push_str(home()?);
            after
        } else if special.starts_with('\\') && !special[1..].starts_with(['$', '`', '"', '\\']) {
            // The backslash of a Windows path.
            text.push('\\');
            &special[1..]
        } else {
            return Err(not_expanded());
        };
    }
    text.push_str(rest);
    match text.strip_prefix('~') {
        None => Ok(text),
        Some(rest) if rest.is_empty() || rest.starts_with('/') => Ok(format!("{}{rest}", home()?)),
        Some(_) => Err(not_expanded()),
    }
}

/// What follows `$HOME` or `${HOME}`.
fn after_home(text: &str) -> Option<&str> {
    let is_longer_name = |rest: &&str| rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    text.strip_prefix("${HOME}").or_else(|| text.strip_prefix("$HOME").filter(|rest| !is_longer_name(rest)))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn what_is_expanded_is_what_bash_reads() {
        for (value, path) in [
            ("~", "/h"),
            ("~/env", "/h/env"),
            ("$HOME/env", "/h/env"),
            ("${HOME}/env", "/h/env"),
            ("$HOME", "/h"),
            ("${HOME}x", "/hx"),
            ("$HOME.env", "/h.env"),
            ("/x$HOME/env", "/x/h/env"),
            ("/tmp/a b'\"~*.env", "/tmp/a b'\"~*.env"),
            ("env", "env"),
            (r"C:\Users\x", r"C:\Users\x"),
        ] {
            assert_eq!(expanded(value, Some("/h")).as_deref(), Ok(path), "{value}");
        }
    }

    #[test]
    fn other_expansions_are_refused_and_no_file_has_their_name() {
        for value in [
            "$X/env",
            "$HOMES/env",
            "${HOME:-/h}/env",
            "${HOME",
            "$(pwd)/env",
            "`pwd`/env",
            "$",
            "$1",
            "$$",
            "~root/env",
            "~+/env",
            r"\$HOME/env",
            r"\\server\env",
            r"\`",
            r#"\""#,
            "$((1))",
        ] {
            assert_eq!(
                expanded(value, Some("/h")),
                Err(InvalidBashEnv::Expansion(value.to_owned())),
                "{value}"
            );
        }
    }

    #[test]
    fn without_a_home_directory_only_a_plain_path_is_known() {
        for value in ["~", "~/env", "$HOME/env", "${HOME}"] {
            assert_eq!(expanded(value, None), Err(InvalidBashEnv::NoHome(value.to_owned())), "{value}");
        }
        assert_eq!(expanded("/env", None).as_deref(), Ok("/env"));
    }

    #[test]
    fn bash_reads_the_file_of_every_value_that_is_expanded() {
        let home = tempfile::tempdir().unwrap();
        let home_text = home.path().to_str().unwrap();
        for value in
            ["~/e.sh", "$HOME/e.sh", "${HOME}/e.sh", "${HOME}/a '~\".sh", r"$HOME/a\b.sh", "$HOME/*.sh"]
        {
            let path = expanded(value, Some(home_text)).unwrap();
            write(&path, "echo read\n");
            let bash =
                Command::new("bash").args(["-c", ":"]).env("BASH_ENV", value).env("HOME", home_text).output();
            match bash {
                Ok(output) => assert_eq!(output.stdout, b"read\n", "{value}"),
                Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::NotFound),
            }
            std::fs::remove_file(path).unwrap();
        }
    }

    #[expect(clippy::disallowed_methods, reason = "a fixture is no file of a user")]
    fn write(path: &str, text: &str) {
        std::fs::write(path, text).unwrap();
    }
}
