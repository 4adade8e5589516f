//! Removal of a profile's credentials from the credentials file, and of a profile's lines from either file. Separate from
//! [`changes`](super::changes), which never removes a section.

use std::collections::BTreeSet;

use aws::Secret;

use super::changes::{Change, refuse_indented};
use super::document::{Document, Key, Section};
use super::profile_keys::{ACCESS_KEY, TOKENS, is_static};
use super::profile_sections::{ProfileSections, SharedFile};
use super::{ProfileName, SharedFileError, own_keys};
use crate::Removal;

/// See [`credentials_file::remove`](super::credentials_file::remove).
pub(super) fn remove(existing: &str, profile: &ProfileName) -> Result<Removal, SharedFileError> {
    let document = Document::parse(existing)?;
    let all = ProfileSections::of(&document, SharedFile::Credentials)?;
    let sections = all.of_profile_unchecked(profile)?;
    let has = |names: &[&str]| {
        sections.iter().flat_map(|section| &section.keys).any(|key| names.contains(&key.name.as_str()))
    };
    if !has(&ACCESS_KEY) && !has(&TOKENS) {
        return Ok(Removal::Nothing);
    }
    if !has(&TOKENS) || own_keys::first_of(sections).is_some() {
        return Ok(Removal::NotOurs);
    }
    without(&document, sections, &[ACCESS_KEY, TOKENS].concat(), |key| is_static(&key.name))
        .map(|text| Removal::Without(Secret::new(text)))
}

/// The text without the keys of these sections for which `goes` holds. `names` are the names that such a key can have.
pub(super) fn without(
    document: &Document<'_>,
    sections: &[&Section<'_>],
    names: &[&'static str],
    goes: impl Fn(&Key<'_>) -> bool,
) -> Result<String, SharedFileError> {
    refuse_indented(sections, &names.iter().copied().map(Change::Remove).collect::<Vec<_>>())?;
    let dropped: BTreeSet<usize> =
        sections.iter().flat_map(|section| lines_to_drop(document, section, &goes)).collect();
    let kept = || document.lines.iter().enumerate().filter(|(index, _)| !dropped.contains(index));
    // Allocated once: a string that grows leaves copies of the secrets in memory.
    let mut text = String::with_capacity(kept().map(|(_, line)| line.text.len() + line.ending.len()).sum());
    for (_, line) in kept() {
        text.extend([line.text, line.ending]);
    }
    Ok(text)
}

/// The lines of the keys, and the rest of the section where only blank lines are left of it.
fn lines_to_drop(
    document: &Document<'_>,
    section: &Section<'_>,
    goes: impl Fn(&Key<'_>) -> bool,
) -> Vec<usize> {
    let keys = section.keys.iter().filter(|key| goes(key));
    let mut dropped: Vec<usize> =
        keys.flat_map(|key| [key.line].into_iter().chain(key.continuation.iter().copied())).collect();
    let is_blank = |index: usize| document.lines.get(index).is_some_and(|line| line.text.trim().is_empty());
    let next = document.sections.iter().map(|section| section.header).find(|header| *header > section.header);
    let end = next.unwrap_or(document.lines.len());
    let mut inside = section.header + 1..end;
    let header = document.lines.get(section.header).map_or("", |line| line.text);
    let is_bare = header.trim_start() == format!("[{}]", section.name);
    if is_bare && inside.clone().all(|index| dropped.contains(&index) || is_blank(index)) {
        dropped.push(section.header);
        // One blank line between this section and its neighbour is removed too.
        match section.header.checked_sub(1) {
            Some(above) if is_blank(above) => dropped.push(above),
            _ => dropped.extend(inside.find(|index| is_blank(*index))),
        }
    }
    dropped
}
