//! A profile of the config file whose credentials come from a process: a client runs this program whenever it needs
//! credentials. Separate from static credentials, which are in the other file: here it matters whose line is already there.

use aws::{Region, Secret};

use super::changes::{Change, ProfileEdit, apply, refuse_indented};
use super::document::{Document, Key, Section};
use super::profile_keys::{ACCOUNT_ID, PROCESS, REGION, is_our_process, is_static};
use super::profile_sections::{ProfileSections, SharedFile};
use super::{ProcessLine, ProfileName, SharedFileError, removal};
use crate::Removal;

/// See [`config_file::set_process`](super::config_file::set_process).
pub(super) fn set(
    existing: &str,
    profile: &ProfileName,
    line: &ProcessLine,
    region: Option<&Region>,
) -> Result<String, SharedFileError> {
    let document = Document::parse(existing)?;
    let all = ProfileSections::of(&document, SharedFile::Config)?;
    refuse_other_program(all.of_profile_unchecked(profile)?)?;
    let sections = all.of_profile(profile)?;
    refuse_keys(sections)?;
    let mut changes = vec![Change::Set(PROCESS, line.as_str()), Change::Remove(ACCOUNT_ID)];
    changes.extend(region.map(|region| Change::Set(REGION, region.as_str())));
    refuse_indented(sections, &changes)?;
    let new_section = SharedFile::Config.section_name(profile);
    Ok(apply(&document, &[ProfileEdit { sections, new_section, changes }]))
}

/// See [`config_file::remove_process`](super::config_file::remove_process).
pub(super) fn remove(existing: &str, profile: &ProfileName) -> Result<Removal, SharedFileError> {
    // A file without such a line is not parsed, so it cannot be refused.
    if !existing.to_ascii_lowercase().contains(PROCESS) {
        return Ok(Removal::Nothing);
    }
    let document = Document::parse(existing)?;
    let all = ProfileSections::of(&document, SharedFile::Config)?;
    let sections = all.of_profile_unchecked(profile)?;
    if !processes(sections).any(|(_, key)| is_our_process(key)) {
        let is_there = processes(sections).next().is_some();
        return Ok(if is_there { Removal::NotOurs } else { Removal::Nothing });
    }
    removal::without(&document, sections, &[PROCESS], is_our_process)
        .map(|text| Removal::Without(Secret::new(text)))
}

/// Refuses keys that the AWS CLI, boto3 or Go would use in place of a process.
pub(super) fn refuse_keys(sections: &[&Section<'_>]) -> Result<(), SharedFileError> {
    match keys(sections).find(|(_, key)| is_static(&key.name)) {
        Some((section, key)) => Err(SharedFileError::OwnKeys {
            key: key.name.clone(),
            section: section.name.to_owned(),
            line: key.line + 1,
        }),
        None => Ok(()),
    }
}

/// Whether a profile has a `credential_process`, of any program.
pub(super) fn is_set(sections: &[&Section<'_>]) -> bool {
    processes(sections).next().is_some()
}

fn refuse_other_program(sections: &[&Section<'_>]) -> Result<(), SharedFileError> {
    match processes(sections).find(|(_, key)| !is_our_process(key)) {
        Some((section, key)) => {
            Err(SharedFileError::ForeignProcess { section: section.name.to_owned(), line: key.line + 1 })
        }
        None => Ok(()),
    }
}

fn processes<'s, 'a>(
    sections: &'s [&'s Section<'a>],
) -> impl Iterator<Item = (&'s Section<'a>, &'s Key<'a>)> {
    keys(sections).filter(|(_, key)| key.name == PROCESS)
}

fn keys<'s, 'a>(sections: &'s [&'s Section<'a>]) -> impl Iterator<Item = (&'s Section<'a>, &'s Key<'a>)> {
    sections.iter().flat_map(|section| section.keys.iter().map(move |key| (*section, key)))
}
