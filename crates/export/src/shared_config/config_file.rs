//! AWS's shared config file: each profile's Region and its `credential_process`. Its keys can win over those of the
//! credentials file, so it is checked also where it is not changed.

use aws::{Region, Secret};

use super::changes::{Change, ProfileEdit, apply, refuse_indented};
use super::document::Document;
use super::process_profile;
use super::profile_keys::{ACCOUNT_ID, PROCESS, REGION};
use super::profile_sections::{ProfileSections, SharedFile};
use super::reader::{self, ProfileReadError, ReadProfiles};
use super::{ProcessLine, ProfileName, SharedFileError, own_keys};
use crate::Removal;

/// The file's new text, in one pass for all profiles, with the Region of each profile that has one. Without a Region to
/// set the text is unchanged. No name may occur twice. A `credential_process` of this program is removed, because the
/// Rust SDK would use it before the keys in the credentials file, and so is `aws_account_id`.
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
        // The new credentials can be of another account.
        if sections.iter().flat_map(|section| &section.keys).any(|key| key.name == ACCOUNT_ID) {
            changes.push(Change::Remove(ACCOUNT_ID));
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

/// Refuses a file whose profile has other credentials that win over those of the credentials file, or that some client
/// cannot read. [`edit`] does the same, and it also refuses indented keys in a section that it changes.
pub fn check(existing: &str, profile: &ProfileName) -> Result<(), SharedFileError> {
    let document = Document::parse(existing)?;
    ProfileSections::of(&document, SharedFile::Config)?.of_profile(profile).map(drop)
}

/// The file's new text with the profile's `credential_process` line, and its Region if there is one. An earlier line of
/// this program is replaced. Another program's line is refused, and so are keys that clients would use before it; for
/// keys in the credentials file see [`credentials_file::prepare_for_process`](super::credentials_file::prepare_for_process).
pub fn set_process(
    existing: &str,
    profile: &ProfileName,
    line: &ProcessLine,
    region: Option<&Region>,
) -> Result<String, SharedFileError> {
    process_profile::set(existing, profile, line, region)
}

/// The file without the profile's `credential_process` line of this program. Everything else stays, also the Region; a
/// section that holds nothing else is removed with its header.
pub fn remove_process(existing: &str, profile: &ProfileName) -> Result<Removal, SharedFileError> {
    process_profile::remove(existing, profile)
}

/// Refuses a file in which one of the profiles has a user's own long-term keys. Nothing replaces them in this file, but
/// AWS clients use those of the credentials file first.
pub fn refuse_own_keys<'a>(
    existing: &str,
    profiles: impl IntoIterator<Item = &'a ProfileName>,
) -> Result<(), SharedFileError> {
    own_keys::refuse(existing, SharedFile::Config, profiles)
}

/// The file without a user's own long-term keys in the profile.
pub fn remove_own_keys(existing: &str, profile: &ProfileName) -> Result<Secret, SharedFileError> {
    own_keys::remove(existing, SharedFile::Config, profile)
}

/// The settings of each profile in the file.
pub fn read(text: &str) -> Result<ReadProfiles, ProfileReadError> {
    reader::read(text, SharedFile::Config)
}
