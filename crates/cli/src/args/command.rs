//! A command as data: its name, the settings that it takes, and its texts in `--help`. The command line, the help, the
//! manual page and the completions all derive from it.

use std::ffi::OsStr;

use crate::settings::setting::{Setting, Shape};

/// What users type to start this program.
pub(super) const PROGRAM: &str = "circleci-aws-oidc";
/// What the program does, in one line.
pub(super) const ABOUT: &str = "Exchanges a CI job's OIDC token for short-lived AWS credentials";

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
    /// One command with the credentials.
    Exec,
    /// Narrower credentials, of those that `whoami` finds.
    Scope,
    /// The identity of the next step.
    Whoami,
    /// The claims of the token.
    Token,
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
    /// Completions for a shell.
    Completions,
    /// The manual page.
    Man,
}

/// The name, the settings and the help texts of a command.
pub(crate) struct Definition {
    /// The names of its groups, then its own name.
    pub(super) path: &'static [&'static str],
    /// Its line in the list of commands.
    pub(super) about: &'static str,
    /// What a user of the command has to know that is not about one flag; a paragraph each.
    pub(super) notes: &'static [&'static str],
    /// How it is used.
    pub(super) examples: &'static [Example],
    /// What each exit code means.
    pub(super) exit_codes: &'static [(u8, &'static str)],
    /// Its flags, in the order of `--help`. Commands that share a group share its list.
    pub(super) groups: &'static [&'static Group],
    /// Its operands.
    pub(super) operand: Option<Operand>,
}

/// Flags under one heading.
pub(super) struct Group {
    /// The heading.
    pub(super) heading: &'static str,
    /// The flags.
    pub(super) flags: &'static [Flag],
}

/// A command line with its purpose.
pub(super) struct Example {
    /// What it does.
    pub(super) purpose: &'static str,
    /// The command line, as typed.
    pub(super) line: &'static str,
}

/// Arguments that are not flags.
#[derive(Clone, Copy)]
pub(super) struct Operand {
    /// What the usage line calls one.
    pub(super) name: &'static str,
    /// A line of `-h`.
    pub(super) help: &'static str,
    /// What it can be.
    pub(super) kind: OperandKind,
}

/// What operands can be.
#[derive(Clone, Copy)]
pub(super) enum OperandKind {
    /// One of these words.
    Words(&'static [&'static str]),
    /// One or more files.
    Files,
    /// A program and its arguments, which stand behind `--`: they may begin with `-`.
    CommandLine,
    /// The same, or nothing.
    OptionalCommandLine,
}

impl Operand {
    /// The words that it can be, if they are known.
    pub(super) fn words(&self) -> &'static [&'static str] {
        match self.kind {
            OperandKind::Words(words) => words,
            OperandKind::Files | OperandKind::CommandLine | OperandKind::OptionalCommandLine => &[],
        }
    }
}

/// One setting of a command.
pub(super) struct Flag {
    /// Its row in the table of settings.
    pub(super) setting: &'static Setting,
    /// The help texts for this command, if they differ from the row's.
    texts: Option<(&'static str, &'static str)>,
}

impl Flag {
    /// With the row's help texts.
    pub(super) const fn of(setting: &'static Setting) -> Self {
        Self { setting, texts: None }
    }

    /// With help texts for this command: the line of `-h`, and what `--help` adds, which may be blank.
    pub(super) const fn with_help(setting: &'static Setting, help: &'static str, more: &'static str) -> Self {
        Self { setting, texts: Some((help, more)) }
    }

    /// Its line of `-h`.
    pub(super) fn help(&self) -> &'static str {
        self.texts.map_or(self.setting.help, |(help, _)| help)
    }

    /// What `--help` adds; may be blank.
    pub(super) fn more(&self) -> &'static str {
        self.texts.map_or(self.setting.more, |(_, more)| more)
    }

    /// What its value is called; `None` for a switch.
    pub(super) fn value_name(&self) -> Option<&'static str> {
        match self.setting.shape {
            Shape::Switch => None,
            Shape::One(name) | Shape::List(name, _) => Some(name),
        }
    }

    /// Whether an argument could be this flag, alone or with its value behind `=`.
    pub(super) fn is_typed_in(&self, argument: &OsStr) -> bool {
        let rest = argument.as_encoded_bytes().strip_prefix(self.setting.flag.as_bytes());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"="))
    }

    /// Whether it may be repeated.
    pub(super) fn is_list(&self) -> bool {
        matches!(self.setting.shape, Shape::List(..))
    }
}

impl Command {
    /// Every command, in the order of `--help`.
    pub(super) fn all() -> [Self; 15] {
        [
            Self::Assume,
            Self::Profiles,
            Self::CredentialProcess,
            Self::Serve,
            Self::Exec,
            Self::Scope,
            Self::Whoami,
            Self::Token,
            Self::Clear,
            Self::Preflight,
            Self::TrustGenerate,
            Self::TrustLint,
            Self::TrustTest,
            Self::Completions,
            Self::Man,
        ]
    }

    /// The command with this path.
    pub(super) fn at(path: &[&str]) -> Option<Self> {
        Self::all().into_iter().find(|command| command.definition().path == path)
    }
}

impl Definition {
    /// Its settings, in the order of `--help`.
    pub(super) fn flags(&self) -> impl Iterator<Item = &'static Flag> + use<> {
        self.groups.iter().flat_map(|group| group.flags)
    }

    /// As it is typed, without flags.
    pub(super) fn typed(&self) -> String {
        format!("{PROGRAM} {}", self.path.join(" "))
    }
}

/// The names below a group of commands, each with its line in the list of commands, in the order of `--help`. The path
/// of the program itself is empty.
pub(super) fn below(path: &[&str]) -> Vec<(&'static str, &'static str)> {
    let mut names: Vec<(&str, &str)> = Vec::new();
    for definition in Command::all().map(Command::definition) {
        let below = definition.path.get(path.len()..).filter(|_| definition.path.starts_with(path));
        match below {
            Some([name]) => names.push((name, definition.about)),
            Some([group, ..]) if !names.iter().any(|(name, _)| name == group) => {
                names.push((group, TRUST_ABOUT));
            }
            _ => {}
        }
    }
    names
}

/// The only group of commands.
pub(super) const TRUST_ABOUT: &str = "Generate, lint and test IAM trust policies";
