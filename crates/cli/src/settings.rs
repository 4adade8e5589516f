//! From texts to values that carry their proof: flags over variables over defaults. After this nothing of the
//! command line or the environment is an unparsed text, and nothing has touched the network or a file.

mod destinations;
pub(crate) mod expansion;
pub(crate) mod request_flags;
mod session;
pub(crate) mod session_name;
mod single;
pub(crate) mod table;

use std::error::Error;
use std::str::FromStr;

use aws::Region;

use crate::args::{AssumeArgs, OutputArgs};
use crate::io::environment::Environment;
use crate::settings::request_flags::Standing;
use crate::settings::table::{GivenError, Setting, Value};
use crate::sinks::destination::Destination;
pub(crate) use destinations::{destinations, of_mode};
pub(crate) use session::SessionSettings;
pub(crate) use single::{
    audience, duration, named_region, region, role, session_name, token_source, trust_policy,
};

/// Everything that `assume` needs to know.
#[derive(Debug)]
pub(crate) struct AssumeSettings {
    /// Whom to become.
    pub(crate) session: SessionSettings,
    /// How another process asks for the same.
    pub(crate) standing: Standing,
    /// Where the credentials go, at least one.
    pub(crate) destinations: Vec<Destination>,
    /// Whether to make sure that the next step is who it should be.
    pub(crate) verify: bool,
}

