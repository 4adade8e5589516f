//! AWS's shared credentials file: the credentials of each profile.

use aws::{Region, Secret};

use super::changes::{Change, ProfileEdit, apply, refuse_indented};
use super::document::{Document, Section};
use super::profile_keys::{ACCESS_KEY_ID, ACCOUNT_ID, OLDER_TOKEN, REGION, SECRET_ACCESS_KEY, SESSION_TOKEN};
use super::profile_sections::{ProfileSections, SharedFile};
use super::reader::{self, ProfileReadError, ReadProfiles};
use super::{ProfileName, SharedFileError, own_keys, process_profile, removal};
use crate::plain::require_plain;
use crate::{Removal, Session};

/// The file's new text, in one pass for all profiles: each profile gets its session's credentials, and all other lines
/// stay unchanged. A `region` in a profile is set to the session's. No name may occur twice.
pub fn edit<'a>(
    existing: &str,
    profiles: impl IntoIterator<Item = (&'a ProfileName, &'a Session)>,
) -> Result<Secret, SharedFileError> {
    let document = Document::parse(existing)?;
    let all = ProfileSections::of(&document, SharedFile::Credentials)?;
    let mut edits = Vec::new();
    for (profile, session) in profiles {
        require_plain(session).map_err(SharedFileError::NotPlain)?;
        let credentials = session.credentials();
        let mut changes = changes_to(
            &credentials.access_key_id,
            credentials.secret_access_key.expose(),
            credentials.session_token.expose(),
        );
        // A region here would win over that of the config file.
        changes.extend(session.region().map(Region::as_str).map(|region| Change::SetIfThere(REGION, region)));
        edits.push(edit_of(&all, profile, changes)?);
    }
    Ok(Secret::new(apply(&document, &edits)))
}

/// Refuses a file that [`edit`] would refuse, before there are sessions. A Region is assumed.
pub fn check<'a>(
    existing: &str,
    profiles: impl IntoIterator<Item = &'a ProfileName>,
) -> Result<(), SharedFileError> {
    let document = Document::parse(existing)?;
    let all = ProfileSections::of(&document, SharedFile::Credentials)?;
    for profile in profiles {
        let mut changes = changes_to("", "", "");
        changes.push(Change::SetIfThere(REGION, ""));
        edit_of(&all, profile, changes)?;
    }
    Ok(())
}

/// Refuses a file in which one of the profiles has a user's own long-term keys.
pub fn refuse_own_keys<'a>(
    existing: &str,
    profiles: impl IntoIterator<Item = &'a ProfileName>,
) -> Result<(), SharedFileError> {
    own_keys::refuse(existing, SharedFile::Credentials, profiles)
}

/// The file without a user's own long-term keys in the profile.
pub fn remove_own_keys(existing: &str, profile: &ProfileName) -> Result<Secret, SharedFileError> {
    own_keys::remove(existing, SharedFile::Credentials, profile)
}

/// The settings of each profile in the file.
pub fn read(text: &str) -> Result<ReadProfiles, ProfileReadError> {
    reader::read(text, SharedFile::Credentials)
}

/// The file without the profile's credentials. Other keys of the profile and all comments stay; a section that holds
/// nothing else is removed with its header.
pub fn remove(existing: &str, profile: &ProfileName) -> Result<Removal, SharedFileError> {
    removal::remove(existing, profile)
}

/// The file's new text for a profile whose credentials come from a process in the config file. Keys in this file would
/// win over the process: a session's credentials are removed, as with [`remove`], and a user's long-term keys are refused.
/// A `region` here would win too, so it is set to `region`. Otherwise the text is unchanged.
pub fn prepare_for_process(
    existing: &str,
    profile: &ProfileName,
    region: Option<&Region>,
) -> Result<Secret, SharedFileError> {
    let left = match removal::remove(existing, profile)? {
        Removal::Without(left) => left,
        Removal::Nothing | Removal::NotOurs => Secret::new(existing.to_owned()),
    };
    let document = Document::parse(left.expose())?;
    let all = ProfileSections::of(&document, SharedFile::Credentials)?;
    let sections = all.of_profile(profile)?;
    process_profile::refuse_keys(sections)?;
    let has_region = |section: &&Section<'_>| section.keys.iter().any(|key| key.name == REGION);
    let mut edits = Vec::new();
    if let Some(region) = region.filter(|_| sections.iter().any(has_region)) {
        edits.push(edit_of(&all, profile, vec![Change::SetIfThere(REGION, region.as_str())])?);
    }
    Ok(Secret::new(apply(&document, &edits)))
}

fn changes_to<'a>(id: &'a str, secret: &'a str, token: &'a str) -> Vec<Change<'a>> {
    vec![
        Change::Set(ACCESS_KEY_ID, id),
        Change::Set(SECRET_ACCESS_KEY, secret),
        Change::Set(SESSION_TOKEN, token),
        Change::Remove(OLDER_TOKEN),
        // The new credentials can be of another account.
        Change::Remove(ACCOUNT_ID),
    ]
}

fn edit_of<'s, 'd, 'a, 'v>(
    all: &'s ProfileSections<'d, 'a>,
    profile: &ProfileName,
    changes: Vec<Change<'v>>,
) -> Result<ProfileEdit<'s, 'd, 'a, 'v>, SharedFileError> {
    let sections = all.of_profile(profile)?;
    refuse_indented(sections, &changes)?;
    Ok(ProfileEdit { sections, new_section: SharedFile::Credentials.section_name(profile), changes })
}
