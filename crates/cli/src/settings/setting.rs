//! One row of the table of settings. The command line, `--help`, the variables, the rows of README.md and the flags
//! that repeat a request all derive from it.

/// One setting: its flag, and the variable that the orb fills in.
#[derive(Debug)]
pub(crate) struct Setting {
    /// For example `--role-arn`.
    pub(crate) flag: &'static str,
    /// For example `CIRCLECI_AWS_OIDC_ROLE_ARN`.
    pub(crate) variable: &'static str,
    /// How many values it takes.
    pub(crate) shape: Shape,
    /// Whether another process needs it to repeat the request.
    pub(crate) repeats: Repeats,
    /// A line of `--help`.
    pub(crate) help: &'static str,
    /// In the first column of README.md, after the flag: the values that it takes.
    #[cfg(test)]
    pub(crate) values: &'static str,
    /// The last column: the default, or what the value means.
    #[cfg(test)]
    pub(crate) default: &'static str,
}

/// How many values a setting takes, and what `--help` calls one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One.
    One(&'static str),
    /// Several: the flag may be repeated, the variable holds a list.
    List(&'static str, Separator),
    /// None: the flag turns it on; the variable is `1`, `0`, `true` or `false`.
    Switch,
}

/// The separator of a list's values in a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Separator {
    /// For paths and tags, which may contain spaces.
    Commas,
    /// For all others, because a role's name may contain a comma.
    Spaces,
}

/// Whether a setting is part of a request that a later process repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeats {
    /// Not part of the request.
    No,
    /// It decides which session is requested.
    Session,
    /// It limits time and attempts, and does not change which session is requested.
    Limits,
}

impl Setting {
    /// The row in the table of README.md, or of the page that lists the setting.
    #[cfg(test)]
    pub(crate) fn readme_row(&self) -> String {
        let Self { flag, variable, values, default, .. } = self;
        let repeatable = match self.shape {
            Shape::List(_, Separator::Commas) => " (repeatable; commas in the variable)",
            Shape::List(_, Separator::Spaces) => " (repeatable; spaces in the variable)",
            Shape::One(_) | Shape::Switch => "",
        };
        let values = if values.is_empty() { String::new() } else { format!(" {values}") };
        let default = if default.is_empty() { String::new() } else { format!(" {default}") };
        format!("| `{flag}`{values}{repeatable} | `{variable}` |{default} |")
    }
}

impl PartialEq for Setting {
    /// A flag belongs to one setting.
    fn eq(&self, other: &Self) -> bool {
        self.flag == other.flag
    }
}

/// Defines rows. The variable is made of the row's name, so the two cannot differ.
macro_rules! settings {
    ($($name:ident: $flag:literal, $shape:expr, $repeats:ident, help: $help:literal, values: $values:literal, default: $default:literal;)*) => {
        $(
            pub(crate) static $name: $crate::settings::setting::Setting = $crate::settings::setting::Setting {
                flag: $flag,
                variable: concat!("CIRCLECI_AWS_OIDC_", stringify!($name)),
                shape: $shape,
                repeats: $crate::settings::setting::Repeats::$repeats,
                help: $help,
                #[cfg(test)]
                values: $values,
                #[cfg(test)]
                default: $default,
            };
        )*
        /// Every setting of this group, in the order of `--help`.
        pub(crate) static ROWS: &[&$crate::settings::setting::Setting] = &[$(&$name),*];
    };
}
pub(crate) use settings;
