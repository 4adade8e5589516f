//! README.md is a door: short, and its picture is the one of docs/way.svg.

use std::fs;

use crate::citations::root;

const LONGEST: usize = 150;

#[test]
fn the_front_page_is_short() {
    let lines = front_page().lines().count();
    assert!(lines <= LONGEST, "README.md has {lines} lines, at most {LONGEST} are allowed");
}

/// A renderer without Mermaid shows the SVG, so both must say the same.
#[test]
fn both_pictures_have_the_same_boxes_and_words() {
    let diagram = diagram();
    let svg = fs::read_to_string(root().join("docs/way.svg")).unwrap();
    let words = texts(&svg).join(" ");
    let labels = quoted(&diagram);
    assert!(labels.len() >= 8, "the diagram has lost its labels: {labels:?}");
    let missing: Vec<&str> =
        labels.iter().flat_map(|label| label.split(": ")).filter(|part| !words.contains(part)).collect();
    assert!(missing.is_empty(), "docs/way.svg does not say: {missing:?}");
    let all = labels.join(" ");
    let foreign: Vec<&str> =
        texts(&svg).into_iter().filter(|text| !all.contains(text.trim_end_matches(','))).collect();
    assert!(foreign.is_empty(), "only docs/way.svg says: {foreign:?}");
    assert_eq!(diagram.matches("[\"").count(), svg.matches("<rect ").count(), "boxes");
    assert_eq!(diagram.matches("-->").count(), svg.matches("<path class=\"line\"").count(), "arrows");
}

fn front_page() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

fn diagram() -> String {
    let page = front_page();
    let (_, rest) = page.split_once("```mermaid\n").expect("README.md has a diagram");
    rest.split_once("```").unwrap().0.to_owned()
}

fn quoted(text: &str) -> Vec<&str> {
    text.split('"').skip(1).step_by(2).collect()
}

/// What stands in the `text` elements.
fn texts(svg: &str) -> Vec<&str> {
    svg.split("<text ")
        .skip(1)
        .map(|rest| rest.split_once('>').unwrap().1.split_once("</text>").unwrap().0)
        .collect()
}
