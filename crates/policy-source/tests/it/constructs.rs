//! Each way in which a file can hold a trust policy (`constructs/`), with the finding that it must have.
//!
//! A case begins with `### FILE | what it claims`. Then `> LINE RULE [POLICY]` is a finding that it has,
//! `! RULE [POLICY]` one that it does not have, `* LINE TEXT` a remark of the lint that contains this, `? LINE TEXT` a note that
//! begins so, `~ LINE [TEXT]` a part that was not read and whose note begins so, and `= 0` says that nothing is found and
//! nothing unread. Lines count from the one after them.

use std::{collections::BTreeSet, fs, path::Path};

use policy_source::{Note, PolicyText, Source, read};
use trust_policy::lint::lint;

/// A case's name, what it must have, and its text.
fn cases() -> Vec<(String, Vec<String>, String)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("constructs");
    let mut cases = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let file = fs::read_to_string(entry.unwrap().path()).unwrap();
        for case in file.split("### ").skip(1) {
            let (head, rest) = case.split_once('\n').unwrap();
            let is_claim =
                |line: &&str| matches!(line.get(..2), Some("> " | "! " | "* " | "? " | "~ " | "= "));
            let claims: Vec<String> = rest.lines().take_while(is_claim).map(str::to_owned).collect();
            let text: String = rest.split_inclusive('\n').skip(claims.len()).collect();
            cases.push((head.to_owned(), claims, text));
        }
    }
    cases
}

/// `LINE RULE` and `LINE RULE POLICY` of every finding.
fn findings(source: &Source) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for policy in &source.policies {
        for finding in lint(&policy.policy).findings {
            let found = format!("{} {}", policy.line_of(&finding.location), finding.rule.id);
            all.extend([format!("{found} {}", policy.name.as_deref().unwrap_or("-")), found]);
        }
    }
    all
}

/// Whether the lint remarks on a line with this text.
fn is_remarked(source: &Source, claim: &str) -> bool {
    let (line, text) = claim.split_once(' ').unwrap();
    let has = |policy: &PolicyText| {
        let remarks = lint(&policy.policy).remarks;
        remarks
            .iter()
            .any(|remark| policy.line_of(&remark.location).to_string() == line && remark.text.contains(text))
    };
    source.policies.iter().any(has)
}

/// Whether a note's line, or its line and the start of its text, are these.
fn begins(notes: &[Note], claim: &str) -> bool {
    let whole = |note: &Note| format!("{} {}", note.line, note.text);
    notes.iter().any(|note| note.line.to_string() == claim || whole(note).starts_with(claim))
}

fn holds(claim: &str, source: &Source) -> bool {
    let findings = findings(source);
    let (kind, rest) = claim.split_at(2);
    match kind {
        "> " => findings.contains(rest),
        "! " => {
            !findings.iter().any(|finding| finding.split_once(' ').is_some_and(|(_, found)| found == rest))
        }
        "* " => is_remarked(source, rest),
        "? " => begins(&source.notes, rest),
        "~ " => begins(&source.unread, rest),
        _ => findings.is_empty() && source.unread.is_empty(),
    }
}

#[test]
fn every_construct_has_its_finding() {
    let cases = cases();
    let mut wrong = String::new();
    for (head, claims, text) in &cases {
        let name = head.split(' ').next().unwrap();
        assert!(!claims.is_empty(), "{head} claims nothing");
        let source = match read(name, text) {
            Ok(source) => source,
            Err(error) => {
                wrong.push_str(&format!("{head}: {error}\n"));
                continue;
            }
        };
        for claim in claims.iter().filter(|claim| !holds(claim, &source)) {
            let notes: Vec<_> = source.notes.iter().chain(&source.unread).collect();
            wrong.push_str(&format!("{head}: not `{claim}`: {:?}, {notes:?}\n", findings(&source)));
        }
        let is_unread = claims.iter().any(|claim| claim.starts_with("~ "));
        if !is_unread && !source.unread.is_empty() {
            wrong.push_str(&format!("{head}: unread: {:?}\n", source.unread));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(cases.len() >= 163, "{} cases", cases.len());
}
