//! AWS's shared config file: the region of one profile, and what else may stand there. Keys that would win over the credentials file's
//! stand here too, so it is checked even where it is not changed.

use aws::Region;

use super::changes::{Change, apply, refuse_indented};
use super::document::Document;
use super::profile_sections::{SharedFile, of_profile};
use super::reader::{self, ReadError, ReadProfile};
use super::{EditError, ProfileName};

/// The file's new text with the profile's region; the same text where there is none to set.
pub fn edit(existing: &str, profile: &ProfileName, region: Option<&Region>) -> Result<String, EditError> {
    let document = Document::parse(existing)?;
    let sections = of_profile(&document, SharedFile::Config, profile)?;
    let Some(region) = region else { return Ok(existing.to_owned()) };
    let changes = [Change::Set("region", region.as_str())];
    refuse_indented(&sections, &changes)?;
    Ok(apply(&document, &sections, &SharedFile::Config.section_name(profile), &changes))
}

/// Refuses a file whose profile would pass over keys in the credentials file, or that some client can't
/// read. [`edit`] does the same, and it refuses indented keys in a section that it has to change.
pub fn check(existing: &str, profile: &ProfileName) -> Result<(), EditError> {
    of_profile(&Document::parse(existing)?, SharedFile::Config, profile).map(drop)
}

/// What the file says about the profile; `None` where it has no such profile.
pub fn read(text: &str, profile: &ProfileName) -> Result<Option<ReadProfile>, ReadError> {
    reader::read(text, SharedFile::Config, profile)
}
