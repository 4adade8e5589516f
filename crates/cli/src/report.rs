//! Output for people: events, notes and errors on stderr, one line each. Data for programs is written by
//! `io::stdout`.

mod gate;

use std::io::{self, IsTerminal, Write};

use aws::Secret;
pub(crate) use gate::{printable, without_secrets};

use crate::exchange::progress::Progress;
use crate::io::environment::{Environment, vars};
use crate::io::stdout::{self, StdoutError};
use crate::settings::caller::Caller;
use crate::settings::setting::Setting;
use crate::settings::{Inputs, table};

/// Prints on stderr, and knows whether stdout is printed in color too.
pub(crate) struct Report {
    quiet: bool,
    color: Color,
    details: bool,
    caller: Caller,
}

/// Which streams are printed in color.
enum Color {
    Always,
    Never,
    OnTerminals,
}

impl Color {
    fn is_for(&self, stream: &impl IsTerminal) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::OnTerminals => stream.is_terminal(),
        }
    }
}

impl Report {
    /// Color: the flag, else the variable, else whether the stream is a terminal. The output settings are read
    /// leniently and before all others, because errors about the others are printed with them.
    pub(crate) fn new(inputs: Inputs<'_>) -> Self {
        let Inputs { flags, environment } = inputs;
        let color = flags.one(&table::COLOR).or_else(|| environment.non_blank(table::COLOR.variable));
        let color = match color.map(str::trim) {
            Some("always") => Color::Always,
            Some("never") => Color::Never,
            _ if can_color(environment) => Color::OnTerminals,
            _ => Color::Never,
        };
        let is_on = |setting: &Setting| {
            let variable = environment.non_blank(setting.variable);
            flags.has(setting) || variable.is_some_and(|value| matches!(value.trim(), "1" | "true"))
        };
        let (quiet, details) = (is_on(&table::QUIET), is_on(&table::DETAILS));
        Self { quiet, color, details, caller: Caller::of(environment) }
    }

    /// Whether a denial is printed with every fact about it.
    pub(crate) fn has_details(&self) -> bool {
        self.details
    }

    /// What went as expected.
    pub(crate) fn event(&self, text: &str) {
        if !self.quiet {
            print_line(&self.shown(text));
        }
    }

    /// What the user may not expect.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            print_line(&format!("{} {}", self.paint("note:", "33"), self.shown(text)));
        }
    }

    /// Several notes.
    pub(crate) fn notes<T: ToString>(&self, notes: impl IntoIterator<Item = T>) {
        notes.into_iter().for_each(|note| self.note(&note.to_string()));
    }

    /// Progress of an exchange: an event or a note. A fact is for a record.
    pub(crate) fn progress(&self, progress: &Progress<'_>) {
        match progress {
            Progress::Fact(_) => {}
            note if note.is_note() => self.note(&note.to_string()),
            event => self.event(&event.to_string()),
        }
    }

    /// What could not be done; printed with `--quiet` too.
    pub(crate) fn error(&self, text: &str) {
        print_line(&format!("{} {}", self.paint("error:", "1;31"), self.shown(text)));
    }

    /// The result of a check that ran and found something; printed with `--quiet` too.
    pub(crate) fn result(&self, text: &str) {
        print_line(&format!("{} {}", self.paint("result:", "1;33"), self.shown(text)));
    }

    /// A line under an error, `label` first.
    pub(crate) fn detail(&self, label: &str, text: &str) {
        print_line(&format!("  {} {}", self.paint(label, "36"), self.shown(text)));
    }

    /// A word of the data on stdout, in the color of this code where that is due.
    pub(crate) fn data_word(&self, word: &str, code: &str) -> String {
        painted(self.color.is_for(&io::stdout()), word, code)
    }

    /// The text as it is printed: with the settings' names as the user typed them, and without secrets.
    pub(crate) fn shown(&self, text: &str) -> String {
        printable(&self.caller.in_words(text))
    }

    fn paint(&self, text: &str, code: &str) -> String {
        painted(self.color.is_for(&io::stderr()), text, code)
    }
}

fn painted(is_colored: bool, text: &str, code: &str) -> String {
    if is_colored { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// Whether the user and the terminal allow color.
fn can_color(environment: &Environment) -> bool {
    let is_dumb = environment.raw(vars::TERM) == Some("dumb");
    !is_dumb && environment.raw(vars::NO_COLOR).is_none_or(str::is_empty)
}

/// Writes to stdout what a command has found, without secrets. Credentials are written by their sinks.
pub(crate) fn print_data(text: &str) -> Result<(), StdoutError> {
    stdout::write(&Secret::new(without_secrets(text).into_owned()))
}

/// Writes one line to stderr, in one call: stderr has no buffer. A closed stderr must not fail the command.
fn print_line(text: &str) {
    let _ = io::stderr().write_all(format!("{text}\n").as_bytes());
}
