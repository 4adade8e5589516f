//! Changes to the keys of profiles, made in the text: all other lines stay unchanged.

use std::collections::BTreeMap;

use super::SharedFileError;
use super::document::{Document, Key, Section};
use crate::lines;

/// The change to one key.
#[derive(Clone, Copy)]
pub(super) enum Change<'a> {
    /// Set in place, or added.
    Set(&'static str, &'a str),
    /// Set in place; not added.
    SetIfThere(&'static str, &'a str),
    /// Removed with its value.
    Remove(&'static str),
}

impl<'a> Change<'a> {
    fn key(self) -> &'static str {
        let (Self::Set(key, _) | Self::SetIfThere(key, _) | Self::Remove(key)) = self;
        key
    }

    fn value(self) -> Option<&'a str> {
        match self {
            Self::Set(_, value) | Self::SetIfThere(_, value) => Some(value),
            Self::Remove(_) => None,
        }
    }
}

/// A line to write, with its indentation: below a line with less, it or the next one would continue a value.
type Setting<'a> = (&'a str, &'static str, &'a str);

/// The changes to the document's lines; all other lines stay.
#[derive(Default)]
struct Plan<'a> {
    /// `None` removes the line.
    replaced: BTreeMap<usize, Option<Setting<'a>>>,
    /// Lines to add below a line.
    added: BTreeMap<usize, Vec<Setting<'a>>>,
}

/// Refuses sections in which a client could read a changed line together with an indented one that stays.
pub(super) fn refuse_indented(
    sections: &[&Section<'_>],
    changes: &[Change<'_>],
) -> Result<(), SharedFileError> {
    for section in sections {
        let key = section.keys.iter().find(|key| key.is_indented).map(|key| key.line);
        let comments = section.keys.iter().filter(|key| change_of(changes, key).is_some());
        let mut others = comments
            .flat_map(|key| &key.indented_comments)
            .chain(&section.indented_comments)
            .chain(&section.deeper_header);
        if let Some(line) = key.or(others.next().copied()) {
            return Err(SharedFileError::Indented { section: section.name.to_owned(), line: line + 1 });
        }
    }
    Ok(())
}

/// The changes to one profile.
pub(super) struct ProfileEdit<'s, 'd, 'a, 'v> {
    /// The profile's sections; empty where it is to be added.
    pub(super) sections: &'s [&'d Section<'a>],
    /// The name of the section to add in that case.
    pub(super) new_section: String,
    /// The changes to its keys.
    pub(super) changes: Vec<Change<'v>>,
}

/// The document's text with each profile's changes, in its sections or in a new section at the end.
pub(super) fn apply(document: &Document<'_>, edits: &[ProfileEdit<'_, '_, '_, '_>]) -> String {
    let mut plan = Plan::default();
    for edit in edits {
        for section in edit.sections {
            plan.change(section, &edit.changes);
        }
    }
    let ending = lines::ending_of(&document.lines);
    let mut text = String::with_capacity(room(document, edits));
    for (index, line) in document.lines.iter().enumerate() {
        match plan.replaced.get(&index) {
            None => text.extend([line.text, line.ending]),
            Some(None) => {}
            Some(Some(setting)) => {
                push(&mut text, *setting);
                text.push_str(if line.ending.is_empty() { "" } else { ending });
            }
        }
        for setting in plan.added.get(&index).into_iter().flatten() {
            lines::end_line(&mut text, ending);
            push(&mut text, *setting);
            text.push_str(ending);
        }
    }
    let mut is_after_blank = document.lines.last().is_none_or(|line| line.text.trim().is_empty());
    for edit in edits.iter().filter(|edit| edit.sections.is_empty()) {
        lines::end_line(&mut text, ending);
        if !is_after_blank {
            text.push_str(ending);
        }
        is_after_blank = false;
        text.extend(["[", &edit.new_section, "]", ending]);
        for setting in edit.changes.iter().filter_map(|change| added("", *change)) {
            push(&mut text, setting);
            text.push_str(ending);
        }
    }
    text
}

impl<'a> Plan<'a> {
    fn change(&mut self, section: &Section<'a>, changes: &[Change<'a>]) {
        for key in &section.keys {
            let Some(change) = change_of(changes, key) else { continue };
            let setting = change.value().map(|value| (key.indentation(), change.key(), value));
            if setting.is_some_and(|setting| is_already(key, setting)) {
                continue;
            }
            self.replaced.insert(key.line, setting);
            self.replaced.extend(key.continuation.iter().map(|line| (*line, None)));
        }
        let missing = changes.iter().filter(|change| section.keys.iter().all(|key| key.name != change.key()));
        let below = section.keys.last().map_or(section.header, Key::last_line);
        // Deeper than the key above, it would continue that key's value.
        let indentation = section.keys.last().map_or(section.indentation, Key::indentation);
        self.added.insert(below, missing.filter_map(|change| added(indentation, *change)).collect());
    }
}

fn change_of<'a>(changes: &[Change<'a>], key: &Key<'_>) -> Option<Change<'a>> {
    changes.iter().copied().find(|change| change.key() == key.name)
}

