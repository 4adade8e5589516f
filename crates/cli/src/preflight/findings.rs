//! The findings of all checks, one line each, in the order of the checks.

use crate::failure::Failure;
use crate::report::printable;

/// All findings.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<Finding>);

#[derive(Debug)]
struct Finding {
    level: Level,
    check: &'static str,
    text: String,
}

/// What a finding means for `assume`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Ok,
    /// It works or may work, but not as the user may expect.
    Note,
    /// `assume` would fail.
    Problem,
}

impl Findings {
    /// Adds a check that passed.
    pub(crate) fn ok(&mut self, check: &'static str, text: &str) {
        self.add(Level::Ok, check, text);
    }

    /// Adds what the user may not expect.
    pub(crate) fn note(&mut self, check: &'static str, text: &str) {
        self.add(Level::Note, check, text);
    }

    /// Adds what the user has to fix.
    pub(crate) fn problem(&mut self, check: &'static str, text: &str) {
        self.add(Level::Problem, check, text);
    }

    /// The value, if there is one; a failure becomes a problem.
    pub(crate) fn value_or_problem<T>(
        &mut self,
        check: &'static str,
        outcome: Result<T, Failure>,
    ) -> Option<T> {
        outcome.map_err(|failure| self.problem(check, &failure.in_one_line())).ok()
    }

    /// How many problems there are.
    pub(crate) fn problems(&self) -> usize {
        self.0.iter().filter(|finding| finding.level == Level::Problem).count()
    }

    /// Level, check and text in columns.
    pub(crate) fn text(&self) -> String {
        self.0.iter().map(Finding::line).collect()
    }

    fn add(&mut self, level: Level, check: &'static str, text: &str) {
        debug_assert!(
            check.len() < 16 && !check.contains(' '),
            "`{check}` is not a name of the second column"
        );
        self.0.push(Finding { level, check, text: printable(text) });
    }
}

impl Finding {
    fn line(&self) -> String {
        let Self { level, check, text } = self;
        let level = match level {
            Level::Ok => "ok",
            Level::Note => "note",
            Level::Problem => "problem",
        };
        format!("{level:8}{check:16}{text}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_three_columns_and_nothing_breaks_it() {
        let mut findings = Findings::default();
        findings.ok("region", "eu-west-1");
        findings.problem("session-name", "`a\nb` \u{1b}[2J");
        let lines = "ok      region          eu-west-1\nproblem session-name    `a\u{fffd}b` \u{fffd}[2J\n";
        assert_eq!(findings.text(), lines);
        assert_eq!(findings.problems(), 1);
    }
}
