//! The text that declares the roles: a file, unchanged, or a setting with its variables expanded.

use std::fs;
use std::path::{Path, PathBuf};

use super::roles_template::{self, InvalidInsertion};
use crate::io::environment::Environment;
use crate::io::files::shared_files;
use crate::io::files::text_file::{self, ReadError};
use crate::io::secrets;
use crate::settings::{Inputs, SettingsError, table};

/// The declared roles, not parsed yet.
pub(crate) struct RolesText {
    /// The whole text.
    pub(crate) text: String,
    /// The file or the setting that it comes from, for messages.
    pub(crate) origin: String,
    /// Whether variables were expanded: then a part of it is not what the user typed.
    pub(crate) expanded: bool,
}

/// There is no text.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RolesTextError {
    /// A setting can't be read.
    #[error(transparent)]
    Settings(SettingsError),
    /// Neither setting is given.
    #[error("`--config-file` or `--config` is required")]
    Neither,
    /// Both settings are given.
    #[error("`--config-file` and `--config` are given: only one of the two can declare the roles")]
    Both,
    /// The file is missing or can't be read.
    #[error("the roles file `{}` cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        #[source]
        source: ReadError,
    },
    /// A file with a token in it, which is not shown.
    #[error("the roles file `{}` holds an identity token", .0.display())]
    HoldsToken(PathBuf),
    /// AWS tools would follow the `role_arn` of its profiles.
    #[error(
        "the roles file `{}` is the file that the profiles are written to: AWS tools would follow its `role_arn` and \
         ignore the credentials",
        .0.display()
    )]
    SharedFile(PathBuf),
    /// A variable that could change which roles are declared.
    #[error("{flaw}: it cannot be expanded in `{name}`")]
    Variable {
        /// The setting that uses the variable.
        name: &'static str,
        /// The variable, and its place or value.
        flaw: InvalidInsertion,
    },
}

/// Reads the file, or the text of `--config`.
pub(crate) fn read(inputs: Inputs<'_>) -> Result<RolesText, RolesTextError> {
    let settings = RolesTextError::Settings;
    let file = inputs.value(&table::CONFIG_FILE).map_err(settings)?;
    let text = inputs.expanded(&table::CONFIG).map_err(settings)?;
    match (file, text.filter(|(_, text)| !text.text().trim().is_empty())) {
        (None, None) => Err(RolesTextError::Neither),
        (Some(_), Some(_)) => Err(RolesTextError::Both),
        (Some(file), None) => of_file(&inputs.path(&file).map_err(settings)?, inputs.environment),
        (None, Some((name, text))) => {
            let filled_in = roles_template::fill_in(&text);
            Ok(RolesText {
                text: filled_in.map_err(|flaw| RolesTextError::Variable { name, flaw })?,
                origin: name.to_owned(),
                expanded: text.has_variables(),
            })
        }
    }
}

fn of_file(path: &Path, environment: &Environment) -> Result<RolesText, RolesTextError> {
    let text = text_file::read_named(path)
        .and_then(|text| text.ok_or(ReadError::Missing))
        .map_err(|source| RolesTextError::Unreadable { path: path.to_owned(), source })?;
    if secrets::hold_token(&text) {
        return Err(RolesTextError::HoldsToken(path.to_owned()));
    }
    let resolved = fs::canonicalize(path).ok();
    let shared = [shared_files::config(environment), shared_files::credentials(environment)];
    if shared
        .iter()
        .flatten()
        .any(|shared: &PathBuf| resolved.is_some() && fs::canonicalize(shared).ok() == resolved)
    {
        return Err(RolesTextError::SharedFile(path.to_owned()));
    }
    Ok(RolesText { text, origin: format!("`{}`", path.display()), expanded: false })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::flags::Flags;

    fn inline(text: &str, variable: &str) -> Result<String, String> {
        let environment = Environment::from([("CIRCLECI_AWS_OIDC_CONFIG", text), ("X", variable)]);
        let roles = read(Inputs { flags: &Flags::default(), environment: &environment });
        roles.map(|roles| roles.text).map_err(|error| error.to_string())
    }

    #[test]
    fn the_value_of_a_variable_stays_in_its_line() {
        assert_eq!(
            inline("[profile a]\nregion = $X\n", "eu-west-1"),
            Ok("[profile a]\nregion = eu-west-1\n".into())
        );
        for evil in ["eu-west-1\n[profile b]", "a\rb", "\n"] {
            let error = inline("[profile a]\nregion = ${X}\n", evil).unwrap_err();
            assert_eq!(
                error,
                "the value of `$X` has a line break: it cannot be expanded in `CIRCLECI_AWS_OIDC_CONFIG`"
            );
        }
    }

    #[test]
    fn a_variable_is_not_the_whole_text() {
        let error = inline("$X\n", "[profile a]").unwrap_err();
        assert!(error.starts_with("`$X` is not in a value"), "{error}");
        assert_eq!(inline("$X\n", " "), Err(RolesTextError::Neither.to_string()));
    }

    #[test]
    fn a_flag_is_taken_as_it_is() {
        let environment = Environment::from([("CIRCLECI_AWS_OIDC_CONFIG", "[$X]"), ("X", "x")]);
        let flags = Flags::from([(&table::CONFIG, "[$X]\n")]);
        let roles = read(Inputs { flags: &flags, environment: &environment }).unwrap();
        assert_eq!(
            (roles.text.as_str(), roles.origin.as_str(), roles.expanded),
            ("[$X]\n", "--config", false)
        );
    }
}
