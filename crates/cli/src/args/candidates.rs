//! What a value can be, as far as a shell can complete it.

use super::command::{Command, Flag};
use crate::settings::setting::Setting;
use crate::settings::words::{DESTINATIONS, TOKEN_SOURCES};
use crate::settings::{COLORS, OUTPUT_FORMATS, modes, table, trust_generate};

/// The candidates for a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Candidates {
    /// No one knows them, such as ARNs.
    Unknown,
    /// These words. What follows a word with a colon is unknown, or a file.
    Words(Vec<Word>),
    /// A file.
    Files,
    /// A directory.
    Directories,
}

/// A word of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    /// The word; with its colon if something has to follow.
    pub(super) text: &'static str,
    /// Whether a file follows the colon.
    pub(super) is_before_file: bool,
}

impl Word {
    /// From a form such as `dotenv:PATH`.
    fn of(form: &'static str) -> Self {
        let text = form.find(':').and_then(|colon| form.get(..=colon)).unwrap_or(form);
        Self { text, is_before_file: form.ends_with(":PATH") }
    }
}

/// The candidates for the value of a command's flag.
pub(super) fn candidates(command: Command, flag: &Flag) -> Candidates {
    match flag.value_name() {
        Some("FILE" | "POLICY") => return Candidates::Files,
        Some("DIRECTORY") => return Candidates::Directories,
        _ => {}
    }
    let of = |setting: &Setting| flag.setting == setting;
    let forms = match command {
        _ if of(&table::TOKEN_SOURCE) => TOKEN_SOURCES.to_vec(),
        _ if of(&table::MODE) => modes(),
        _ if of(&table::COLOR) => COLORS.to_vec(),
        Command::Clear if of(&table::TO) => vec!["bash-env", "profile:NAME", "dotenv:PATH"],
        Command::Token if of(&table::TO) => vec!["file:PATH"],
        _ if of(&table::TO) => DESTINATIONS.to_vec(),
        _ if of(&table::SUBJECT_FORM) => names(&trust_generate::FORMS),
        _ if of(&table::PROVIDER) => names(&trust_generate::PROVIDERS),
        Command::TrustGenerate if of(&table::FORMAT) => names(&trust_generate::FORMATS),
        Command::TrustLint if of(&table::FORMAT) => vec!["text", "json", "sarif"],
        _ if of(&table::FORMAT) => names(&OUTPUT_FORMATS),
        _ => return Candidates::Unknown,
    };
    Candidates::Words(forms.into_iter().map(Word::of).collect())
}

fn names<T>(pairs: &[(&'static str, T)]) -> Vec<&'static str> {
    pairs.iter().map(|(word, _)| *word).collect()
}
