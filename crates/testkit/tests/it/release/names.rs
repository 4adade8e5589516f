//! The namespace and the repository are each defined in one place, and everything that a user copies agrees with it.

use std::fs;
use std::path::{Path, PathBuf};

use super::{namespace, read_yaml, root, values_of};

const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");
/// The orb with the version that users pin.
const ORB: &str = concat!("aws-oidc@", env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));

/// Files with names that cannot be computed: configuration, documents, scripts.
const EXTENSIONS: [&str; 4] = ["md", "sh", "toml", "yml"];
const NOT_OURS: [&str; 3] = [".git", "dist", "target"];

#[test]
fn every_reference_to_the_orb_has_its_namespace_and_release() {
    let expected = format!("{}/{ORB}", namespace());
    let mut seen = 0;
    for (file, text) in texts() {
        for reference in references(&text) {
            assert_eq!(reference, expected, "{}", file.display());
            seen += 1;
        }
    }
    let examples = fs::read_dir(root().join("orb/src/examples")).unwrap().count();
    assert!(seen > examples, "{seen} references for {examples} examples and the documents");
}

#[test]
fn every_address_of_the_project_is_in_its_repository() {
    let (_, name) = REPOSITORY.rsplit_once('/').unwrap();
    let mut seen = 0;
    for (file, text) in texts() {
        for address in addresses(&text).into_iter().filter(|address| address.ends_with(&format!("/{name}"))) {
            assert_eq!(address, REPOSITORY, "{}", file.display());
            seen += 1;
        }
    }
    assert!(seen > 1, "only Cargo.toml was found");
}

#[test]
fn the_orb_points_to_the_repository_and_its_releases() {
    let orb = read_yaml(&root().join("orb/src/@orb.yml"));
    for key in ["home_url", "source_url"] {
        assert_eq!(values_of(key, &orb)[0].as_text(), Some(REPOSITORY), "{key}");
    }
    let mut seen = 0;
    for file in fs::read_dir(root().join("orb/src/commands")).unwrap() {
        let file = file.unwrap().path();
        if let Some(parameter) = read_yaml(&file).at(&["parameters", "download-base-url"]) {
            let default = parameter.at(&["default"]).and_then(|value| value.as_text());
            assert_eq!(default, Some(&*format!("{REPOSITORY}/releases/download")), "{}", file.display());
            seen += 1;
        }
    }
    assert!(seen > 0, "no command downloads");
}

#[test]
fn the_search_finds_references_and_addresses_inside_of_text() {
    let text = "- use `a-b/aws-oidc@1.2`, or c/aws-oidc@dev:x; not d/my-aws-oidc@1 (https://github.com/a-b/c-d/releases).";
    assert_eq!(references(text), ["a-b/aws-oidc@1.2", "c/aws-oidc@dev:x"]);
    assert_eq!(addresses(text), ["https://github.com/a-b/c-d"]);
}

/// Every `<namespace>/aws-oidc@<version>` in the text.
fn references(text: &str) -> Vec<String> {
    text.match_indices("/aws-oidc@")
        .map(|(at, separator)| {
            let (before, after) = (&text[..at], &text[at + separator.len()..]);
            let start = before.rfind(|c| !is_name(c)).map_or(0, |end| end + 1);
            let is_version = |c: char| is_name(c) || c == '.' || c == ':';
            let version = after.split(|c| !is_version(c)).next().unwrap_or_default();
            format!("{}{separator}{}", &before[start..], version.trim_end_matches(['.', ':']))
        })
        .filter(|reference| !reference.starts_with('/'))
        .collect()
}

/// `https://github.com/<owner>/<name>`, without what follows.
fn addresses(text: &str) -> Vec<String> {
    const HOST: &str = "https://github.com/";
    text.match_indices(HOST)
        .filter_map(|(at, _)| {
            let path = &text[at + HOST.len()..];
            let mut names =
                path.split('/').map(|part| part.split(|c| !is_name(c)).next().unwrap_or_default());
            Some(format!("{HOST}{}/{}", names.next()?, names.next()?))
        })
        .collect()
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

/// The files of the checkout that can hold a name, with their text.
fn texts() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    collect(&root(), &mut found);
    found
}

fn collect(directory: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let is_one_of = |part: Option<&std::ffi::OsStr>, names: &[&str]| {
            part.and_then(|part| part.to_str()).is_some_and(|part| names.contains(&part))
        };
        if path.is_dir() {
            if !is_one_of(path.file_name(), &NOT_OURS) {
                collect(&path, found);
            }
        } else if is_one_of(path.extension(), &EXTENSIONS) {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
}
