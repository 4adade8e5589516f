//! Files that may hold trust policies, and what the lint finds: every line number is one of the file's, every text is
//! printable, and an empty first line moves everything by one.
//!
//! The first line of an input is the file's name, by which its language is known.

#![no_main]

use fuzz::is_printable;
use libfuzzer_sys::fuzz_target;
use policy_source::{Source, read};
use trust_policy::lint::{HOLE, LocatedFinding, lint, sarif};

fuzz_target!(|input: &str| {
    let (name, text) = input.split_once('\n').unwrap_or(("", input));
    let source = match read(name, text) {
        Ok(source) => source,
        Err(error) => {
            assert!(is_printable(&error.to_string()), "{error:?} breaks its line");
            return;
        }
    };
    let said = said(&source);
    // In YAML a carriage return alone, and Unicode's next line, also end a line.
    let last = text.split(['\n', '\r', '\u{85}']).count();
    for (line, text) in &said {
        assert!((1..=last + 1).contains(line), "line {line} of {last}: {text}");
        assert!(is_printable(text) && !text.contains(HOLE), "{text:?} can't be shown");
    }

    // A YAML directive and a byte order mark must come first.
    if !text.starts_with(['%', '\u{FEFF}']) {
        let lower = read(name, &format!("\n{text}")).expect("an empty line broke it");
        let moved: Vec<(usize, String)> = said.into_iter().map(|(line, text)| (line + 1, text)).collect();
        assert_eq!(self::said(&lower), moved);
    }

    let located = source.policies.iter().enumerate().flat_map(|(index, policy)| {
        let findings = lint(&policy.policy).findings.into_iter();
        let source = &source;
        findings.map(move |finding| {
            let (span, line) =
                (source.span_of(index, &finding.location, text), policy.line_of(&finding.location));
            assert!(
                span.is_none_or(|span| span.line == line && span.column < span.end),
                "{span:?} in line {line}"
            );
            LocatedFinding { line, columns: span.map(|span| (span.column, span.end)), finding }
        })
    });
    let log = sarif(&[(name.to_owned(), located.collect())], &[]);
    serde_json::from_str::<serde_json::Value>(&log).expect("SARIF is JSON");
});

/// Everything that a user would read about a file, with its lines.
fn said(source: &Source) -> Vec<(usize, String)> {
    let mut said: Vec<(usize, String)> =
        source.notes.iter().chain(&source.unread).map(|note| (note.line, note.text.clone())).collect();
    for policy in &source.policies {
        let report = lint(&policy.policy);
        for finding in report.findings {
            said.push((policy.line_of(&finding.location), format!("{}: {}", finding.reason, finding.fix)));
        }
        for remark in report.remarks {
            said.push((policy.line_of(&remark.location), remark.text));
        }
    }
    said
}
