//! `trust lint`: checks every trust policy of every file against rules. A file that can't be read does not stop the
//! others.

use std::path::{Path, PathBuf};

use policy_source::Source;
use trust_policy::lint::{LocatedFinding, Notification, lint, sarif};

use crate::failure::Failure;
use crate::io::files::user_path;
use crate::report::{self, Report, printable};
use crate::settings::{Inputs, invalid, table};
use crate::trust::trust_file;

/// Prints the findings. A file that can't be read decides the exit code, whatever was found in the others.
pub(crate) fn run(inputs: Inputs<'_>, report: &Report) -> Result<(), Failure> {
    let words = [("text", Format::Text), ("sarif", Format::Sarif)];
    let format = inputs
        .checked()
        .and_then(|inputs| inputs.one_of(&table::FORMAT, &words))
        .map_err(|error| Failure::from(&error))?
        .unwrap_or(Format::Text);
    let mut linted = Vec::new();
    let mut unchecked = Unchecked::default();
    let mut unreadable = None;
    for path in &inputs.flags.files {
        match resolved(path, inputs).and_then(|path| of_file(&path, &mut unchecked, report)) {
            Ok(findings) => linted.push((path.to_string_lossy().into_owned(), findings)),
            Err(failure) => {
                unchecked.notifications.push(Notification {
                    file: path.to_string_lossy().into_owned(),
                    line: None,
                    text: printable(&failure.in_one_line()),
                    is_error: true,
                });
                if let Some(earlier) = unreadable.replace(failure) {
                    earlier.print(report);
                }
            }
        }
    }
    let count: usize = linted.iter().map(|(_, findings)| findings.len()).sum();
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
    fn add(&mut self, path: &Path, source: &Source) {
        self.unread += source.unread.len();
        let notes = source.notes.iter().chain(&source.unread);
        self.notifications.extend(notes.map(|note| Notification {
            file: path.to_string_lossy().into_owned(),
            line: Some(note.line),
            text: note.text.clone(),
            is_error: false,
        }));
    }
}

fn of_file(path: &Path, unchecked: &mut Unchecked, report: &Report) -> Result<Vec<LocatedFinding>, Failure> {
    let source = trust_file::read_all(path).map_err(|error| Failure::of_trust_file(&error))?;
    let shown = printable(&path.to_string_lossy());
    if source.policies.is_empty() && source.notes.is_empty() && source.unread.is_empty() {
        report.note(&format!("{shown}: no trust policy in this file"));
    }
    unchecked.add(path, &source);
    let mut remarks: Vec<(usize, String)> = Vec::new();
    remarks.extend(source.notes.into_iter().chain(source.unread).map(|note| (note.line, note.text)));
    let mut findings = Vec::new();
    for policy in &source.policies {
        let linted = lint(&policy.policy);
        remarks
            .extend(linted.remarks.into_iter().map(|remark| (policy.line_of(&remark.location), remark.text)));
        let located = |finding: trust_policy::lint::Finding| LocatedFinding {
            line: policy.line_of(&finding.location),
            finding,
        };
        findings.extend(linted.findings.into_iter().map(located));
    }
    // Instances and forms of one policy share their lines, and mostly what is said of them.
    drop_repeated(&mut findings);
    drop_repeated(&mut remarks);
    for (line, text) in remarks {
        report.note(&format!("{shown}:{line}: {}", printable(&text)));
    }
    Ok(findings)
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
    Sarif,
}

impl Format {
    fn render(self, linted: &[(String, Vec<LocatedFinding>)], unchecked: &[Notification]) -> String {
        match self {
            Self::Sarif => sarif(linted, unchecked) + "\n",
            Self::Text => {
                let of_file = |(file, findings): &(String, Vec<LocatedFinding>)| -> String {
                    findings.iter().map(|located| text(file, located)).collect()
                };
                linted.iter().map(of_file).collect()
            }
        }
    }
}

fn text(file: &str, LocatedFinding { line, finding }: &LocatedFinding) -> String {
    let (file, rule) = (printable(file), finding.rule);
    format!(
        "{file}:{line}: {}[{}] {}\n  fix: {}\n",
        rule.severity.name(),
        rule.id,
        printable(&finding.reason),
        printable(&finding.fix)
    )
}
