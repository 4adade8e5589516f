//! Texts that are secrets by their shape: an identity token, an AWS secret access key, a session token, a private key.

use std::ops::Range;

use super::letters::{Letter, Letters};

/// Base64 of the first characters of a JSON object, as people and libraries write it. Keys of INI files and hosts of URLs
/// lose their case.
const TOKEN_STARTS: [&str; 4] = ["eyJ", "eyA", "ewo", "ew0"];

/// The shortest part of a token that is told from other words with dots.
const SHORTEST_PART: usize = 10;

/// An AWS secret access key has 40 characters; a path may put a `/` before it.
const ACCESS_KEY: std::ops::RangeInclusive<usize> = 40..=41;

/// Session tokens have hundreds of characters.
const SHORTEST_SESSION_TOKEN: usize = 80;

/// Whether a text of this length can have such a shape.
pub(super) fn is_long_enough(text: &str) -> bool {
    text.len() > 2 * SHORTEST_PART
}

/// Whether [`secrets_in`] can find anything, told by the bytes: a start of a token, a run as long as a key (lines of a
/// private key have 64), or an escape, behind which there can be anything. Letters cost twenty times as much, and every job
/// would pay that for each variable.
pub(super) fn is_possible_in(text: &str) -> bool {
    let mut run = 0;
    let mut before = 0;
    text.bytes().any(|byte| {
        run = if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/') { run + 1 } else { 0 };
        let is_start = matches!(before, b'e' | b'E') && matches!(byte, b'y' | b'Y' | b'w' | b'W');
        before = byte;
        is_start || run >= *ACCESS_KEY.start() || matches!(byte, b'%' | b'\\')
    })
}

/// Every secret in the text, by its letters.
pub(super) fn secrets_in(text: &Letters) -> Vec<Range<usize>> {
    let mut found = tokens_in(text);
    found.extend(keys_in(text));
    found.extend(private_keys_in(text));
    found
}

/// Every identity token: two or three parts of base64url, the first of which begins as JSON.
pub(super) fn tokens_in(text: &Letters) -> Vec<Range<usize>> {
    let letters = text.all();
    let part_from =
        |start: usize| start + run(letters, start, |c| c.is_ascii_alphanumeric() || "-_".contains(c));
    let is_dot = |at: usize| letters.get(at).is_some_and(|letter| letter.character == '.');
    let mut found = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let is_start = letters.get(at).is_some_and(|letter| matches!(letter.character, 'e' | 'E'));
        if !is_start || !TOKEN_STARTS.iter().any(|start| starts_with(letters, at, start)) {
            at += 1;
            continue;
        }
        let first = part_from(at);
        let second = if is_dot(first) { part_from(first + 1) } else { first };
        if first - at >= SHORTEST_PART && second.saturating_sub(first + 1) >= SHORTEST_PART {
            let end = if is_dot(second) { part_from(second + 1) } else { second };
            found.push(at..end);
            at = end;
        } else {
            // A later start in the same part has the same end.
            at = first;
        }
    }
    found
}

/// Every text that is a secret access key or a session token, by its length and by how often upper case, lower case and
/// digits take turns in it. Paths and names have long stretches of one kind. A git commit has the length of a key and turns
/// as often, but as all hexadecimal and base32 text it has letters of one case; no random key of 40 characters has.
fn keys_in(text: &Letters) -> Vec<Range<usize>> {
    let letters = text.all();
    let mut found = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let length = run(letters, at, |c| c.is_ascii_alphanumeric() || "+/".contains(c));
        let has_length = ACCESS_KEY.contains(&length) || length >= SHORTEST_SESSION_TOKEN;
        let here = letters.get(at..at + length).unwrap_or_default();
        if has_length && has_both_cases(here) && turns(here) * 10 >= length * 3 {
            found.push(at..at + length);
        }
        at += length.max(1);
    }
    found
}

/// What follows the marker of a private key in PEM, up to the next marker. Its line breaks may be lost.
fn private_keys_in(text: &Letters) -> Vec<Range<usize>> {
    const LONGEST_LABEL: usize = 64;
    let letters = text.all();
    let next_marker = |from: usize| (from..letters.len()).find(|at| starts_with(letters, *at, "-----"));
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(begin) = next_marker(at) {
        at = begin + 1;
        if !starts_with(letters, begin, "-----BEGIN ") {
            continue;
        }
        let label = begin + 5..(begin + LONGEST_LABEL).min(letters.len());
        let Some(content) = label.clone().find(|at| starts_with(letters, *at, "-----")).map(|at| at + 5)
        else {
            continue;
        };
        if (label.start..content).any(|at| starts_with(letters, at, "PRIVATE KEY")) {
            let end = next_marker(content).unwrap_or(letters.len());
            found.push(content..end);
            at = end;
        }
    }
    found
}

fn has_both_cases(letters: &[Letter]) -> bool {
    let has = |is: fn(&char) -> bool| letters.iter().any(|letter| is(&letter.character));
    has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase)
}

fn turns(letters: &[Letter]) -> usize {
    let kind = |letter: &Letter| match letter.character {
        'a'..='z' => Some(0),
        'A'..='Z' => Some(1),
        '0'..='9' => Some(2),
        _ => None,
    };
    let kinds: Vec<u8> = letters.iter().filter_map(kind).collect();
    kinds.iter().zip(kinds.iter().skip(1)).filter(|(one, next)| one != next).count()
}

/// How many letters from `start` on are of this kind.
fn run(letters: &[Letter], start: usize, is: impl Fn(char) -> bool) -> usize {
    letters.iter().skip(start).take_while(|letter| is(letter.character)).count()
}

fn starts_with(letters: &[Letter], at: usize, text: &str) -> bool {
    let here = letters.get(at..).unwrap_or_default();
    here.len() >= text.len()
        && here
            .iter()
            .zip(text.chars())
            .all(|(letter, character)| letter.character.eq_ignore_ascii_case(&character))
}
