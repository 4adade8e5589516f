//! `trust lint`: checks every trust policy of every file against rules. A file that can't be read does not stop the
//! others.

use std::path::{Path, PathBuf};

use trust_policy::lint::{LocatedFinding, lint, sarif};

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
    let mut unreadable = None;
    for path in &inputs.flags.files {
        match resolved(path, inputs).and_then(|path| of_file(&path, report)) {
            Ok(findings) => linted.push((path.to_string_lossy().into_owned(), findings)),
            Err(failure) => {
                if let Some(earlier) = unreadable.replace(failure) {
                    earlier.print(report);
                }
            }
        }
    }
    let count: usize = linted.iter().map(|(_, findings)| findings.len()).sum();
    report::print_data(&format.render(&linted)).map_err(|error| Failure::of_stdout(&error))?;
    match unreadable {
        Some(failure) => Err(failure),
        None if count > 0 => Err(Failure::of_lint(count)),
        None => Ok(()),
    }
}

fn resolved(path: &Path, inputs: Inputs<'_>) -> Result<PathBuf, Failure> {
    let Some(text) = path.to_str() else { return Ok(path.to_owned()) };
    user_path::resolve(text, inputs.environment).map_err(|flaw| Failure::from(&invalid("FILE", flaw)))
}

fn of_file(path: &Path, report: &Report) -> Result<Vec<LocatedFinding>, Failure> {
    let source = trust_file::read_all(path).map_err(|error| Failure::of_trust_file(&error))?;
    let shown = printable(&path.to_string_lossy());
    if source.policies.is_empty() && source.notes.is_empty() {
        report.note(&format!("{shown}: no trust policy in this file"));
    }
    let mut remarks: Vec<(usize, String)> = Vec::new();
    remarks.extend(source.notes.into_iter().map(|note| (note.line, note.text)));
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
    for (line, text) in remarks {
        report.note(&format!("{shown}:{line}: {}", printable(&text)));
    }
    Ok(findings)
}

#[derive(Clone, Copy)]
enum Format {
    Text,
    Sarif,
}

impl Format {
    fn render(self, linted: &[(String, Vec<LocatedFinding>)]) -> String {
        match self {
            Self::Sarif => sarif(linted) + "\n",
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
