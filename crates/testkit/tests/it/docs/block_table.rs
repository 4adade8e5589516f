//! Every fenced block of the manual has its row in docs/examples.md: the test that runs it, or why none does. A row names a
//! block by its page and its first line, and a test by its file and name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use testkit::manual::{blocks, root};

use super::manual;

const TABLE: &str = "docs/examples.md";
/// What begins a cell that says why a block is not run.
const NO: &str = "no: ";
/// Tests that read the blocks of all pages, and so name none.
const OF_ALL_PAGES: [&str; 2] =
    ["crates/testkit/tests/it/docs/configs.rs", "crates/cli/src/args/manual_tests.rs"];

/// A block by its page and its first line; the number counts those that begin with the same line.
type Key = (String, String, usize);

#[test]
fn every_block_of_the_manual_has_its_row() {
    let rows = rows(&super::read(Path::new(TABLE)));
    let named: BTreeSet<&Key> = rows.iter().map(|(key, _)| key).collect();
    assert_eq!(named.len(), rows.len(), "{TABLE} has two rows for one block");
    let present: BTreeSet<Key> =
        manual().into_iter().filter(|(page, _)| page != TABLE).flat_map(keys).collect();
    assert!(present.len() > 30, "the search found {} blocks only", present.len());
    let without: Vec<String> = present.iter().filter(|key| !named.contains(key)).map(row_of).collect();
    assert!(without.is_empty(), "{TABLE} has no row for:\n{}", without.join("\n"));
    let gone: Vec<&&Key> = named.iter().filter(|key| !present.contains(**key)).collect();
    assert!(gone.is_empty(), "{TABLE} has rows for blocks that are gone: {gone:#?}");
}

#[test]
fn every_row_names_tests_that_exist_and_read_the_page_or_a_reason() {
    let faults: Vec<String> = rows(&super::read(Path::new(TABLE)))
        .into_iter()
        .filter_map(|((page, line, _), cell)| Some(format!("{page}, `{line}`: {}", fault_of(&page, &cell)?)))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_row_that_proves_nothing_is_a_fault() {
    let page = "docs/rehearsal.md";
    for (cell, fault) in [
        ("`scripts/end-to-end/rehearse.sh`", None),
        ("no: shown for its form", None),
        ("`crates/testkit/tests/it/docs/configs.rs` `every_config_of_the_manual_expands`", None),
        ("", Some("it names no test and does not begin with `no: `")),
        ("no: ", Some("it gives no reason")),
        ("`scripts/end-to-end/absent.sh`", Some("no file scripts/end-to-end/absent.sh")),
        (
            "`scripts/end-to-end/other-cis.sh`",
            Some("scripts/end-to-end/other-cis.sh does not name rehearsal.md"),
        ),
        (
            "`crates/testkit/tests/it/docs/configs.rs` `it_expands`",
            Some("crates/testkit/tests/it/docs/configs.rs has no `fn it_expands`"),
        ),
    ] {
        assert_eq!(fault_of(page, cell).as_deref(), fault, "{cell}");
    }
}

fn fault_of(page: &str, cell: &str) -> Option<String> {
    if let Some(reason) = cell.strip_prefix(NO) {
        return reason.trim().is_empty().then(|| "it gives no reason".to_owned());
    }
    let mut file: Option<(&str, String)> = None;
    for name in cell.split('`').skip(1).step_by(2) {
        if let Some((path, text)) = file.as_ref().filter(|_| !name.contains('/')) {
            if !text.contains(&format!("fn {name}(")) {
                return Some(format!("{path} has no `fn {name}`"));
            }
            continue;
        }
        let Ok(text) = std::fs::read_to_string(root().join(name)) else {
            return Some(format!("no file {name}"));
        };
        let short = Path::new(page).file_name().unwrap().to_str().unwrap();
        if !OF_ALL_PAGES.contains(&name) && !text.contains(short) {
            return Some(format!("{name} does not name {short}"));
        }
        file = Some((name, text));
    }
    file.is_none().then(|| "it names no test and does not begin with `no: `".to_owned())
}

fn keys((page, text): (String, String)) -> Vec<Key> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let first = |text: &str| text.lines().next().unwrap_or_default().trim().replace('|', "¦");
    let lines = blocks(&text).into_iter().map(|block| first(block.text)).collect::<Vec<_>>();
    let numbered = lines.into_iter().map(|line| {
        let number = seen.entry(line.clone()).or_default();
        *number += 1;
        (page.clone(), line, *number)
    });
    numbered.collect()
}

/// As the table has it.
fn row_of((page, line, number): &Key) -> String {
    let number = if *number == 1 { String::new() } else { format!(" ({number})") };
    format!("| {page} | `` {line} ``{number} | no: |")
}

fn rows(table: &str) -> Vec<(Key, String)> {
    let rows = table.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.strip_suffix(" |")?.splitn(3, " | ");
        let (page, block, cell) = (cells.next()?, cells.next()?, cells.next()?);
        let (line, number) = block.strip_prefix("`` ")?.rsplit_once(" ``")?;
        let number = number.trim().trim_start_matches('(').trim_end_matches(')');
        Some(((page.to_owned(), line.to_owned(), number.parse().unwrap_or(1)), cell.trim().to_owned()))
    });
    rows.collect()
}
