//! Whose the keys of a profile are. STS returns none without a session token, so keys without one are a user's own long-term
//! keys: nothing replaces or removes them unless the user asks for it.

use aws::Secret;

use super::document::{Document, Key, Section};
use super::profile_keys::{ACCESS_KEY, TOKENS, is_static};
use super::profile_sections::{ProfileSections, SharedFile};
use super::{ProfileName, SharedFileError, removal};

/// The first key of a user's own in these sections, which are those of one profile.
pub(super) fn first_of<'s, 'a>(sections: &'s [&'s Section<'a>]) -> Option<(&'s Section<'a>, &'s Key<'a>)> {
    let set = |names: &'static [&'static str]| {
        let keys = sections.iter().flat_map(|section| section.keys.iter().map(move |key| (*section, key)));
        keys.filter(move |(_, key)| names.contains(&key.name.as_str()) && has_value(key))
    };
    set(&ACCESS_KEY).next().filter(|_| set(&TOKENS).next().is_none())
}

/// A key alone on its line sets nothing.
fn has_value(key: &Key<'_>) -> bool {
    !key.value.is_empty() || !key.continuation.is_empty()
}

/// Refuses a file in which one of the profiles has a user's own keys.
pub(super) fn refuse<'a>(
    existing: &str,
    file: SharedFile,
    profiles: impl IntoIterator<Item = &'a ProfileName>,
) -> Result<(), SharedFileError> {
    let document = Document::parse(existing)?;
    let all = ProfileSections::of(&document, file)?;
    for profile in profiles {
        if let Some((section, key)) = first_of(all.of_profile_unchecked(profile)?) {
            return Err(SharedFileError::LongTermKeys {
                key: key.name.clone(),
                section: section.name.to_owned(),
                line: key.line + 1,
            });
        }
    }
    Ok(())
}

/// The file without a user's own keys in the profile, for a user who has asked for it.
pub(super) fn remove(
    existing: &str,
    file: SharedFile,
    profile: &ProfileName,
) -> Result<Secret, SharedFileError> {
    let document = Document::parse(existing)?;
    let all = ProfileSections::of(&document, file)?;
    let sections = all.of_profile_unchecked(profile)?;
    if first_of(sections).is_none() {
        return Ok(Secret::new(existing.to_owned()));
    }
    let names = [ACCESS_KEY, TOKENS].concat();
    removal::without(&document, sections, &names, |key| is_static(&key.name)).map(Secret::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str, file: SharedFile) -> Option<usize> {
        match refuse(text, file, [&"ci".parse().unwrap()]) {
            Ok(()) => None,
            Err(SharedFileError::LongTermKeys { line, .. }) => Some(line),
            Err(error) => panic!("{text:?}: {error}"),
        }
    }

    #[test]
    fn keys_without_a_session_token_are_a_users_own() {
        for (keys, line) in [
            ("aws_access_key_id = AKIA\naws_secret_access_key = s\n", Some(2)),
            ("region = x\nAWS_Secret_Access_Key: s\n", Some(3)),
            ("aws_access_key_id = AKIA\naws_session_token =\n", Some(2)),
            ("aws_access_key_id =\n  AKIA=\n", Some(2)),
            ("aws_access_key_id = ASIA\naws_secret_access_key = s\naws_session_token = t\n", None),
            ("aws_access_key_id = ASIA\naws_security_token = t\n", None),
            ("aws_access_key_id =\naws_secret_access_key =\n", None),
            ("region = x\n", None),
        ] {
            for (header, file) in [("[ci]", SharedFile::Credentials), ("[profile ci]", SharedFile::Config)] {
                assert_eq!(refused(&format!("{header}\n{keys}"), file), line, "{keys:?}");
                assert_eq!(refused(&format!("[b]\n{keys}"), file), None, "{keys:?}");
            }
        }
    }

    #[test]
    fn only_a_users_own_keys_are_removed() {
        let profile = "ci".parse().unwrap();
        for (text, left) in [
            ("[ci]\naws_access_key_id=A\nregion=x\naws_secret_access_key=s\n", "[ci]\nregion=x\n"),
            (
                "[ci]\naws_access_key_id=A\naws_session_token=t\n",
                "[ci]\naws_access_key_id=A\naws_session_token=t\n",
            ),
            ("[b]\naws_access_key_id=A\n", "[b]\naws_access_key_id=A\n"),
        ] {
            let after = remove(text, SharedFile::Credentials, &profile).unwrap();
            assert_eq!(after.expose(), left);
        }
    }
}
