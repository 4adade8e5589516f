//! Every citation of a fact sheet, in every tracked file, names a sheet and a section that exist (docs/facts/README.md).

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const SHEETS: &str = "docs/facts";
/// Beside the sheets, and none of them.
const GUIDE: &str = "README.md";

/// The sections of each sheet, in the order in which they stand: `1`, `1.3`, `1a`, and `0.6` for an item of a list.
type Sections = BTreeMap<String, Vec<String>>;

#[test]
fn every_citation_resolves() {
    let sections = sections();
    let mut citations = 0;
    let mut faults = Vec::new();
    for (path, text) in tracked_texts() {
        for citation in citations_of(&text, path.starts_with(SHEETS)) {
            citations += 1;
            if let Err(reason) = resolve(&citation, &sections) {
                let line = text[..citation.at].matches('\n').count() + 1;
                faults.push(format!("{}:{line}: {}: {reason}", path.display(), citation.words()));
            }
        }
    }
    println!("{citations} citations, {} do not resolve", faults.len());
    assert!(citations > 300, "the search found {citations} citations only");
    assert!(faults.is_empty(), "{} citations do not resolve:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn no_section_of_a_sheet_stands_twice() {
    let sections = sections();
    assert!(sections.len() >= 5, "sheets: {:?}", sections.keys());
    for (sheet, mut numbers) in sections {
        assert!(!numbers.is_empty(), "{sheet} has no section");
        let all = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), all, "{sheet} has a number twice");
    }
}

#[test]
fn a_citation_is_read_in_all_its_forms() {
    let cases: [(&str, &[&str]); 12] = [
        ("aws.md 2.5)", &["2.5"]),
        ("aws.md 7.", &["7"]),
        ("aws.md 10.2\", \"token\": 1", &["10.2"]),
        ("aws.md 2.1: 16 to 128", &["2.1"]),
        ("aws.md 3.1 (AWS's own file)", &["3.1"]),
        ("aws.md 6.2), 15 minutes", &["6.2"]),
        ("aws.md 2.3, 2.6, 10.1)", &["2.3", "2.6", "10.1"]),
        ("aws.md 7 and 8.1). Nothing", &["7", "8.1"]),
        ("aws.md 1.4, 2.3 to 2.6 and 4.", &["1.4", "2.3", "to 2.6", "4"]),
        ("aws.md 2.6,\n//! 10.3)", &["2.6", "10.3"]),
        ("aws.md\n    # 2.6 says", &["2.6"]),
        ("aws.md section 2 says", &["2"]),
    ];
    for (words, expected) in cases {
        let text = citing(words);
        let [citation] = citations_of(&text, false).try_into().unwrap();
        assert_eq!(citation.sections, expected, "{words}");
    }
}

#[test]
fn a_name_that_only_ends_like_a_citation_is_none() {
    for text in ["artifacts/aws.md 1", "facts/{sheet}.md 1", "facts/… 1", "facts/README.md", "aws.md 99"] {
        assert!(citations_of(text, false).is_empty(), "{text}");
    }
    assert_eq!(
        citations_of("aws.md 99 and not_aws.md 1", true).len(),
        1,
        "a sheet cites another by its name"
    );
}

#[test]
fn a_citation_that_names_nothing_is_a_fault() {
    let cases = [
        ("aws.md 2.5)", None),
        ("aws.md 0.2", None),
        ("peers.md 1a", None),
        ("aws.md 99.1)", Some("no section 99.1 in aws.md")),
        ("aws.md 2.5, 2.50", Some("no section 2.50 in aws.md")),
        ("aws.md 2.5/10.1", Some("`2.5/10.1` is not a section")),
        ("aws.md 0.3", Some("no section 0.3 in aws.md")),
        ("aws.md 10.1 to 2.5", Some("10.1 does not come before 2.5")),
        ("aws.md 2.5 to 99", Some("no section 99 in aws.md")),
        ("aws.md is silent", Some("no section is named")),
        ("gcp.md 1", Some("no sheet gcp.md")),
        ("peers.md 1b", Some("no section 1b in peers.md")),
    ];
    let aws = "# Sheet\n## 0. Tags\n1. one\n2. two\n## 2. Errors\n### 2.5 Token\n### 10.1 Statement\n";
    let sheets = [("aws.md", aws), ("peers.md", "### 1a. Peers\n")];
    let sections = sheets.map(|(name, text)| (name.to_owned(), sections_of(text))).into();
    for (words, expected) in cases {
        let text = citing(words);
        let [citation] = citations_of(&text, false).try_into().unwrap();
        assert_eq!(resolve(&citation, &sections).err().as_deref(), expected, "{words}");
    }
}

/// In two pieces, or the search would find these in this file.
fn citing(words: &str) -> String {
    format!("(facts/{words}")
}

#[derive(Debug)]
struct Citation {
    at: usize,
    sheet: String,
    /// As they are written; the end of a range begins with `to `.
    sections: Vec<String>,
}

impl Citation {
    fn words(&self) -> String {
        format!("{} {}", self.sheet, self.sections.join(", "))
    }
}

