//! Every relative link and `#anchor` in the repository's Markdown leads to a file and a heading, offline. Addresses of
//! the web are not called.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use testkit::manual::root;

use super::pages;

const INDEX: &str = "docs/README.md";

#[test]
fn every_relative_link_leads_somewhere() {
    let pages: BTreeMap<String, String> = pages().into_iter().collect();
    let anchors: BTreeMap<&str, BTreeSet<String>> =
        pages.iter().map(|(name, text)| (name.as_str(), anchors_of(text))).collect();
    let mut checked = 0;
    let mut dead = Vec::new();
    for (name, text) in &pages {
        for (line, target) in links_of(text) {
            checked += 1;
            if let Err(reason) = follow(name, &target, &anchors) {
                dead.push(format!("{name}:{line}: {target}: {reason}"));
            }
        }
    }
    println!("{checked} links in {} pages", pages.len());
    assert!(checked > 150, "the search found {checked} links only");
    assert!(dead.is_empty(), "{} links are dead:\n{}", dead.len(), dead.join("\n"));
}

#[test]
fn the_index_leads_to_every_page() {
    let index = super::read(Path::new(INDEX));
    let targets: BTreeSet<PathBuf> = links_of(&index)
        .into_iter()
        .map(|(_, target)| resolved(INDEX, target.split('#').next().unwrap()))
        .collect();
    let missing: Vec<String> = pages()
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| Path::new(name).parent() == Some(Path::new("docs")) && name != INDEX)
        .filter(|name| !targets.contains(Path::new(name)))
        .collect();
    assert!(missing.is_empty(), "{INDEX} does not name: {missing:?}");
}

#[test]
fn no_text_is_hidden_as_a_tag() {
    let hidden: Vec<String> = pages()
        .iter()
        .flat_map(|(name, text)| {
            tags_of(text).into_iter().map(move |(line, tag)| format!("{name}:{line}: <{tag}>"))
        })
        .collect();
    assert!(hidden.is_empty(), "GitHub shows none of these; write them as code:\n{}", hidden.join("\n"));
    let page = "a<br>b <a id=\"x\"></a> `<os>` 1 < 2 <!-- c -->\n<os> and https://h/<version>\n";
    assert_eq!(tags_of(page), [(2, "os".to_owned()), (2, "version".to_owned())]);
}

/// What looks like a tag of HTML, and is none that these pages need.
fn tags_of(page: &str) -> Vec<(usize, String)> {
    let mut tags = Vec::new();
    for (line, text) in prose(page) {
        let text = without_code(text).replace("\\<", "");
        for (at, _) in text.match_indices('<') {
            let tag = text[at + 1..].split('>').next().unwrap_or_default();
            let is_tag =
                tag.starts_with(|first: char| first.is_ascii_alphabetic()) && text[at..].contains('>');
            if is_tag && tag != "br" && !tag.starts_with("a id=") {
                tags.push((line, tag.to_owned()));
            }
        }
    }
    tags
}

