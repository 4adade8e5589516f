//! Why the settings cannot be used. Each variant has its own remedy.

use std::error::Error;

use aws::Region;
use export::ProfileName;
use sts::NotRegional;

use crate::settings::expansion::ExpandError;
use crate::settings::list::InvalidList;
use crate::settings::similar::nearest_value;

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    /// A `CIRCLECI_AWS_OIDC_…` name that is not in the table.
    #[error("`{0}` is not a setting of this version")]
    Unknown(String),
    /// A variable with other bytes than text.
    #[error("the variable `{0}` is not UTF-8")]
    NotText(String),
    /// A value whose variables cannot be expanded.
    #[error("the value of `{name}` cannot be expanded")]
    Expand {
        /// The variable that holds the value.
        name: &'static str,
        /// What is wrong.
        #[source]
        source: ExpandError,
    },
    /// A value is not what its setting needs.
    #[error("`{name}` cannot be used")]
    Invalid {
        /// The flag or variable.
        name: &'static str,
        /// What is wrong with the value.
        #[source]
        flaw: Box<dyn Error + Send + Sync>,
        /// What the user may have meant.
        advice: Option<Advice>,
    },
    /// A value with a token in it, which is not shown.
    #[error("the value of `{0}` holds an identity token")]
    HoldsToken(&'static str),
    /// No role is named.
    #[error("`--role-arn` (CIRCLECI_AWS_OIDC_ROLE_ARN) is required")]
    NoRole,
    /// No trust policy is named.
    #[error("`--policy` (CIRCLECI_AWS_OIDC_POLICY) is required")]
    NoPolicy,
    /// A setting that only AssumeRole takes.
    #[error("`{0}` needs `--chain-role-arn`: AWS takes it in role chaining, not with a token")]
    NeedsChain(&'static str),
    /// No destination is named, and this CI has no file for variables.
    #[error("no destination: `--to`, `--profile`, BASH_ENV and GITHUB_ENV are not set")]
    NoDestination,
    /// The same, where sudo is the reason.
    #[error("no destination: sudo has removed BASH_ENV, and `--to`, `--profile` and GITHUB_ENV are not set")]
    NoDestinationBehindSudo,
    /// Destinations by two settings, the profile by this flag or variable.
    #[error("`{0}` is short for `--to profile:NAME`: give one of the two")]
    ProfileAndTo(&'static str),
    /// Destinations for a mode that decides its own.
    #[error("`--mode {0}` has a destination of its own: remove `--to` and CIRCLECI_AWS_OIDC_TO")]
    ModeAndTo(&'static str),
    /// A profile for a mode that writes none.
    #[error("`--mode {0}` has no profile: remove `--profile` and CIRCLECI_AWS_OIDC_PROFILE")]
    ModeAndProfile(&'static str),
    /// A destination that `clear` cannot clear.
    #[error(
        "`github` and the destinations on stdout (`json`, `shell`, `fish`, `powershell`) leave nothing that a later step could clear"
    )]
    NothingToClear,
    /// Two destinations on one stream.
    #[error("only one of the destinations `github`, `json`, `shell`, `fish` and `powershell` can use stdout")]
    TwoOnStdout,
    /// The role is in another partition than the Region.
    #[error("the role is in partition `{role}`, the Region `{region}` ({from}) in `{other}`")]
    Partition {
        /// The role's partition.
        role: String,
        /// The Region.
        region: Region,
        /// The flag or variable that holds the Region.
        from: &'static str,
        /// The Region's partition.
        other: &'static str,
    },
    /// A scope, and no endpoint that narrows credentials.
    #[error("the scope cannot be requested")]
    NotRegional(#[source] NotRegional),
    /// Nothing that narrows.
    #[error("no scope: `--scope-policy` and `--scope-duration` are not set")]
    NoScope,
    /// Nobody gets the narrowed credentials.
    #[error("no command behind `--`, and no destination: `--to` is not set")]
    NeitherCommandNorTo,
    /// Both.
    #[error("a command gets the credentials in its environment alone, and `--to` writes them elsewhere")]
    CommandAndTo,
    /// Narrowed credentials in the place of those that were narrowed.
    #[error("profile `{0}` has the credentials to narrow, and writing it would replace them")]
    ProfileIsSource(ProfileName),
    /// A partition that is newer than this version.
    #[error("the partition `{0}` is not known to this version: name its STS with `--sts-endpoint`")]
    UnknownPartition(String),
}

impl SettingsError {
    /// A text that is not a list.
    pub(crate) fn of_list(name: &'static str, flaw: InvalidList) -> Self {
        let advice = match &flaw {
            InvalidList::EmptyElement(variable) => Some(Advice::MayBeAbsent(variable.clone())),
            InvalidList::OpenQuote => None,
        };
        Self::Invalid { name, flaw: Box::new(flaw), advice }
    }

    /// With the word that is similar to the text, unless there is other advice.
    pub(super) fn or_meant(mut self, text: &str, words: &[&str]) -> Self {
        if let Self::Invalid { advice, .. } = &mut self
            && advice.is_none()
        {
            *advice = nearest_value(text.trim(), words).map(Advice::DidYouMean);
        }
        self
    }
}

/// What the author of an invalid value may have meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Advice {
    /// The name of a variable without its `$`.
    WriteDollar(String),
    /// A variable whose value would be several elements of a list.
    OneElement(String),
    /// A variable that is empty, and an element of a list.
    MayBeAbsent(String),
    /// An element with white space or commas, without its quotes.
    Quote,
    /// A similar word that the setting takes.
    DidYouMean(String),
}

/// A value that its setting does not take.
pub(crate) fn invalid(name: &'static str, flaw: impl Error + Send + Sync + 'static) -> SettingsError {
    SettingsError::Invalid { name, flaw: Box::new(flaw), advice: None }
}
