//! The text that declares the roles: a file as it is, or a setting whose variables are filled in.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use crate::io::environment::Environment;
use crate::io::files::shared_files;
use crate::io::files::text_file::{self, ReadError};
use crate::settings::expansion::expand;
use crate::settings::{Inputs, SettingsError, table};

/// The roles, not taken apart yet.
pub(crate) struct RolesText {
    /// The whole text.
    pub(crate) text: String,
    /// Where it came from, for words to the user.
    pub(crate) place: String,
    /// Whether variables were filled in: then a part of it is not what somebody typed.
    pub(crate) expanded: bool,
}

/// Why there is no text.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RolesTextError {
    /// A setting can't be looked up.
    #[error(transparent)]
    Settings(SettingsError),
    /// Nothing was given.
    #[error("no roles are declared: `--config-file` and `--config` are empty")]
    Neither,
    /// Two texts.
    #[error("`--config-file` and `--config` are given: only one of the two can declare the roles")]
    Both,
    /// The file is not there, or is none that can be read.
    #[error("the roles file `{}` can't be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: ReadError,
    },
    /// Its profiles would be found by AWS's tools, which would follow their `role_arn`.
    #[error(
        "the roles file `{}` is the file that the profiles are written to: there AWS's tools would follow `role_arn` \
         and pass over the keys",
        .0.display()
    )]
    SharedFile(PathBuf),
    /// Such a value could open a profile of its own.
    #[error("the value of `${variable}` holds a line break: it can't be filled into `{name}`")]
    LineBreak {
        /// The variable.
        variable: String,
        /// The setting that it is to be filled into.
        name: &'static str,
    },
}

/// Reads the file, or the setting that stands in for it.
pub(crate) fn read(inputs: Inputs<'_>) -> Result<RolesText, RolesTextError> {
    let given = |setting| inputs.value(setting).map_err(RolesTextError::Settings);
    match (given(&table::CONFIG_FILE)?, given(&table::CONFIG)?) {
        (None, None) => Err(RolesTextError::Neither),
        (Some(_), Some(_)) => Err(RolesTextError::Both),
        (Some(file), None) => of_file(file.text.trim().as_ref(), inputs.environment),
        (None, Some(value)) => {
            if value.expanded {
                refuse_line_breaks(inputs.environment)?;
            }
            Ok(RolesText { text: value.text, place: value.name.to_owned(), expanded: value.expanded })
        }
    }
}

fn of_file(path: &Path, environment: &Environment) -> Result<RolesText, RolesTextError> {
    let text = text_file::read(path)
        .and_then(|text| text.ok_or(ReadError::Missing))
        .map_err(|source| RolesTextError::Unreadable { path: path.to_owned(), source })?;
    let here = fs::canonicalize(path).ok();
    let written = [shared_files::config(environment), shared_files::credentials(environment)];
    if written.iter().flatten().any(|written| here.is_some() && fs::canonicalize(written).ok() == here) {
        return Err(RolesTextError::SharedFile(path.to_owned()));
    }
    Ok(RolesText { text, place: format!("`{}`", path.display()), expanded: false })
}

/// A text of several lines is a form with blanks in it, and what fills a blank must stay in its line. One line
/// can't be a whole file of roles, so there a variable may be all of it.
fn refuse_line_breaks(environment: &Environment) -> Result<(), RolesTextError> {
    let Some(text) = environment.set(table::CONFIG.variable).filter(|text| text.trim().contains('\n')) else {
        return Ok(());
    };
    let found = Cell::new(None);
    let values = |name: &str| {
        let value = environment.raw(name)?;
        if value.contains(['\n', '\r']) {
            found.set(Some(name.to_owned()));
        }
        Some(value)
    };
    // It has been filled in before, so this can't fail.
    let _ = expand(text, &values);
    match found.into_inner() {
        Some(variable) => Err(RolesTextError::LineBreak { variable, name: table::CONFIG.variable }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::flags::Flags;

    fn inline(text: &str, variable: &str) -> Result<String, String> {
        let environment = Environment::from([("AWS_OIDC_CONFIG", text), ("X", variable)]);
        let roles = read(Inputs { flags: &Flags::default(), environment: &environment });
        roles.map(|roles| roles.text).map_err(|error| error.to_string())
    }

    #[test]
    fn what_fills_a_blank_stays_in_its_line() {
        assert_eq!(
            inline("[profile a]\nregion = $X\n", "eu-west-1"),
            Ok("[profile a]\nregion = eu-west-1\n".into())
        );
        for evil in ["eu-west-1\n[profile b]", "a\rb", "\n"] {
            let said = inline("[profile a]\nregion = ${X}\n", evil).unwrap_err();
            assert_eq!(
                said,
                "the value of `$X` holds a line break: it can't be filled into `AWS_OIDC_CONFIG`"
            );
        }
    }

    #[test]
    fn a_variable_may_be_the_whole_text() {
        assert_eq!(inline("$X\n", "[profile a]\nregion = b"), Ok("[profile a]\nregion = b\n".into()));
    }

    #[test]
    fn a_flag_is_taken_as_it_is() {
        let environment = Environment::from([("AWS_OIDC_CONFIG", "[$X]"), ("X", "x")]);
        let flags = Flags::from([(&table::CONFIG, "[$X]\n")]);
        let roles = read(Inputs { flags: &flags, environment: &environment }).unwrap();
        assert_eq!(
            (roles.text.as_str(), roles.place.as_str(), roles.expanded),
            ("[$X]\n", "--config", false)
        );
    }
}
