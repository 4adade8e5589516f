//! Each promise of SECURITY.md and docs/promises.md links its tests: files that have tests, and in them the test that the
//! link names. That each link leads to a file is tested with the links of all pages.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use testkit::manual::root;

use super::links::resolved;
use super::read;

const THREATS: &str = "SECURITY.md";
const PROMISES: &str = "docs/promises.md";

#[test]
fn each_threat_links_its_tests() {
    let page = read(Path::new(THREATS));
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(rows.len() > 25, "the table has {} rows", rows.len());
    let fault_of = |row: &&str| Some(format!("{row}: {}", fault_of_tests(last_cell(row)).err()?));
    let faults: Vec<String> = rows.iter().filter_map(fault_of).collect();
    assert!(faults.is_empty(), "{THREATS}:\n{}", faults.join("\n"));
}

#[test]
fn each_promise_links_all_files_with_a_test_of_its_number() {
    let page = read(Path::new(PROMISES));
    let promises: Vec<&str> =
        page.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_digit())).collect();
    assert!(promises.len() >= 6, "{promises:?}");
    for promise in promises {
        let (number, _) = promise.split_once(". ").unwrap();
        let (_, tests) = promise.split_once(" Tests: ").unwrap_or_default();
        let linked: BTreeSet<PathBuf> =
            inline_links(tests).into_iter().map(|(_, target)| resolved(PROMISES, &target)).collect();
        let name = format!("fn promise_{number}_");
        let with_tests: BTreeSet<PathBuf> = sources_below(&root().join("crates"))
            .filter(|(_, text)| text.contains(&name))
            .map(|(path, _)| path)
            .collect();
        assert!(!with_tests.is_empty(), "no test of promise {number}");
        assert_eq!(linked, with_tests, "{PROMISES}, promise {number}");
    }
}

#[test]
fn a_promise_without_a_test_is_a_fault() {
    for (cell, fault) in [
        ("[`promises`](crates/cli/tests/it/promises.rs)", None),
        ("[`promise_4_a_redirect_is_not_followed`](crates/cli/tests/it/promises.rs)", None),
        ("[`scripts/end-to-end/sudo.sh`](scripts/end-to-end/sudo.sh), as root", None),
        ("[`crates/fuzz`](crates/fuzz)", None),
        ("`promises`, every test", Some("no link to a test")),
        ("[the page](docs/promises.md)", Some("no link to a test")),
        ("[`promises`](crates/cli/src/main.rs)", Some("no test in crates/cli/src/main.rs")),
        ("[`promises`](crates/cli/tests/it/absent.rs)", Some("no test in crates/cli/tests/it/absent.rs")),
        (
            "[`crates/aws`](crates/cli/tests/it/values.rs)",
            Some("`crates/aws` is not in crates/cli/tests/it/values.rs"),
        ),
        (
            "[`promise_4_a_redirect_is`](crates/cli/tests/it/promises.rs)",
            Some("`promise_4_a_redirect_is` is not in crates/cli/tests/it/promises.rs"),
        ),
    ] {
        assert_eq!(fault_of_tests(cell).err().as_deref(), fault, "{cell}");
    }
}

fn last_cell(row: &str) -> &str {
    row.trim_end_matches(" |").rsplit(" | ").next().unwrap()
}

/// Whether these links lead to tests, and each is named as its test, its module or its path.
fn fault_of_tests(text: &str) -> Result<(), String> {
    let links = inline_links(text);
    let tests: Vec<_> = links.iter().filter(|(_, target)| !target.contains(".md")).collect();
    if tests.is_empty() {
        return Err("no link to a test".to_owned());
    }
    for (name, target) in tests {
        let path = root().join(target);
        let has_tests = match path.extension() {
            Some(extension) if extension == "sh" => path.exists(),
            _ => sources_below(&path)
                .any(|(_, text)| ["#[test]", "proptest!", "fuzz_target!"].iter().any(|it| text.contains(it))),
        };
        if !has_tests {
            return Err(format!("no test in {target}"));
        }
        let name = name.trim_matches('`');
        let is_module = target.trim_end_matches(".rs").ends_with(&format!("/{}", name.replace("::", "/")));
        let is_function = || sources_below(&path).any(|(_, text)| text.contains(&format!("fn {name}(")));
        if name != target && !is_module && !is_function() {
            return Err(format!("`{name}` is not in {target}"));
        }
    }
    Ok(())
}

/// Names and targets of the links in a line.
fn inline_links(text: &str) -> Vec<(String, String)> {
    let links = text.match_indices("](").filter_map(|(at, opening)| {
        let (_, name) = text[..at].rsplit_once('[')?;
        let (target, _) = text[at + opening.len()..].split_once(')')?;
        Some((name.to_owned(), target.to_owned()))
    });
    links.collect()
}

/// The Rust files of a directory, or the one that is given, below the root, with their text.
fn sources_below(path: &Path) -> Box<dyn Iterator<Item = (PathBuf, String)>> {
    let Ok(entries) = fs::read_dir(path) else {
        let file = path.strip_prefix(root()).unwrap().to_owned();
        return Box::new(fs::read_to_string(path).ok().map(|text| (file, text)).into_iter());
    };
    let is_source =
        |path: &PathBuf| path.is_dir() || path.extension().is_some_and(|extension| extension == "rs");
    let below = entries.map(|entry| entry.unwrap().path()).filter(is_source);
    Box::new(below.flat_map(|path| sources_below(&path)))
}
