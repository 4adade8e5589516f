//! Taking a profile's keys out of the credentials file again. Apart from [`changes`](super::changes), which
//! keeps a section whatever becomes of its keys.

use std::collections::BTreeSet;

use aws::Secret;

use super::changes::{Change, refuse_indented};
use super::document::{Document, Section};
use super::profile_sections::{ProfileSections, SharedFile};
use super::{EditError, ProfileName};
use crate::Removal;

/// What a session has and a user's own keys have not.
const TOKENS: [&str; 2] = ["aws_session_token", "aws_security_token"];
const PAIR: [&str; 2] = ["aws_access_key_id", "aws_secret_access_key"];

/// See [`credentials_file::remove`](super::credentials_file::remove).
pub(super) fn remove(existing: &str, profile: &ProfileName) -> Result<Removal, EditError> {
    let document = Document::parse(existing)?;
    let all = ProfileSections::of(&document, SharedFile::Credentials)?;
    let sections = all.plainly_of_profile(profile)?;
    let has = |names: &[&str]| {
        sections.iter().flat_map(|section| &section.keys).any(|key| names.contains(&key.name.as_str()))
    };
    match (has(&PAIR), has(&TOKENS)) {
        (false, false) => return Ok(Removal::Nothing),
        (true, false) => return Ok(Removal::NotOurs),
        (_, true) => {}
    }
    refuse_indented(sections, &[PAIR, TOKENS].concat().into_iter().map(Change::Remove).collect::<Vec<_>>())?;
    let dropped: BTreeSet<usize> =
        sections.iter().flat_map(|section| lines_to_drop(&document, section)).collect();
    let mut text = String::with_capacity(existing.len());
    for (_, line) in document.lines.iter().enumerate().filter(|(index, _)| !dropped.contains(index)) {
        text.extend([line.text, line.ending]);
    }
    Ok(Removal::Without(Secret::new(text)))
}

/// The lines of the keys; all of the section's, where nothing but blank ones are left of it.
fn lines_to_drop(document: &Document<'_>, section: &Section<'_>) -> Vec<usize> {
    let is_secret = |name: &str| PAIR.contains(&name) || TOKENS.contains(&name);
    let keys = section.keys.iter().filter(|key| is_secret(&key.name));
    let mut dropped: Vec<usize> =
        keys.flat_map(|key| [key.line].into_iter().chain(key.continuation.iter().copied())).collect();
    let is_blank = |index: usize| document.lines.get(index).is_some_and(|line| line.text.trim().is_empty());
    let next = document.sections.iter().map(|section| section.header).find(|header| *header > section.header);
    let end = next.unwrap_or(document.lines.len());
    let mut inside = section.header + 1..end;
    let header = document.lines.get(section.header).map_or("", |line| line.text);
    let is_bare = header == format!("[{}]", section.name);
    if is_bare && inside.clone().all(|index| dropped.contains(&index) || is_blank(index)) {
        dropped.push(section.header);
        // With the section goes one blank line, which set it off from the one above.
        match section.header.checked_sub(1) {
            Some(above) if is_blank(above) => dropped.push(above),
            _ => dropped.extend(inside.find(|index| is_blank(*index))),
        }
    }
    dropped
}
