//! The findings of all checks, one line each: what is in order, notes, then problems, each in the order of the checks.

use serde::Serialize;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Ok,
    /// It works or may work, but not as the user may expect.
    Note,
    /// `assume` would fail.
    Problem,
}

/// All findings, for `--format json`.
#[derive(Serialize)]
pub(crate) struct FindingsData {
    problems: usize,
    notes: usize,
    ok: usize,
    findings: Vec<FindingData>,
}

#[derive(Serialize)]
struct FindingData {
    level: &'static str,
    check: &'static str,
    text: String,
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Problem => "problem",
        }
    }
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
        self.count(Level::Problem)
    }

    /// Level, check and text in columns; problems last, where a reader of a log begins. `paint` gets the level's word
    /// and the code of its color.
    pub(crate) fn text(&self, paint: impl Fn(&str, &str) -> String) -> String {
        self.sorted().into_iter().map(|finding| finding.line(&paint)).collect()
    }

    /// The same as data, in the same order. `words` gets each text.
    pub(crate) fn data(&self, words: impl Fn(&str) -> String) -> FindingsData {
        let findings = self.sorted().into_iter().map(|finding| FindingData {
            level: finding.level.word(),
            check: finding.check,
            text: words(&finding.text),
        });
        FindingsData {
            problems: self.count(Level::Problem),
            notes: self.count(Level::Note),
            ok: self.count(Level::Ok),
            findings: findings.collect(),
        }
    }

    /// The worst last.
    fn sorted(&self) -> Vec<&Finding> {
        let mut findings: Vec<&Finding> = self.0.iter().collect();
        findings.sort_by_key(|finding| finding.level);
        findings
    }

    fn count(&self, level: Level) -> usize {
        self.0.iter().filter(|finding| finding.level == level).count()
    }

    /// How many there are of each level.
    pub(crate) fn summary(&self) -> String {
        let counted = |level: Level, name: &str| match self.count(level) {
            1 => format!("1 {name}"),
            0 => format!("no {name}s"),
            more => format!("{more} {name}s"),
        };
        format!(
            "{}, {}, {} ok",
            counted(Level::Problem, "problem"),
            counted(Level::Note, "note"),
            self.count(Level::Ok)
        )
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
    fn line(&self, paint: impl Fn(&str, &str) -> String) -> String {
        let Self { level, check, text } = self;
        let word = level.word();
        let color = match level {
            Level::Ok => "32",
            Level::Note => "33",
            Level::Problem => "1;31",
        };
        let space = " ".repeat(8_usize.saturating_sub(word.len()));
        format!("{}{space}{check:16}{text}\n", paint(word, color))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_three_columns_and_nothing_breaks_it() {
        let mut findings = Findings::default();
        findings.problem("session-name", "`a\nb` \u{1b}[2J");
        findings.ok("region", "eu-west-1");
        let lines = "ok      region          eu-west-1\nproblem session-name    `a\u{fffd}b` \u{fffd}[2J\n";
        assert_eq!(findings.text(|word, _| word.to_owned()), lines);
        assert_eq!(findings.problems(), 1);
        assert_eq!(findings.summary(), "1 problem, no notes, 1 ok");
        let lines = "\u{1b}[32mok\u{1b}[0m      region          eu-west-1\n";
        assert!(findings.text(|word, code| format!("\u{1b}[{code}m{word}\u{1b}[0m")).starts_with(lines));
    }
}
