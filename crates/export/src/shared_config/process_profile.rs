//! A profile of the config file that gets its credentials from a process: this program, as often as a client asks.
//! Apart from the keys, which are of the other file: here it counts whose line stands there already.

use aws::{Region, Secret};

use super::changes::{Change, ProfileEdit, apply, refuse_indented};
use super::document::{Document, Key, Section};
use super::profile_sections::{ProfileSections, SharedFile};
use super::{EditError, ProcessLine, ProfileName, process_line, removal};
use crate::Removal;

/// What every AWS client calls it.
pub(super) const KEY: &str = "credential_process";

/// See [`config_file::set_process`](super::config_file::set_process).
pub(super) fn set(
    existing: &str,
    profile: &ProfileName,
    line: &ProcessLine,
    region: Option<&Region>,
) -> Result<String, EditError> {
    let document = Document::parse(existing)?;
    let all = ProfileSections::of(&document, SharedFile::Config)?;
    refuse_foreign(all.plainly_of_profile(profile)?)?;
    let sections = all.of_profile(profile)?;
    refuse_keys(sections)?;
    let mut changes = vec![Change::Set(KEY, line.as_str())];
    changes.extend(region.map(|region| Change::Set("region", region.as_str())));
    refuse_indented(sections, &changes)?;
    let new_section = SharedFile::Config.section_name(profile);
    Ok(apply(&document, &[ProfileEdit { sections, new_section, changes }]))
}

/// See [`config_file::remove_process`](super::config_file::remove_process).
pub(super) fn remove(existing: &str, profile: &ProfileName) -> Result<Removal, EditError> {
    // A file that has none of these lines may be as odd as it likes.
    if !existing.to_ascii_lowercase().contains(KEY) {
        return Ok(Removal::Nothing);
    }
    let document = Document::parse(existing)?;
    let all = ProfileSections::of(&document, SharedFile::Config)?;
    let sections = all.plainly_of_profile(profile)?;
    if !processes(sections).any(|(_, key)| is_ours(key)) {
        let is_there = processes(sections).next().is_some();
        return Ok(if is_there { Removal::NotOurs } else { Removal::Nothing });
    }
    removal::without(&document, sections, &[KEY], is_ours).map(|text| Removal::Without(Secret::new(text)))
}

/// Refuses keys that the AWS CLI, boto3 or Go would take in place of a process.
pub(super) fn refuse_keys(sections: &[&Section<'_>]) -> Result<(), EditError> {
    match keys(sections).find(|(_, key)| removal::is_secret(&key.name)) {
        Some((section, key)) => Err(EditError::OwnKeys {
            key: key.name.clone(),
            section: section.name.to_owned(),
            line: key.line + 1,
        }),
        None => Ok(()),
    }
}

/// Whether a profile gets its credentials from any process.
pub(super) fn is_set(sections: &[&Section<'_>]) -> bool {
    processes(sections).next().is_some()
}

/// Whether the key is a process that is this program. A line that goes on below is nothing that was written here.
pub(super) fn is_ours(key: &Key<'_>) -> bool {
    key.name == KEY && !key.is_indented && key.continuation.is_empty() && process_line::is_ours(key.value)
}

fn refuse_foreign(sections: &[&Section<'_>]) -> Result<(), EditError> {
    match processes(sections).find(|(_, key)| !is_ours(key)) {
        Some((section, key)) => {
            Err(EditError::ForeignProcess { section: section.name.to_owned(), line: key.line + 1 })
        }
        None => Ok(()),
    }
}

fn processes<'s, 'a>(
    sections: &'s [&'s Section<'a>],
) -> impl Iterator<Item = (&'s Section<'a>, &'s Key<'a>)> {
    keys(sections).filter(|(_, key)| key.name == KEY)
}

fn keys<'s, 'a>(sections: &'s [&'s Section<'a>]) -> impl Iterator<Item = (&'s Section<'a>, &'s Key<'a>)> {
    sections.iter().flat_map(|section| section.keys.iter().map(move |key| (*section, key)))
}
