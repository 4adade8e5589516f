//! What a release is made from cannot change behind its back, and no token is where other processes read it.
//!
//! Read as lines of text, because a comment, a script and a document of YAML have the same rule.

use std::fs;
use std::path::PathBuf;

use super::root;

/// The files that a release runs, and those that say with what.
fn sources() -> Vec<(PathBuf, String)> {
    let pipeline = fs::read_dir(root().join(".circleci")).unwrap().map(|entry| entry.unwrap().path());
    let scripts =
        ["build-static.sh", "pack-orb.sh", "release.sh"].map(|name| root().join("scripts").join(name));
    let files = pipeline.chain(scripts).chain([root().join("Cross.toml")]);
    files.map(|file| (file.clone(), fs::read_to_string(file).unwrap())).collect()
}

/// Every fault of a text, with its line.
fn faults(text: &str) -> Vec<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    code.filter_map(|line| fault(line).map(|fault| format!("{fault}: {}", line.trim()))).collect()
}

fn fault(line: &str) -> Option<&'static str> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match *words {
        ["image" | "-", .., "image:", image] | ["image:", image] | ["image", "=", image] => {
            return unpinned(image);
        }
        ["xcode:", version] if !is_version(version) => return Some("an Xcode of no exact version"),
        [_, orb] if orb.starts_with("circleci/") && orb.contains('@') => {
            return (!is_version(orb.split_once('@')?.1)).then_some("an orb of no exact version");
        }
        _ => {}
    }
    if let Some(at) = words.iter().position(|word| *word == "cargo") {
        let command = words.get(at + 1).copied().unwrap_or_default();
        let resolves = ["build", "fetch", "install", "metadata", "pkgid", "run", "test"].contains(&command);
        // build-static.sh has a function that adds the flag.
        if resolves && words[0] != "build" && !words.iter().any(|word| word.starts_with("--locked")) {
            return Some("cargo without --locked");
        }
        if command == "install" && !words.contains(&"--version") {
            return Some("a program of cargo without a version");
        }
    }
    if ["pip", "npm", "go"].iter().any(|tool| words.windows(2).any(|pair| pair == [*tool, "install"])) {
        return Some("a program of another registry");
    }
    let shows_token = |word: &&str| word.contains("TOKEN") && word.contains('$');
    let is_argument =
        words.iter().any(|word| word.starts_with("--token") || *word == "-H" || *word == "--header");
    (is_argument && words.iter().any(shows_token) && !line.contains("<(printf"))
        .then_some("a token on a command line")
}

/// Images of containers have a digest. CircleCI's machines have none; their dated tag is the most exact name.
fn unpinned(image: &str) -> Option<&'static str> {
    let image = image.trim_matches('"');
    let Some((name, digest)) = image.split_once("@sha256:") else {
        let (name, tag) = image.split_once(':')?;
        let is_machine = name.starts_with("ubuntu-") || name.starts_with("windows-server-");
        return (!is_machine || !is_version(tag)).then_some("an image without a digest or a date");
    };
    let is_digest = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    let names_its_version =
        name.rsplit_once(':').is_some_and(|(_, tag)| tag.starts_with(|c: char| c.is_ascii_digit()));
    (!is_digest || !names_its_version).then_some("an image without a whole digest or a version for people")
}

/// `1.2.3`, as a machine's image, an orb and Xcode have it.
fn is_version(text: &str) -> bool {
    text.split('.').count() == 3 && text.split('.').all(|part| part.parse::<u32>().is_ok())
}

#[test]
fn nothing_that_a_release_is_made_from_can_change() {
    let found: Vec<String> = sources()
        .iter()
        .flat_map(|(file, text)| faults(text).into_iter().map(|fault| format!("{}: {fault}", file.display())))
        .collect();
    assert!(found.is_empty(), "{found:#?}");
    let build = fs::read_to_string(root().join("scripts/build-static.sh")).unwrap();
    assert!(build.contains("\"$@\" --release --locked "), "the function `build` adds --locked");
}

#[test]
fn the_search_finds_what_can_change() {
    let digest = "a".repeat(64);
    let bad = [
        "      - image: cimg/base:current".to_owned(),
        "      - image: circleci/circleci-cli:latest".to_owned(),
        "      - image: alpine:3.20".to_owned(),
        "      image: ubuntu-2404:current".to_owned(),
        "      image: windows-server-2022-gui:edge".to_owned(),
        format!("      - image: alpine@sha256:{digest}"),
        format!("      - image: alpine:latest@sha256:{digest}"),
        format!("      - image: alpine:3.20@sha256:{}", &digest[1..]),
        "image = \"ghcr.io/cross-rs/aarch64-unknown-linux-musl:0.2.5\"".to_owned(),
        "      xcode: 26.6".to_owned(),
        "  orb-tools: circleci/orb-tools@12".to_owned(),
        "  orb-tools: circleci/orb-tools@volatile".to_owned(),
        "            cargo build --release -p circleci-aws-oidc".to_owned(),
        "            cargo install cross --locked".to_owned(),
        "            cargo install cross --version 0.2.5".to_owned(),
        "          command: pip install yamllint".to_owned(),
        "          command: circleci orb publish --token \"$CIRCLE_TOKEN\" orb.yml".to_owned(),
        "  curl --header \"Authorization: Bearer $GITHUB_TOKEN\" \"$api\"".to_owned(),
    ];
    for line in bad {
        assert_eq!(faults(&line).len(), 1, "{line}");
    }
    assert!(faults(&format!("      - image: alpine:3.20@sha256:{digest}\n# pip install x\n")).is_empty());
}

#[test]
fn cross_and_its_images_are_of_one_version() {
    let config = fs::read_to_string(root().join(".circleci/config.yml")).unwrap();
    let (_, command) = config.split_once("cargo install cross --version ").unwrap();
    let version = command.split(' ').next().unwrap();
    let images = fs::read_to_string(root().join("Cross.toml")).unwrap();
    for target in ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl"] {
        let image = format!("[target.{target}]\nimage = \"ghcr.io/cross-rs/{target}:{version}@sha256:");
        assert!(images.contains(&image), "{target}");
    }
    // A variable would replace what the file says.
    for (file, text) in sources() {
        assert!(!text.contains("CROSS_CONFIG") && !text.contains("_IMAGE"), "{}", file.display());
    }
}
