//! One row of the table of settings. The command line, `--help`, the variables, the tables of docs/cli.md and
//! docs/trust-policies.md and the flags that repeat a request all derive from it.

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
    /// Its line of `-h`, which `--help` has too.
    pub(crate) help: &'static str,
    /// What only `--help` adds, in lines: values, limits with their units, further defaults. May be blank.
    pub(crate) more: &'static str,
    /// In the manual: the value without the flag.
    #[cfg(test)]
    pub(crate) default: &'static str,
    /// In the manual: which values are refused.
    #[cfg(test)]
    pub(crate) limits: &'static str,
}

/// How many values a setting takes, and what `--help` calls one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One.
    One(&'static str),
    /// Several: the flag may be repeated, the variable holds a list ([`list`](super::list)).
    List(&'static str, Elements),
    /// None: the flag turns it on; the variable is `1`, `0`, `true` or `false`.
    Switch,
}

/// What the elements of a list may hold, which decides how the value of one flag is read. In a variable an element with
/// commas or white space is in double quotes; on a command line the shell has removed the user's quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Elements {
    /// Neither: a flag's value is a list, as in the variable.
    Words,
    /// Spaces, but no commas: a flag's value is split at commas.
    Phrases,
    /// Both: a flag's value is one element.
    Texts,
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
    /// It names certificates, which decide whose response is believed, not the path of their file.
    Roots,
}

impl PartialEq for Setting {
    /// A flag belongs to one setting.
    fn eq(&self, other: &Self) -> bool {
        self.flag == other.flag
    }
}

/// Defines rows. The variable is made of the row's name, so the two cannot differ.
macro_rules! settings {
    ($($name:ident: $flag:literal, $shape:expr, $repeats:ident, help: $help:literal, $(more: $more:literal,)? default: $default:literal $(, limits: $limits:literal)?;)*) => {
        $(
            pub(crate) static $name: $crate::settings::setting::Setting = $crate::settings::setting::Setting {
                flag: $flag,
                variable: concat!("CIRCLECI_AWS_OIDC_", stringify!($name)),
                shape: $shape,
                repeats: $crate::settings::setting::Repeats::$repeats,
                help: $help,
                more: concat!($($more)?),
                #[cfg(test)]
                default: $default,
                #[cfg(test)]
                limits: concat!($($limits)?),
            };
        )*
        /// Every setting of this group, in the order of `--help`.
        pub(crate) static ROWS: &[&$crate::settings::setting::Setting] = &[$(&$name),*];
    };
}
pub(crate) use settings;
