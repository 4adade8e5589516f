//! What people read: on stderr, a line an event. Data for programs goes through `io::stdout`.

use std::io::{self, IsTerminal, Write};

use crate::exchange::progress::Progress;
use crate::io::environment::vars;
use crate::settings::{Inputs, table};

/// Writes for people.
pub(crate) struct Report {
    quiet: bool,
    color: bool,
}

impl Report {
    /// Decides by flag, by variable, then by whether a person is looking. These two settings are read leniently
    /// and first, because errors about the others are reported through them.
    pub(crate) fn new(inputs: Inputs<'_>) -> Self {
        let Inputs { flags, environment } = inputs;
        let color = flags.one(&table::COLOR).or_else(|| environment.set(table::COLOR.variable));
        let color = match color.map(str::trim) {
            Some("always") => true,
            Some("never") => false,
            _ => io::stderr().is_terminal() && environment.raw(vars::NO_COLOR).is_none_or(str::is_empty),
        };
        let by_variable =
            environment.set(table::QUIET.variable).is_some_and(|value| matches!(value.trim(), "1" | "true"));
        Self { quiet: flags.has(&table::QUIET) || by_variable, color }
    }

    /// An event.
    pub(crate) fn event(&self, text: &str) {
        if !self.quiet {
            line(&printable(text));
        }
    }

    /// Something that the user may not expect.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            line(&format!("{} {}", self.paint("note:", "33"), printable(text)));
        }
    }

    /// Several of them.
    pub(crate) fn notes<T: ToString>(&self, notes: impl IntoIterator<Item = T>) {
        notes.into_iter().for_each(|note| self.note(&note.to_string()));
    }

    /// What happens during an exchange.
    pub(crate) fn progress(&self, progress: &Progress<'_>) {
        if progress.is_note() { self.note(&progress.to_string()) } else { self.event(&progress.to_string()) }
    }

    /// What could not be done. Shown even when quiet.
    pub(crate) fn error(&self, text: &str) {
        line(&format!("{} {}", self.paint("error:", "1;31"), printable(text)));
    }

    /// A line under an error, `label` first.
    pub(crate) fn detail(&self, label: &str, text: &str) {
        line(&format!("  {} {}", self.paint(label, "36"), printable(text)));
    }

    fn paint(&self, text: &str, code: &str) -> String {
        if self.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// One line to stderr. A log that nobody reads is no reason to fail.
fn line(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// A text from outside, fit for a log and a terminal: a branch name can hold anything. Our own colours come later.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}
