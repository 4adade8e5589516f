//! AWS's shared config file: the region of each profile, and what else may stand there. Keys that would win over the credentials file's
//! stand here too, so it is checked even where it is not changed.

use aws::Region;

use super::changes::{Change, ProfileEdit, apply, refuse_indented};
use super::document::Document;
use super::process_profile;
use super::profile_keys::{PROCESS, REGION};
use super::profile_sections::{ProfileSections, SharedFile};
use super::reader::{self, ProfileReadError, ReadProfiles};
use super::{ProcessLine, ProfileName, SharedFileError};
use crate::Removal;

/// The file's new text with the Region of each profile that gets one, in one go over the file; the same text
/// where there is none to set. No name may come twice. A `credential_process` of ours goes: the Rust SDK would take
/// it before the keys that are written beside it.
pub fn edit<'a>(
    existing: &str,
    profiles: impl IntoIterator<Item = (&'a ProfileName, Option<&'a Region>)>,
) -> Result<String, SharedFileError> {
    let document = Document::parse(existing)?;
    let all = ProfileSections::of(&document, SharedFile::Config)?;
    let mut edits = Vec::new();
    for (profile, region) in profiles {
        let sections = all.of_profile(profile)?;
        let mut changes = Vec::new();
        if process_profile::is_set(sections) {
            changes.push(Change::Remove(PROCESS));
        }
        changes.extend(region.map(|region| Change::Set(REGION, region.as_str())));
        if changes.is_empty() {
            continue;
        }
        refuse_indented(sections, &changes)?;
        edits.push(ProfileEdit { sections, new_section: SharedFile::Config.section_name(profile), changes });
    }
    Ok(apply(&document, &edits))
}

/// Refuses a file whose profile would pass over keys in the credentials file, or that some client can't
/// read. [`edit`] does the same, and it refuses indented keys in a section that it has to change.
pub fn check(existing: &str, profile: &ProfileName) -> Result<(), SharedFileError> {
    let document = Document::parse(existing)?;
    ProfileSections::of(&document, SharedFile::Config)?.of_profile(profile).map(drop)
}

/// The file's new text with the line that a profile gets its credentials from, and its Region if there is one.
/// An earlier line of ours is replaced; somebody else's is refused, as are keys that clients would take before it.
/// Those of the credentials file are [`credentials_file::prepare_for_process`](super::credentials_file::prepare_for_process)'s.
pub fn set_process(
    existing: &str,
    profile: &ProfileName,
    line: &ProcessLine,
    region: Option<&Region>,
) -> Result<String, SharedFileError> {
    process_profile::set(existing, profile, line, region)
}

/// The file without the `credential_process` of ours that the profile has. Everything else stays, the Region too; a
/// section that holds nothing else goes with its header.
pub fn remove_process(existing: &str, profile: &ProfileName) -> Result<Removal, SharedFileError> {
    process_profile::remove(existing, profile)
}

/// What the file says about each of its profiles.
pub fn read(text: &str) -> Result<ReadProfiles, ProfileReadError> {
    reader::read(text, SharedFile::Config)
}
