//! A command as data: its name, the settings that it takes, and what `--help` says of it.

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
    /// Judges trust policies.
    TrustLint,
    /// Tests a trust policy.
    TrustTest,
}

/// What the command line knows of a command.
pub(crate) struct Definition {
    /// Its name, behind the names of the groups that it is in.
    pub(super) path: &'static [&'static str],
    /// One line.
    pub(super) about: &'static str,
    /// What `--help` adds below the flags.
    pub(super) after_help: &'static str,
    /// Groups of settings, in the order of `--help`. Commands that share a group share its list.
    pub(super) groups: &'static [&'static [Flag]],
    /// What it takes without a flag.
    pub(super) positional: Option<Positional>,
    /// Adds its flags.
    pub(super) build: fn(clap::Command) -> clap::Command,
}

/// Files that are named without a flag.
#[derive(Clone, Copy)]
pub(super) struct Positional {
    /// A line of `--help`.
    pub(super) help: &'static str,
}

/// One setting of a command.
pub(super) struct Flag {
    /// Its row.
    pub(super) setting: &'static Setting,
    /// What it means to this command, if that differs from the row.
    help: Option<&'static str>,
}

impl Flag {
    /// As the row says.
    pub(super) const fn of(setting: &'static Setting) -> Self {
        Self { setting, help: None }
    }

    /// In other words.
    pub(super) const fn meaning(setting: &'static Setting, help: &'static str) -> Self {
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