#[test]
fn anchors_are_those_of_github() {
    let page = "# `--to` and *more*\n## A b-c_d: e, (f)?\n## Again\n## Again\n```\n# not one\n```\n\
        <a id=\"by-hand\"></a>\n### [Link](x.md) ü\n## 1. one\n";
    let expected = ["--to-and-more", "1-one", "a-b-c_d-e-f", "again", "again-1", "by-hand", "link-ü"];
    assert_eq!(anchors_of(page).into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn links_are_found_outside_of_code() {
    let page = "[a](b.md) `[x](no.md)` ![p](p.svg)\n```\n[no](no.md)\n```\n[c]: d.md#e\n``[`y`](no)`` [web](https://w.example/)\n";
    let found: Vec<(usize, String)> = links_of(page);
    let expected = [(1, "b.md"), (1, "p.svg"), (5, "d.md#e")];
    assert_eq!(found, expected.map(|(line, target)| (line, target.to_owned())));
}

#[test]
fn a_dead_link_is_a_fault() {
    let anchors = BTreeMap::from([
        ("README.md", BTreeSet::new()),
        ("docs/style.md", BTreeSet::from(["rules".to_owned()])),
    ]);
    for (page, target, fault) in [
        ("README.md", "docs/style.md#rules", None),
        ("docs/style.md", "#rules", None),
        ("docs/style.md", "../README.md", None),
        ("docs/style.md", "rules/", None),
        ("README.md", "docs/absent.md", Some("no such file")),
        ("docs/style.md", "README.md#x", Some("no such heading")),
        ("README.md", "docs/style.md#rule", Some("no such heading")),
        ("README.md", "LICENSE#line", Some("only a page has headings")),
        ("README.md", "../elsewhere.md", Some("outside of the repository")),
        ("README.md", "/docs/style.md", Some("not relative")),
    ] {
        assert_eq!(follow(page, target, &anchors).err(), fault, "{page}: {target}");
    }
}

fn follow(page: &str, target: &str, anchors: &BTreeMap<&str, BTreeSet<String>>) -> Result<(), &'static str> {
    let (path, anchor) = target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
    if path.starts_with('/') {
        return Err("not relative");
    }
    let file = if path.is_empty() { PathBuf::from(page) } else { resolved(page, path) };
    if file.starts_with("..") {
        return Err("outside of the repository");
    }
    if !root().join(&file).exists() {
        return Err("no such file");
    }
    let Some(anchor) = anchor else { return Ok(()) };
    let name = file.to_str().unwrap();
    if Path::new(name).extension().is_none_or(|extension| extension != "md") {
        return Err("only a page has headings");
    }
    let known = anchors.get(name).is_some_and(|known| known.contains(anchor));
    known.then_some(()).ok_or("no such heading")
}

/// The path that a link in a page means, below the root.
pub(super) fn resolved(page: &str, target: &str) -> PathBuf {
    let mut path = PathBuf::new();
    for part in Path::new(page).parent().unwrap().join(target).components() {
        match part {
            Component::ParentDir if path.file_name().is_some() => {
                path.pop();
            }
            Component::CurDir => {}
            part => path.push(part),
        }
    }
    path
}

/// The targets of links that are not addresses of the web, with their lines.
fn links_of(page: &str) -> Vec<(usize, String)> {
    let mut links = Vec::new();
    for (line, text) in prose(page) {
        let text = without_code(text);
        let inline = text.match_indices("](").filter_map(|(at, opening)| {
            let rest = &text[at + opening.len()..];
            Some(rest[..rest.find(')')?].split(' ').next().unwrap_or_default())
        });
        let definition =
            text.strip_prefix('[').and_then(|rest| rest.split_once("]: ")).map(|(_, target)| target);
        let is_ours = |target: &&str| !target.contains("://") && !target.starts_with("mailto:");
        links.extend(inline.chain(definition).filter(is_ours).map(|target| (line, target.to_owned())));
    }
    links
}

/// The anchors of a page: of its headings as GitHub makes them, and its own.
fn anchors_of(page: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (_, line) in prose(page) {
        let title = line.trim_start_matches('#');
        if title.len() < line.len() && title.starts_with(' ') {
            let anchor = anchor_of(title.trim());
            let before = seen.entry(anchor.clone()).or_default();
            anchors.insert(if *before == 0 { anchor } else { format!("{anchor}-{before}") });
            *before += 1;
        }
        for (at, opening) in line.match_indices("<a id=\"") {
            anchors.insert(line[at + opening.len()..].split('"').next().unwrap().to_owned());
        }
    }
    anchors
}

/// Lower case; spaces become hyphens; of other characters letters, digits, hyphens and underscores stay.
fn anchor_of(title: &str) -> String {
    let mut text = title.to_owned();
    while let Some((start, end)) = text.find("](").and_then(|at| Some((at, at + text[at..].find(')')?))) {
        text.replace_range(start..=end, "");
    }
    let kept = text.chars().filter(|one| one.is_alphanumeric() || [' ', '-', '_'].contains(one));
    kept.flat_map(char::to_lowercase).map(|one| if one == ' ' { '-' } else { one }).collect()
}

/// The lines outside of fenced blocks, numbered from 1.
fn prose(page: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    page.lines().enumerate().filter_map(move |(at, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        (!fenced && !fence).then_some((at + 1, line))
    })
}

/// A line without its code spans.
fn without_code(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        let (before, code) = rest.split_at(start);
        text.push_str(before);
        let ticks = &code[..code.len() - code.trim_start_matches('`').len()];
        let inside = &code[ticks.len()..];
        match inside.find(ticks) {
            Some(end) => rest = &inside[end + ticks.len()..],
            None => rest = inside,
        }
    }
    text.push_str(rest);
    text
}
