//! House rules as tests over the workspace: which crate may depend on what, which source may touch
//! the world, and how long a file may be.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

const PURE_CRATES: [&str; 6] = ["aws", "oidc", "sts", "trust-policy", "policy-source", "export"];
const PRODUCT_CRATES: [&str; 7] = ["aws", "oidc", "sts", "trust-policy", "policy-source", "export", "cli"];
const DEVELOPMENT_CRATES: [&str; 3] = ["testkit", "local-sts", "orb-runner"];

/// Crates that reach the network, the process or the terminal.
const WORLDLY_CRATES: [&str; 5] = ["reqwest", "rustls", "tokio", "rustix", "clap"];
/// Items of the standard library that read or change the world.
const WORLDLY_MODULES: [&str; 3] = ["env", "fs", "net"];
const CLOCKS: [&str; 2] = ["SystemTime::now", "Instant::now"];

const LONGEST_FILE: usize = 300;

#[test]
fn a_pure_crate_depends_on_nothing_that_touches_the_world() {
    for package in packages().iter().filter(|package| named(package, &PURE_CRATES)) {
        for (dependency, _) in dependencies(package) {
            assert!(!WORLDLY_CRATES.contains(&dependency), "{} depends on {dependency}", directory(package));
        }
    }
}

#[test]
fn the_product_does_not_depend_on_development_crates() {
    for package in packages().iter().filter(|package| named(package, &PRODUCT_CRATES)) {
        for (dependency, kind) in dependencies(package) {
            let outside_tests = kind != "dev";
            assert!(
                !(outside_tests && DEVELOPMENT_CRATES.contains(&dependency)),
                "{} depends on {dependency}",
                directory(package)
            );
        }
    }
}

#[test]
fn every_crate_of_the_lists_exists() {
    let packages = packages();
    for name in PRODUCT_CRATES.iter().chain(&DEVELOPMENT_CRATES) {
        assert!(packages.iter().any(|package| named(package, &[name])), "no crate in crates/{name}");
    }
}

#[test]
fn a_pure_crate_names_nothing_that_touches_the_world() {
    let mut faults = Vec::new();
    for name in PURE_CRATES {
        for file in rust_files(&crates().join(name).join("src")) {
            let code = without_comments(&fs::read_to_string(&file).unwrap());
            faults
                .extend(worldly_names(&code).into_iter().map(|found| format!("{}: {found}", file.display())));
        }
    }
    assert!(faults.is_empty(), "address types without sockets are in `core::net`: {faults:#?}");
}

#[test]
fn the_search_sees_through_imports_and_skips_comments() {
    let cases: [(&str, &[&str]); 7] = [
        ("let a = std::env::var(\"A\");", &["std::env"]),
        ("use std::{fmt, fs, io::Read};", &["std::fs"]),
        ("use std::{\n    collections::{BTreeMap, HashMap},\n    net::IpAddr,\n};", &["std::net"]),
        ("let t = SystemTime::now();", &["SystemTime::now"]),
        ("/// never reads std::env\nlet a = 1; // nor std::fs", &[]),
        ("use std::{fmt, io::{self, net_like}}; mod environment;", &[]),
        ("fn f(environment: &crate::std::envelope) {}", &[]),
    ];
    for (code, expected) in cases {
        assert_eq!(worldly_names(&without_comments(code)), expected, "{code}");
    }
}

#[test]
fn a_file_is_one_idea() {
    let long: Vec<String> = all_rust_files()
        .iter()
        .map(|file| (file, fs::read_to_string(file).unwrap().lines().count()))
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .map(|(file, lines)| format!("{}: {lines} lines", file.display()))
        .collect();
    assert!(long.is_empty(), "longer than {LONGEST_FILE} lines: {long:#?}");
}

#[test]
fn a_file_says_what_lives_in_it() {
    let silent: Vec<PathBuf> = all_rust_files()
        .into_iter()
        .filter(|file| !fs::read_to_string(file).unwrap().starts_with("//! "))
        .collect();
    assert!(silent.is_empty(), "no `//!` on top: {silent:#?}");
}

/// Everything forbidden that the code names, once each.
fn worldly_names(code: &str) -> Vec<String> {
    let dense: String = code.split_whitespace().collect();
    let mut found: Vec<String> = WORLDLY_MODULES
        .iter()
        .filter(|module| names_path(&dense, &format!("std::{module}")) || imports(&dense, module))
        .map(|module| format!("std::{module}"))
        .collect();
    found.extend(CLOCKS.iter().filter(|clock| dense.contains(**clock)).map(|&clock| clock.to_owned()));
    found
}

/// `std::env` counts, `std::envelope` doesn't.
fn names_path(dense: &str, path: &str) -> bool {
    dense.match_indices(path).any(|(at, _)| {
        !dense[at + path.len()..].starts_with(|next: char| next.is_alphanumeric() || next == '_')
    })
}

/// Whether a `std::{…}` list has `module` or something of it at its first level.
fn imports(dense: &str, module: &str) -> bool {
    dense.match_indices("std::{").any(|(at, opening)| {
        let mut depth = 0;
        let mut item = String::new();
        for character in dense[at + opening.len()..].chars() {
            match character {
                '}' if depth == 0 => break,
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    if item.split("::").next() == Some(module) {
                        return true;
                    }
                    item.clear();
                    continue;
                }
                _ => {}
            }
            item.push(character);
        }
        item.split("::").next() == Some(module)
    })
}

/// rustfmt puts every comment at the start of a line or after a space.
fn without_comments(source: &str) -> String {
    source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .map(|line| line.split(" //").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn all_rust_files() -> Vec<PathBuf> {
    let files = rust_files(&crates());
    assert!(files.len() > PRODUCT_CRATES.len(), "the search for sources found {files:?} only");
    files
}

fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name() != Some("target".as_ref()) {
            files.extend(rust_files(&path));
        } else if path.extension() == Some("rs".as_ref()) {
            files.push(path);
        }
    }
    files
}

/// The workspace's packages as cargo reads their manifests, so that no form of a dependency is missed.
pub(super) fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(crates())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    serde_json::from_value(metadata["packages"].take()).unwrap()
}

fn dependencies(package: &Value) -> Vec<(&str, &str)> {
    let list = package["dependencies"].as_array().unwrap();
    list.iter().map(|one| (one["name"].as_str().unwrap(), one["kind"].as_str().unwrap_or("normal"))).collect()
}

fn named(package: &Value, directories: &[&str]) -> bool {
    directories.contains(&directory(package).as_str())
}

/// The crate's directory: the package in `cli` has the product's name.
pub(super) fn directory(package: &Value) -> String {
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    manifest.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned()
}
