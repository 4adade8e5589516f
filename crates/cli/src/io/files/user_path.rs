//! Paths as users write them. CircleCI passes `~/` and `$NAME` of a job's `environment:` literally, so without this module
//! a file would be written below a directory named `~` (facts/aws.md 6.1). A form that is not expanded is refused.

use std::path::{Path, PathBuf};

use crate::io::environment::{Environment, vars};

/// A path whose beginning only a shell, or another program, would expand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidPath {
    /// `~/` without a home directory.
    #[error("`{0}` needs HOME, which is not set")]
    NoHome(String),
    /// `~user`, for which only some programs search the user database.
    #[error("`{0}` is not expanded; expected `~/` for the home directory of HOME, or an absolute path")]
    OtherHome(String),
    /// `$NAME` where no variable is expanded.
    #[error(
        "`{0}` is not expanded here; expected `~/` for the home directory, or a path without `$` at its start"
    )]
    Variable(String),
    /// `$NAME` of a variable that is not set.
    #[error("`${name}` in `{path}` is not set in this step")]
    Unset {
        /// The path.
        path: String,
        /// The variable.
        name: String,
    },
}

/// The path of a setting: a leading `~/` is the home directory.
pub(crate) fn resolve(text: &str, environment: &Environment) -> Result<PathBuf, InvalidPath> {
    if text.strip_prefix('$').is_some_and(|rest| split_name(rest).is_some()) {
        return Err(InvalidPath::Variable(text.to_owned()));
    }
    with_home(text, environment)
}

/// The path in a variable of AWS's tools: with `$NAME` and `${NAME}` expanded first, as botocore expands them. An unset
/// variable, which botocore leaves as it is, is refused.
pub(crate) fn resolve_as_botocore(text: &str, environment: &Environment) -> Result<PathBuf, InvalidPath> {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        expanded.push_str(before);
        match split_name(after) {
            None => {
                expanded.push('$');
                rest = after;
            }
            Some((name, behind)) => {
                let unset = || InvalidPath::Unset { path: text.to_owned(), name: name.to_owned() };
                expanded.push_str(environment.raw(name).ok_or_else(unset)?);
                rest = behind;
            }
        }
    }
    expanded.push_str(rest);
    with_home(&expanded, environment)
}

/// The home directory as AWS's tools find it.
pub(crate) fn home(environment: &Environment) -> Option<&Path> {
    environment.first_non_blank(&[vars::HOME, vars::USERPROFILE]).map(|(_, home)| home.as_ref())
}

fn with_home(text: &str, environment: &Environment) -> Result<PathBuf, InvalidPath> {
    let Some(rest) = text.strip_prefix('~') else { return Ok(text.into()) };
    let is_separator = |first: char| first == '/' || (cfg!(windows) && first == '\\');
    if !rest.is_empty() && !rest.starts_with(is_separator) {
        return Err(InvalidPath::OtherHome(text.to_owned()));
    }
    let home = home(environment).ok_or_else(|| InvalidPath::NoHome(text.to_owned()))?;
    Ok(home.join(rest.trim_start_matches(is_separator)))
}

/// The name after a `$`, with or without braces, and what follows it.
fn split_name(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = if let Some(inside) = text.strip_prefix('{') {
        inside.split_once('}')?
    } else {
        let is_end = |character: char| !character.is_ascii_alphanumeric() && character != '_';
        text.split_at(text.find(is_end).unwrap_or(text.len()))
    };
    (!name.is_empty()).then_some((name, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment() -> Environment {
        Environment::from([("HOME", "/home/ci"), ("DIR", "/data"), ("TILDE", "~/x")])
    }

    #[test]
    fn a_leading_tilde_is_the_home_directory() {
        for (text, path) in [
            ("~/a/b", "/home/ci/a/b"),
            ("~//a", "/home/ci/a"),
            ("~", "/home/ci/"),
            ("a/~/b", "a/~/b"),
            ("/a b~", "/a b~"),
            ("./~/a", "./~/a"),
            ("a$DIR", "a$DIR"),
            ("$", "$"),
            ("$-", "$-"),
        ] {
            assert_eq!(resolve(text, &environment()).unwrap().to_str(), Some(path), "{text}");
        }
        let windows = Environment::from([("USERPROFILE", "/c/users/ci")]);
        assert_eq!(resolve("~/a", &windows).unwrap(), Path::new("/c/users/ci/a"));
    }

    #[test]
    fn what_is_not_expanded_is_refused() {
        for (text, error) in [
            ("~root/a", InvalidPath::OtherHome("~root/a".to_owned())),
            ("~+", InvalidPath::OtherHome("~+".to_owned())),
            ("$HOME/a", InvalidPath::Variable("$HOME/a".to_owned())),
            ("${HOME}/a", InvalidPath::Variable("${HOME}/a".to_owned())),
        ] {
            assert_eq!(resolve(text, &environment()), Err(error), "{text}");
        }
        let no_home = resolve("~/a", &Environment::default());
        assert_eq!(no_home, Err(InvalidPath::NoHome("~/a".to_owned())));
    }

    #[test]
    fn variables_of_aws_are_expanded_as_botocore_does() {
        for (text, path) in [
            ("$HOME/.aws/config", "/home/ci/.aws/config"),
            ("${DIR}/x$DIR", "/data/x/data"),
            ("$TILDE", "/home/ci/x"),
            ("~/c", "/home/ci/c"),
            ("/a$", "/a$"),
            ("/a${DIR", "/a${DIR"),
        ] {
            assert_eq!(resolve_as_botocore(text, &environment()).unwrap().to_str(), Some(path), "{text}");
        }
        let unset = InvalidPath::Unset { path: "$NONE/a".to_owned(), name: "NONE".to_owned() };
        assert_eq!(resolve_as_botocore("$NONE/a", &environment()), Err(unset));
        assert!(resolve_as_botocore("~root/a", &environment()).is_err());
    }
}
