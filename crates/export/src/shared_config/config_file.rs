//! AWS's shared config file: the region of each profile, and what else may stand there. Keys that would win over the credentials file's
//! stand here too, so it is checked even where it is not changed.

use aws::Region;

use super::changes::{Change, ProfileEdit, apply, refuse_indented};
use super::document::Document;
use super::profile_sections::{ProfileSections, SharedFile};
use super::reader::{self, ReadError, ReadProfile};
use super::{EditError, ProfileName};

/// The file's new text with the Region of each profile that gets one, in one go over the file; the same text
/// where there is none to set. No name may come twice.
pub fn edit<'a>(
    existing: &str,
    profiles: impl IntoIterator<Item = (&'a ProfileName, Option<&'a Region>)>,
) -> Result<String, EditError> {
    let document = Document::parse(existing)?;
    let all = ProfileSections::of(&document, SharedFile::Config)?;
    let mut edits = Vec::new();
    for (profile, region) in profiles {
        let sections = all.of_profile(profile)?;
        let Some(region) = region else { continue };
        let changes = vec![Change::Set("region", region.as_str())];
        refuse_indented(sections, &changes)?;
        edits.push(ProfileEdit { sections, new_section: SharedFile::Config.section_name(profile), changes });
    }
    Ok(apply(&document, &edits))
}

/// Refuses a file whose profile would pass over keys in the credentials file, or that some client can't
/// read. [`edit`] does the same, and it refuses indented keys in a section that it has to change.
pub fn check(existing: &str, profile: &ProfileName) -> Result<(), EditError> {
    let document = Document::parse(existing)?;
    ProfileSections::of(&document, SharedFile::Config)?.of_profile(profile).map(drop)
}

/// What the file says about the profile; `None` where it has no such profile.
pub fn read(text: &str, profile: &ProfileName) -> Result<Option<ReadProfile>, ReadError> {
    reader::read(text, SharedFile::Config, profile)
}
