//! The definitions of all commands. Commands share groups of flags.

mod checks;
mod exec;
mod groups;
mod renewal;
mod roles;
mod scope;
mod shell;
mod token;
mod trust;

use super::command::{Command, Definition};

impl Command {
    /// Its definition.
    pub(super) fn definition(self) -> &'static Definition {
        match self {
            Self::Assume => &roles::ASSUME,
            Self::Profiles => &roles::PROFILES,
            Self::CredentialProcess => &renewal::CREDENTIAL_PROCESS,
            Self::Serve => &renewal::SERVE,
            Self::Exec => &exec::EXEC,
            Self::Scope => &scope::SCOPED,
            Self::Whoami => &checks::WHOAMI,
            Self::Token => &token::TOKEN,
            Self::Clear => &checks::CLEAR,
            Self::Preflight => &checks::PREFLIGHT,
            Self::TrustGenerate => &trust::GENERATE,
            Self::TrustLint => &trust::LINT,
            Self::TrustTest => &trust::TEST,
            Self::Completions => &shell::COMPLETIONS,
            Self::Man => &shell::MAN,
        }
    }
}
