//! AWS's shared credentials file: the three keys of one profile.

use aws::{Region, Secret};

use super::changes::{Change, apply, refuse_indented};
use super::document::{Document, Section};
use super::profile_sections::{SharedFile, of_profile};
use super::reader::{self, ReadError, ReadProfile};
use super::{EditError, ProfileName, removal};
use crate::plain::require_plain;
use crate::{Removal, Session};

/// The file's new text: the profile holds the session's keys and its other keys as they were; all other
/// lines are kept byte for byte. A `region` that stands in the profile follows the session's.
pub fn edit(existing: &str, profile: &ProfileName, session: &Session) -> Result<Secret, EditError> {
    require_plain(session).map_err(EditError::NotPlain)?;
    let credentials = session.credentials();
    let mut changes = changes_to(
        &credentials.access_key_id,
        credentials.secret_access_key.expose(),
        credentials.session_token.expose(),
    );
    // There it would win over the config file's.
    changes.extend(session.region().map(Region::as_str).map(|region| Change::SetIfThere("region", region)));
    let document = Document::parse(existing)?;
    let sections = sections_of(&document, profile, &changes)?;
    let new_section = SharedFile::Credentials.section_name(profile);
    Ok(Secret::new(apply(&document, &sections, &new_section, &changes)))
}

/// Refuses what [`edit`] would refuse of a file for a session with a region, before there is a session.
pub fn check(existing: &str, profile: &ProfileName) -> Result<(), EditError> {
    let mut changes = changes_to("", "", "");
    changes.push(Change::SetIfThere("region", ""));
    sections_of(&Document::parse(existing)?, profile, &changes).map(drop)
}

/// What the file says about the profile; `None` where it has no such profile.
pub fn read(text: &str, profile: &ProfileName) -> Result<Option<ReadProfile>, ReadError> {
    reader::read(text, SharedFile::Credentials, profile)
}

/// The file without the profile's keys. Other keys of the profile and all comments stay; a section that holds
/// nothing else goes with its header.
pub fn remove(existing: &str, profile: &ProfileName) -> Result<Removal, EditError> {
    removal::remove(existing, profile)
}

fn changes_to<'a>(id: &'a str, secret: &'a str, token: &'a str) -> Vec<Change<'a>> {
    vec![
        Change::Set("aws_access_key_id", id),
        Change::Set("aws_secret_access_key", secret),
        Change::Set("aws_session_token", token),
        // botocore reads this older name first (facts/aws.md 6.1).
        Change::Remove("aws_security_token"),
        // The new keys may be of another account.
        Change::Remove("aws_account_id"),
    ]
}

fn sections_of<'d, 'a>(
    document: &'d Document<'a>,
    profile: &ProfileName,
    changes: &[Change<'_>],
) -> Result<Vec<&'d Section<'a>>, EditError> {
    let sections = of_profile(document, SharedFile::Credentials, profile)?;
    refuse_indented(&sections, changes)?;
    Ok(sections)
}
