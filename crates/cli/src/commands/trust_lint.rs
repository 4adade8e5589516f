//! `trust lint`: checks every trust policy of every file against rules. A file that can't be read does not stop the
//! others.

use std::path::{Path, PathBuf};

use policy_source::{Source, Span, excerpt};
use serde_json::{Value, json};
use trust_policy::lint::{Finding, LocatedFinding, Notification, lint, sarif};

use crate::failure::Failure;
use crate::io::files::user_path;
use crate::report::{self, Report, printable};
use crate::settings::{Inputs, invalid, table};
use crate::trust::policy_files::{self, PolicyFile};

/// The widest line of a file that is shown whole.
const WIDEST: usize = 180;

/// What was found in a file.
struct Linted {
    /// As the command line has it.
    path: String,
    text: String,
    findings: Vec<LocatedFinding>,
    /// What was not checked.
    notes: Vec<LocatedNote>,
}

/// A note's line, its column if that is known, and its text.
type LocatedNote = (usize, Option<usize>, String);

/// Prints the findings. A file that can't be read decides the exit code, whatever was found in the others.
pub(crate) fn run(inputs: Inputs<'_>, report: &Report) -> Result<(), Failure> {
    let words = [("text", Format::Text), ("json", Format::Json), ("sarif", Format::Sarif)];
    let format = inputs
        .checked()
        .and_then(|inputs| inputs.one_of(&table::FORMAT, &words))
        .map_err(|error| Failure::from(&error))?
        .unwrap_or(Format::Text);
    let mut linted = Vec::new();
    let mut unchecked = Unchecked::default();
    let mut unreadable = None;
    let mut files = Vec::new();
    for path in inputs.flags.operands.iter().map(Path::new) {
        let read = resolved(path, inputs).and_then(|resolved| {
            PolicyFile::read(path, &resolved).map_err(|error| Failure::of_trust_file(&error))
        });
        match read {
            Ok(file) => files.push(file),
            Err(failure) => {
                unchecked.notifications.push(Notification {
                    file: path.to_string_lossy().into_owned(),
                    line: None,
                    column: None,
                    text: printable(&failure.in_one_line()),
                    is_error: true,
                });
                if let Some(earlier) = unreadable.replace(failure) {
                    earlier.print(report);
                }
            }
        }
    }
    policy_files::settle(&mut files);
    linted.extend(files.into_iter().map(|file| of_file(file, &mut unchecked, report)));
    let count: usize = linted.iter().map(|file| file.findings.len()).sum();
    let rendered = format.render(&linted, &unchecked.notifications);
    report::print_data(&rendered).map_err(|error| Failure::of_stdout(&error))?;
    match unreadable {
        Some(failure) => Err(failure),
        None if count + unchecked.unread > 0 => Err(Failure::of_lint(count, unchecked.unread)),
        None => Ok(()),
    }
}

fn resolved(path: &Path, inputs: Inputs<'_>) -> Result<PathBuf, Failure> {
    let Some(text) = path.to_str() else { return Ok(path.to_owned()) };
    user_path::resolve(text, inputs.environment).map_err(|flaw| Failure::from(&invalid("FILE", flaw)))
}

/// What was not checked.
#[derive(Default)]
struct Unchecked {
    /// Parts that name `AssumeRoleWithWebIdentity`.
    unread: usize,
    notifications: Vec<Notification>,
}

impl Unchecked {
    fn add(&mut self, path: &str, source: &Source) {
        self.unread += source.unread.len();
        let notes = source.notes.iter().chain(&source.unread);
        self.notifications.extend(notes.map(|note| Notification {
            file: path.to_owned(),
            line: Some(note.line),
            column: note.column,
            text: note.text.clone(),
            is_error: false,
        }));
    }
}