fn resolve(citation: &Citation, sections: &Sections) -> Result<(), String> {
    let sheet = &citation.sheet;
    let known = sections.get(sheet).ok_or_else(|| format!("no sheet {sheet}"))?;
    if citation.sections.is_empty() {
        return Err("no section is named".to_owned());
    }
    let mut previous: Option<usize> = None;
    for section in &citation.sections {
        let number = section.strip_prefix("to ").unwrap_or(section);
        if !is_number(number) {
            return Err(format!("`{number}` is not a section"));
        }
        let place = known.iter().position(|one| one == number);
        let place = place.ok_or_else(|| format!("no section {number} in {sheet}"))?;
        if let Some(first) = previous.filter(|first| section.starts_with("to ") && *first >= place) {
            return Err(format!("{} does not come before {number}", known[first]));
        }
        previous = Some(place);
    }
    Ok(())
}

/// Everywhere a sheet is cited as `facts/<sheet>.md`; among sheets, its bare name with a section is enough.
fn citations_of(text: &str, among_sheets: bool) -> Vec<Citation> {
    let mut citations = Vec::new();
    for (end, suffix) in text.match_indices(".md") {
        let stem = text[..end].trim_end_matches(|one: char| one.is_ascii_alphanumeric() || one == '-');
        let folder = stem.strip_suffix("facts/").map(|before| before.chars().next_back());
        let by_path = folder.is_some_and(|before| !before.is_some_and(char::is_alphanumeric));
        let by_name = among_sheets && !stem.ends_with(['/', '_', '.']);
        if stem.len() == end || !(by_path || by_name) {
            continue;
        }
        let (sheet, rest) = text[stem.len()..].split_at(end + suffix.len() - stem.len());
        let sections = leading_sections(rest);
        if sheet != GUIDE && (by_path || !sections.is_empty()) {
            citations.push(Citation { at: stem.len(), sheet: sheet.to_owned(), sections });
        }
    }
    citations
}

/// The list of sections with which a text begins, over the ends of comment lines too.
fn leading_sections(text: &str) -> Vec<String> {
    let mut sections = Vec::new();
    let mut range = "";
    if !text.starts_with(char::is_whitespace) {
        return sections;
    }
    let mut words =
        text.split_whitespace().filter(|word| !["//", "///", "//!", "#", "*"].contains(word)).peekable();
    words.next_if(|word| ["section", "sections"].contains(word));
    while let Some(word) = words.next_if(|word| word.starts_with(|first: char| first.is_ascii_digit())) {
        let number = word.trim_end_matches(|last: char| !last.is_ascii_alphanumeric());
        // What follows a quote, a bracket or a colon belongs to no list.
        let number = number.split(['"', ')', ':', ';', '`']).next().unwrap_or(number);
        sections.push(format!("{range}{number}"));
        range = "";
        match &word[number.len()..] {
            "," => {
                words.next_if_eq(&"and");
            }
            "" if words.next_if_eq(&"and").is_some() => {}
            "" if words.next_if_eq(&"to").is_some() => range = "to ",
            _ => break,
        }
    }
    sections
}

/// `1`, `1.3` or `1a`.
fn is_number(text: &str) -> bool {
    let digits = text.strip_suffix(|last: char| last.is_ascii_lowercase()).unwrap_or(text);
    digits.split('.').all(|part| !part.is_empty() && part.chars().all(|one| one.is_ascii_digit()))
}

fn sections() -> Sections {
    let sheets = fs::read_dir(root().join(SHEETS)).unwrap().map(|entry| entry.unwrap());
    let named = sheets.map(|sheet| (sheet.file_name().into_string().unwrap(), sheet.path()));
    let without_the_guide = named.filter(|(name, _)| name != GUIDE);
    without_the_guide.map(|(name, path)| (name, sections_of(&fs::read_to_string(path).unwrap()))).collect()
}

/// The numbers of headings, and of the items of lists below them.
fn sections_of(sheet: &str) -> Vec<String> {
    let mut sections = Vec::new();
    let mut heading = String::new();
    let mut fenced = false;
    for line in sheet.lines() {
        fenced ^= line.starts_with("```");
        let first = |text: &str| text.split(' ').next().unwrap_or_default().to_owned();
        if fenced {
        } else if let Some(title) = line.strip_prefix('#') {
            let number = first(title.trim_start_matches('#').trim_start());
            heading = number.trim_end_matches('.').to_owned();
            if is_number(&heading) {
                sections.push(heading.clone());
            }
        } else if let Some(item) = first(line).strip_suffix('.').filter(|item| is_number(item)) {
            sections.push(format!("{heading}.{item}"));
        }
    }
    sections
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

/// The tracked files that are UTF-8, by their path below the root.
fn tracked_texts() -> Vec<(PathBuf, String)> {
    let output = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let paths = String::from_utf8(output.stdout).unwrap();
    let paths = paths.split_terminator('\0').map(PathBuf::from);
    paths.filter_map(|path| Some((path.clone(), fs::read_to_string(root().join(path)).ok()?))).collect()
}
