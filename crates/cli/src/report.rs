//! What the user sees: data on stdout, everything else on stderr, a line an event.

use std::io::{self, IsTerminal, Write};

use aws::Secret;

use crate::io::environment::{Environment, vars};
use crate::settings::table;

/// Writes for people and for programs.
pub(crate) struct Report {
    quiet: bool,
    color: bool,
}

impl Report {
    /// Decides by flag, by variable, then by whether a person is looking. These two settings are read leniently
    /// and first, because errors about the others are reported through them.
    pub(crate) fn new(quiet: bool, color: Option<&str>, environment: &Environment) -> Self {
        let of_environment = environment.set(table::COLOR.variable);
        let color = match color.or(of_environment).map(str::trim) {
            Some("always") => true,
            Some("never") => false,
            _ => io::stderr().is_terminal() && environment.raw(vars::NO_COLOR).is_none_or(str::is_empty),
        };
        let by_variable =
            environment.set(table::QUIET.variable).is_some_and(|value| matches!(value.trim(), "1" | "true"));
        Self { quiet: quiet || by_variable, color }
    }

    /// The same for a step whose events and notes nobody asked for.
    pub(crate) fn silent(&self) -> Self {
        Self { quiet: true, ..*self }
    }

    /// An event.
    pub(crate) fn event(&self, text: &str) {
        if !self.quiet {
            line(text);
        }
    }

    /// Something that the user may not expect.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            line(&format!("{} {text}", self.paint("note:", "33")));
        }
    }

    /// What could not be done. Shown even when quiet.
    pub(crate) fn error(&mut self, text: &str) {
        line(&format!("{} {text}", self.paint("error:", "1;31")));
    }

    /// A line under an error, `label` first.
    pub(crate) fn detail(&mut self, label: &str, text: &str) {
        line(&format!("  {} {text}", self.paint(label, "36")));
    }

    /// Bytes for another program.
    #[expect(clippy::unused_self, reason = "all output goes through the report")]
    pub(crate) fn data(&mut self, text: &Secret) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(text.expose().as_bytes()).and_then(|()| stdout.flush()) {
            // The reader has enough: that is its right.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            outcome => outcome,
        }
    }

    fn paint(&self, text: &str, code: &str) -> String {
        if self.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// One line to stderr. Control characters from outside reach no terminal; our own colours do. A log that
/// nobody reads is no reason to fail.
fn line(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// A text from outside, fit for a log: a branch's name can hold anything.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}
