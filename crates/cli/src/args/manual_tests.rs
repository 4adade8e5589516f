//! Every command line of this program in README.md and docs/ is one that clap accepts: no flag, command or value list of
//! an earlier version stays in the manual. Many of the blocks are also run: docs/examples.md.

use std::ffi::OsString;
use std::fs;

use testkit::manual::{blocks, root};

use super::parse;

const NAME: &str = "circleci-aws-oidc";

#[test]
fn every_command_line_of_the_manual_is_accepted() {
    let mut pages = vec![root().join("README.md")];
    pages.extend(fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path()));
    let mut seen = 0;
    for page in pages.iter().filter(|page| page.extension().is_some_and(|extension| extension == "md")) {
        let text = fs::read_to_string(page).unwrap();
        for block in blocks(&text) {
            for words in command_lines(block.text) {
                seen += 1;
                let line: Vec<OsString> = words.iter().map(OsString::from).collect();
                assert!(parse(&line).is_ok(), "{}: {}", page.display(), words.join(" "));
            }
        }
    }
    assert!(seen > 15, "only {seen} command lines were found");
}

#[test]
fn a_command_line_is_found_with_its_words() {
    let text = "- run: circleci-aws-oidc assume --to \"dotenv:$file\" >x 2>&1\n\
        command: circleci-aws-oidc serve \\\n  --role-arn a | cat\nx/circleci-aws-oidc --url\n\
        circleci-aws-oidc trust lint a.tf && circleci-aws-oidc clear # circleci-aws-oidc now\n";
    let expected: [&[&str]; 4] = [
        &[NAME, "assume", "--to", "dotenv:$file"],
        &[NAME, "serve", "--role-arn", "a"],
        &[NAME, "trust", "lint", "a.tf"],
        &[NAME, "clear"],
    ];
    assert_eq!(command_lines(text), expected);
}

#[test]
fn a_flag_that_does_not_exist_is_refused() {
    assert!(parse(&[NAME, "assume", "--role", "a"].map(OsString::from)).is_err());
}

/// The command lines in a text of shell or YAML, each up to the end of its command.
fn command_lines(text: &str) -> Vec<Vec<String>> {
    let joined = text.replace("\\\n", " ");
    let of_line = |line: &str| {
        let mut found = Vec::new();
        let mut current: Option<Vec<String>> = None;
        let code = line.split(" #").next().unwrap_or_default();
        for word in code.split_whitespace() {
            let ends = word.starts_with(['|', '&', ';', '>']) || word.starts_with("2>");
            if word == NAME || ends {
                found.extend(current.take());
            }
            if word == NAME {
                current = Some(Vec::new());
            }
            if let Some(words) = current.as_mut() {
                words.push(word.trim_matches(['"', '\'', ')', ';']).to_owned());
            }
        }
        found.extend(current);
        found.into_iter().filter(|words| words.len() > 1).collect::<Vec<_>>()
    };
    joined.lines().flat_map(of_line).collect()
}
