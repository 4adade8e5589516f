//! A command as data: its name, the settings that it takes, and its texts in `--help`.

use crate::settings::setting::Setting;

/// The commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    /// One role.
    Assume,
    /// Many roles.
    Profiles,
    /// Credentials for an AWS tool.
    CredentialProcess,
    /// An endpoint for AWS tools.
    Serve,
    /// The identity of the next step.
    Whoami,
    /// Undoes `assume` and `profiles`.
    Clear,
    /// The checks before `assume`.
    Preflight,
    /// Writes trust policies.
    TrustGenerate,
    /// Checks trust policies against rules.
    TrustLint,
    /// Tests a trust policy.
    TrustTest,
}

/// The name, the settings and the help texts of a command.
pub(crate) struct Definition {
    /// The names of its groups, then its own name.
    pub(super) path: &'static [&'static str],
    /// Its line in the list of commands.
    pub(super) about: &'static str,
    /// The text of `--help` below the flags.
    pub(super) after_help: &'static str,
    /// Groups of settings, in the order of `--help`. Commands that share a group share its list.
    pub(super) groups: &'static [&'static [Flag]],
    /// Its positional arguments.
    pub(super) positional: Option<Positional>,
    /// Adds its flags.
    pub(super) build: fn(clap::Command) -> clap::Command,
}

/// Positional arguments: one or more files.
#[derive(Clone, Copy)]
pub(super) struct Positional {
    /// A line of `--help`.
    pub(super) help: &'static str,
}

/// One setting of a command.
pub(super) struct Flag {
    /// Its row in the table of settings.
    pub(super) setting: &'static Setting,
    /// The help text for this command, if it differs from the row's.
    help: Option<&'static str>,
}

impl Flag {
    /// With the row's help text.
    pub(super) const fn of(setting: &'static Setting) -> Self {
        Self { setting, help: None }
    }

    /// With a help text for this command.
    pub(super) const fn with_help(setting: &'static Setting, help: &'static str) -> Self {
        Self { setting, help: Some(help) }
    }

    /// A line of `--help`.
    pub(super) fn help(&self) -> &'static str {
        self.help.unwrap_or(self.setting.help)
    }
}

impl Command {
    /// Every command, in the order of `--help`.
    pub(super) fn all() -> [Self; 10] {
        [
            Self::Assume,
            Self::Profiles,
            Self::CredentialProcess,
            Self::Serve,
            Self::Whoami,
            Self::Clear,
            Self::Preflight,
            Self::TrustGenerate,
            Self::TrustLint,
            Self::TrustTest,
        ]
    }
}

impl Definition {
    /// Its settings, in the order of `--help`.
    pub(super) fn flags(&self) -> impl Iterator<Item = &'static Flag> + use<> {
        self.groups.iter().copied().flatten()
    }
}