fn of_file(file: PolicyFile, unchecked: &mut Unchecked, report: &Report) -> Linted {
    let PolicyFile { path, source, text, names_other_file, .. } = file;
    let path = path.to_string_lossy().into_owned();
    let shown = printable(&path);
    let says_nothing = source.policies.is_empty() && source.notes.is_empty() && source.unread.is_empty();
    if says_nothing && !names_other_file {
        report.note(&format!("{shown}: no trust policy in this file"));
    }
    unchecked.add(&path, &source);
    let said = source.notes.iter().chain(&source.unread);
    let mut notes: Vec<LocatedNote> = said.map(|note| (note.line, note.column, note.text.clone())).collect();
    let mut findings = Vec::new();
    for (index, policy) in source.policies.iter().enumerate() {
        let linted = lint(&policy.policy);
        notes.extend(linted.remarks.into_iter().map(|remark| {
            let span = source.span_of(index, &remark.location, &text);
            (policy.line_of(&remark.location), span.map(|span| span.column), remark.text)
        }));
        let located = |finding: Finding| {
            let span = source.span_of(index, &finding.location, &text);
            let line = policy.line_of(&finding.location);
            LocatedFinding { line, columns: span.map(|span| (span.column, span.end)), finding }
        };
        findings.extend(linted.findings.into_iter().map(located));
    }
    // Instances and forms of one policy share their lines, and mostly what is said of them.
    drop_repeated(&mut findings);
    drop_repeated(&mut notes);
    for (line, column, text) in &notes {
        let column = column.map(|column| format!(":{column}")).unwrap_or_default();
        report.note(&format!("{shown}:{line}{column}: {}", printable(text)));
    }
    Linted { path, text, findings, notes }
}

fn drop_repeated<T: PartialEq>(values: &mut Vec<T>) {
    let mut kept: Vec<T> = Vec::new();
    for value in values.drain(..) {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    *values = kept;
}

#[derive(Clone, Copy)]
enum Format {
    Text,
    Json,
    Sarif,
}

impl Format {
    fn render(self, linted: &[Linted], unchecked: &[Notification]) -> String {
        match self {
            Self::Sarif => {
                let files: Vec<_> =
                    linted.iter().map(|file| (file.path.clone(), file.findings.clone())).collect();
                sarif(&files, unchecked) + "\n"
            }
            Self::Json => {
                let files: Vec<Value> = linted.iter().map(Linted::json).collect();
                json!({ "files": files }).to_string() + "\n"
            }
            Self::Text => linted.iter().flat_map(Linted::texts).collect(),
        }
    }
}

impl Linted {
    fn texts(&self) -> impl Iterator<Item = String> {
        self.findings.iter().map(|located| self.text(located))
    }

    fn text(&self, LocatedFinding { line, columns, finding }: &LocatedFinding) -> String {
        let (file, rule) = (printable(&self.path), finding.rule);
        let text = self.text.strip_prefix('\u{FEFF}').unwrap_or(&self.text);
        let row = line.checked_sub(1).and_then(|index| text.lines().nth(index)).unwrap_or_default();
        let number = line.to_string();
        let margin = " ".repeat(number.len());
        let shown = printable(row);
        let is_whole = shown.chars().count() == row.chars().count();
        let whole = Span { line: *line, column: 1, end: shown.chars().count() + 1 };
        let lines = match columns.filter(|_| is_whole) {
            Some((column, end)) => {
                let (row, marks) = excerpt(&shown, Span { line: *line, column, end }, WIDEST);
                format!("  {number} | {row}\n  {margin} | {marks}")
            }
            None if is_whole => format!("  {number} | {}", excerpt(&shown, whole, WIDEST).0),
            // Without what may be a secret; the columns are those of the file.
            None => format!("  {number} | {shown}"),
        };
        let column = columns.map(|(column, _)| format!(":{column}")).unwrap_or_default();
        format!(
            "{file}:{line}{column}: {}[{}] {}\n{lines}\n  fix: {}\n  rule: {}\n",
            rule.severity.name(),
            rule.id,
            printable(&finding.reason),
            printable(&finding.fix),
            rule.page_url()
        )
    }

    fn json(&self) -> Value {
        let finding = |LocatedFinding { line, columns, finding }: &LocatedFinding| {
            json!({
                "line": line,
                "column": columns.map(|(column, _)| column),
                "endColumn": columns.map(|(_, end)| end),
                "severity": finding.rule.severity.name(),
                "rule": finding.rule.id,
                "reason": finding.reason,
                "fix": finding.fix,
                "page": finding.rule.page_url(),
            })
        };
        let note = |(line, column, text): &LocatedNote| json!({"line": line, "column": column, "text": text});
        json!({
            "file": self.path,
            "findings": self.findings.iter().map(finding).collect::<Vec<_>>(),
            "notes": self.notes.iter().map(note).collect::<Vec<_>>(),
        })
    }
}