/// Why the settings can't be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    /// A name or a variable is not there.
    #[error(transparent)]
    Given(#[from] GivenError),
    /// A value is not what its setting needs.
    #[error("`{name}` can't be used")]
    Invalid {
        /// The flag or variable.
        name: &'static str,
        /// What is wrong with the value.
        #[source]
        flaw: Box<dyn Error + Send + Sync>,
    },
    /// No role was named.
    #[error("no role is named: `--role-arn` and AWS_OIDC_ROLE_ARN are empty")]
    NoRole,
    /// No trust policy was named.
    #[error("no policy is named: `--policy` and AWS_OIDC_POLICY are empty")]
    NoPolicy,
    /// A setting that only a signed request takes.
    #[error("`{0}` needs `--chain-role-arn`: AWS takes it on the way from role to role, not with a token")]
    NeedsChain(&'static str),
    /// Nowhere to put the credentials.
    #[error("no destination: give `--to`, as `--profile`, BASH_ENV and GITHUB_ENV are not set")]
    NoDestination,
    /// Two ways to say where.
    #[error("`--profile` is short for `--to profile:NAME`: give one of the two")]
    ProfileAndTo,
    /// Two other ways to say where.
    #[error("`--mode {0}` has a destination of its own: leave out `--to` and AWS_OIDC_TO")]
    ModeAndTo(&'static str),
    /// A profile where there is none.
    #[error("`--mode {0}` has no profile: leave out `--profile` and AWS_OIDC_PROFILE")]
    ModeAndProfile(&'static str),
    /// A destination that `clear` can't reach.
    #[error("`json`, `shell` and `github` leave nothing that a later step could clear")]
    NothingToClear,
    /// Two texts on one stream.
    #[error("only one of the destinations `github`, `json` and `shell` can have stdout")]
    TwoOnStdout,
    /// The role lives in another partition than the Region.
    #[error("the role is of partition `{role}`, the Region `{region}` ({from}) of `{other}`")]
    Partition {
        /// The role's partition.
        role: String,
        /// The Region.
        region: Region,
        /// Where the Region was given.
        from: &'static str,
        /// The Region's partition.
        other: &'static str,
    },
    /// A partition that has opened since this version was made.
    #[error("the partition `{0}` is not known to this version: name its STS with `--sts-endpoint`")]
    UnknownPartition(String),
}

/// A word that its setting does not know.
#[derive(Debug, thiserror::Error)]
#[error("`{}` is none of {words}", text.escape_debug())]
struct NotOneOf {
    text: String,
    words: String,
}

impl AssumeSettings {
    /// Reads all settings of `assume`.
    pub(crate) fn read(args: &AssumeArgs, environment: &Environment) -> Result<Self, SettingsError> {
        let look = Lookup::in_known(environment, &args.output)?;
        let session = SessionSettings::read(&args.session, &args.network, look)?;
        Ok(Self {
            standing: Standing::read(&args.session, &args.network, &session, look)?,
            session,
            destinations: of_mode(args, look)?,
            verify: args.verify || look.is_on(table::VERIFY)?,
        })
    }
}

/// The environment, and how values are looked up in it.
#[derive(Clone, Copy)]
pub(crate) struct Lookup<'a> {
    /// The snapshot.
    pub(crate) environment: &'a Environment,
}

impl<'a> Lookup<'a> {
    /// Makes sure of what is the same for every command: the names of all settings, and those about output,
    /// which the report has read leniently.
    pub(crate) fn in_known(environment: &'a Environment, output: &OutputArgs) -> Result<Self, SettingsError> {
        table::refuse_unknown(environment)?;
        let look = Self { environment };
        look.check_output(output)?;
        Ok(look)
    }

    /// Makes sure of the settings about output.
    pub(crate) fn check_output(self, output: &OutputArgs) -> Result<(), SettingsError> {
        self.one_of(
            output.color.as_deref(),
            table::COLOR,
            &["auto", "always", "never"].map(|word| (word, ())),
        )?;
        self.is_on(table::QUIET).map(drop)
    }

    /// Whether the variable of a switch turns it on.
    pub(crate) fn is_on(self, setting: Setting) -> Result<bool, SettingsError> {
        let words = [("1", true), ("0", false), ("true", true), ("false", false)];
        Ok(self.one_of(None, setting, &words)?.unwrap_or(false))
    }

    /// Every value of a setting that may be repeated, each with the name that it came in by. In a variable they
    /// stand behind one another: destinations and tags with commas between, which paths and values may hold
    /// spaces around; all else with spaces, as a role's name may hold a comma.
    pub(crate) fn list(
        self,
        flags: &[String],
        setting: Setting,
    ) -> Result<Vec<(&'static str, String)>, SettingsError> {
        if !flags.is_empty() {
            return Ok(flags.iter().map(|text| (setting.flag, text.trim().to_owned())).collect());
        }
        let Some(value) = self.given(None, setting)? else { return Ok(Vec::new()) };
        let commas = [table::TO, table::TAG].contains(&setting);
        let is_separator =
            |character: char| if commas { character == ',' } else { character.is_whitespace() };
        let parts = value.text.split(is_separator).map(str::trim).filter(|part| !part.is_empty());
        Ok(parts.map(|part| (value.name, part.to_owned())).collect())
    }

    /// The same, parsed.
    pub(crate) fn parsed_list<T>(self, flags: &[String], setting: Setting) -> Result<Vec<T>, SettingsError>
    where
        T: FromStr,
        T::Err: Error + Send + Sync + 'static,
    {
        self.list(flags, setting)?
            .into_iter()
            .map(|(name, text)| text.parse().map_err(|flaw| invalid(name, flaw)))
            .collect()
    }

    /// The value of one setting, if it was given.
    pub(crate) fn given(self, flag: Option<&str>, setting: Setting) -> Result<Option<Value>, SettingsError> {
        Ok(table::value(flag, setting, self.environment)?)
    }

    /// What the word means that was given, which has to be one of these.
    pub(crate) fn one_of<T: Copy>(
        self,
        flag: Option<&str>,
        setting: Setting,
        words: &[(&str, T)],
    ) -> Result<Option<T>, SettingsError> {
        let Some(value) = self.given(flag, setting)? else { return Ok(None) };
        if let Some((_, meaning)) = words.iter().find(|(word, _)| *word == value.text.trim()) {
            return Ok(Some(*meaning));
        }
        let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        Err(invalid(value.name, NotOneOf { text: value.text, words: words.join(", ") }))
    }

    /// The same, parsed.
    pub(crate) fn parsed<T>(self, flag: Option<&str>, setting: Setting) -> Result<Option<T>, SettingsError>
    where
        T: FromStr,
        T::Err: Error + Send + Sync + 'static,
    {
        let Some(value) = self.given(flag, setting)? else { return Ok(None) };
        value.text.trim().parse().map(Some).map_err(|flaw| invalid(value.name, flaw))
    }
}

/// A value that its setting does not take.
pub(crate) fn invalid(name: &'static str, flaw: impl Error + Send + Sync + 'static) -> SettingsError {
    SettingsError::Invalid { name, flaw: Box::new(flaw) }
}
