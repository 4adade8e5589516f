//! Files like those that teams have (`cases/`), each with the reader's and the lint's output in `NAME.expected`:
//! every policy, finding, remark, note and part that was not read, with its line.

use std::{
    fs,
    path::{Path, PathBuf},
};

use policy_source::{Source, read};
use trust_policy::lint::lint;

fn cases() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|extension| extension != "expected")).collect();
    files.sort();
    files
}

fn expected(case: &Path) -> String {
    let path = PathBuf::from(format!("{}.expected", case.display()));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The output for a file, one line for each policy, finding, remark and note.
fn output(case: &Path) -> String {
    let text = fs::read_to_string(case).unwrap();
    match read(case.file_name().unwrap().to_str().unwrap(), &text) {
        Ok(source) => lines(&source),
        Err(error) => format!("error: {error}\n"),
    }
}

fn lines(source: &Source) -> String {
    let mut lines = Vec::new();
    for policy in &source.policies {
        lines.push(format!("{}: policy {}", policy.line, policy.name.as_deref().unwrap_or("-")));
        let report = lint(&policy.policy);
        for finding in &report.findings {
            lines.push(format!("{}:   {}", policy.line_of(&finding.location), finding.rule.id));
        }
        for remark in &report.remarks {
            lines.push(format!("{}:   remark: {}", policy.line_of(&remark.location), remark.text));
        }
    }
    lines.extend(source.notes.iter().map(|note| format!("{}: note: {}", note.line, note.text)));
    lines.extend(source.unread.iter().map(|note| format!("{}: unread: {}", note.line, note.text)));
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[test]
fn every_file_is_read_as_expected() {
    let cases = cases();
    assert!(!cases.is_empty());
    for case in cases {
        assert_eq!(output(&case), expected(&case), "{}", case.display());
    }
}

#[test]
fn a_file_that_no_name_tells_apart_is_known_by_its_text() {
    for case in cases() {
        let text = fs::read_to_string(&case).unwrap();
        let by_name = read(case.file_name().unwrap().to_str().unwrap(), &text);
        if let (Ok(named), Ok(unnamed)) = (by_name, read("-", &text)) {
            assert_eq!(named, unnamed, "{}", case.display());
        }
    }
}