fn added<'a>(indentation: &'a str, change: Change<'a>) -> Option<Setting<'a>> {
    match change {
        Change::Set(key, value) => Some((indentation, key, value)),
        Change::SetIfThere(..) | Change::Remove(_) => None,
    }
}

/// Whether every client already reads this value, so that the line can stay as its owner wrote it. Some clients know no
/// delimiter but `=` and no white space but space and tab.
fn is_already(key: &Key<'_>, (_, name, value): Setting<'_>) -> bool {
    let plain_spaces: &[char] = &[' ', '\t'];
    let halves = key.text.split_once('=');
    let is_set = halves.is_some_and(|(before, after)| {
        before.trim_matches(plain_spaces).eq_ignore_ascii_case(name)
            && after.trim_matches(plain_spaces) == value
    });
    is_set && key.continuation.is_empty()
}

fn push(text: &mut String, (indentation, key, value): Setting<'_>) {
    text.extend([indentation, key, " = ", value]);
}

/// At least what the new text needs: a string that grows leaves copies of the secrets in memory.
fn room(document: &Document<'_>, edits: &[ProfileEdit<'_, '_, '_, '_>]) -> usize {
    let kept: usize = document.lines.iter().map(|line| line.text.len() + 2).sum();
    let added = edits.iter().map(|edit| {
        let settings = edit.changes.iter();
        let settings: usize =
            settings.map(|change| change.key().len() + change.value().unwrap_or("").len() + 8).sum();
        let indentation: usize = edit.sections.iter().map(|section| section.indentation.len()).sum();
        let indentation = indentation * edit.changes.len();
        settings * edit.sections.len().max(1) + indentation + edit.new_section.len() + 16
    });
    kept + added.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_region(text: &str) -> String {
        let document = Document::parse(text).unwrap();
        let sections: Vec<_> = document.sections.iter().collect();
        let changes = vec![Change::Set("region", "eu-west-1")];
        apply(&document, &[ProfileEdit { sections: &sections, new_section: "default".to_owned(), changes }])
    }

    #[test]
    fn a_key_continues_no_other_one_whatever_their_indentation_is() {
        for (before, after) in [
            (" [default]\na = 1\n", " [default]\na = 1\nregion = eu-west-1\n"),
            (" [default]\n a = 1\n", " [default]\n a = 1\n region = eu-west-1\n"),
            (" [default]\n", " [default]\n region = eu-west-1\n"),
            (" [default]\na = 1\nregion = x\nb = 2\n", " [default]\na = 1\nregion = eu-west-1\nb = 2\n"),
        ] {
            let changed = with_region(before);
            assert_eq!(changed, after);
            let keys = &Document::parse(&changed).unwrap().sections[0].keys;
            assert!(keys.iter().any(|key| key.name == "region" && key.value == "eu-west-1"), "{changed:?}");
            assert_eq!(with_region(&changed), changed);
        }
    }

    #[test]
    fn the_text_never_outgrows_its_room() {
        let value = "v".repeat(3000);
        let changes = || vec![Change::Set("aws_session_token", &value), Change::Set("region", "eu-west-1")];
        for text in [
            "",
            "#",
            "[default]",
            "   [default]\n   a=1",
            "[default]\nregion=\r\n[profile default]",
            "[profile default]\na=1",
        ] {
            let document = Document::parse(text).unwrap();
            let sections: Vec<_> = document.sections.iter().collect();
            let edit = |sections, name: &str| ProfileEdit {
                sections,
                new_section: name.to_owned(),
                changes: changes(),
            };
            let edits = [edit(&sections, "default"), edit(&[], "b"), edit(&[], "c")];
            assert!(apply(&document, &edits).len() <= room(&document, &edits), "{text:?}");
        }
    }
}
