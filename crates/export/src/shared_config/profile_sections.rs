//! The sections of a profile, and the keys in a file that would win over the credentials that are written there.

use std::collections::BTreeMap;

use super::document::{DEFAULTS, Document, Key, Section};
use super::profile_keys::{ACCOUNT_ID, REGION, is_other_source, is_our_process, is_static};
use super::{ProfileName, SharedFileError};

/// The two shared files differ in how a section names its profile.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SharedFile {
    /// `[NAME]`.
    Credentials,
    /// `[profile NAME]`, and `[default]` with the prefix or without.
    Config,
}

impl SharedFile {
    /// The name of the section to add where a profile has none.
    pub(super) fn section_name(self, profile: &ProfileName) -> String {
        match (self, profile.as_str()) {
            (Self::Credentials, name) | (Self::Config, name @ "default") => name.to_owned(),
            (Self::Config, name) => format!("profile {name}"),
        }
    }

    /// The profile for which every client reads the section; `None` also for a name in quotes or between spaces.
    fn plain_profile(self, section: &str) -> Option<&str> {
        match self {
            Self::Credentials => Some(section),
            Self::Config if section == "default" => Some(section),
            Self::Config => section.strip_prefix("profile "),
        }
    }

    /// The profile for which some client reads the section, for example with a name in quotes or between spaces.
    fn resembled_profile(self, section: &str) -> Option<String> {
        let unquoted = section.replace(['"', '\'', '\\'], "");
        let words: Vec<&str> = unquoted.split_whitespace().collect();
        match words.as_slice() {
            [name] if self == Self::Credentials || *name == "default" => Some((*name).to_owned()),
            // botocore checks only the beginning of the first word.
            [first, name] if self == Self::Config && first.starts_with("profile") => Some((*name).to_owned()),
            _ => None,
        }
    }
}

/// All profiles of a file, by name: an edit of a thousand profiles parses the file once.
pub(super) struct ProfileSections<'d, 'a> {
    file: SharedFile,
    /// By the name that all clients read. Two sections where the config file has `[default]` and `[profile default]`.
    plain: BTreeMap<&'a str, Vec<&'d Section<'a>>>,
    /// The first header of a name that only some clients read, as an index among the lines.
    odd: BTreeMap<String, usize>,
}

impl<'d, 'a> ProfileSections<'d, 'a> {
    /// Sorts the sections by profile, and refuses `[DEFAULT]` keys that would belong to every profile's credentials.
    pub(super) fn of(document: &'d Document<'a>, file: SharedFile) -> Result<Self, SharedFileError> {
        let mut sections = Self { file, plain: BTreeMap::new(), odd: BTreeMap::new() };
        for section in &document.sections {
            let plain = file.plain_profile(section.name);
            if let Some(name) = plain {
                sections.plain.entry(name).or_default().push(section);
            }
            match file.resembled_profile(section.name) {
                Some(name) if plain != Some(&name) => {
                    sections.odd.entry(name).or_insert(section.header);
                }
                _ => {}
            }
        }
        refuse_defaults(document, file)?;
        Ok(sections)
    }

    /// Every name that some client reads as a profile's.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.plain.keys().copied().chain(self.odd.keys().map(String::as_str))
    }

    /// The profile's sections: one or none, or two where the config file has `[default]` and `[profile default]`, of which
    /// clients use different ones.
    ///
    /// Refuses a profile with another kind of credentials. A `credential_process` of this program in the config file is
    /// allowed: the edit that follows replaces or removes it.
    pub(super) fn of_profile(&self, profile: &ProfileName) -> Result<&[&'d Section<'a>], SharedFileError> {
        let sections = self.of_profile_unchecked(profile)?;
        let is_allowed = |key: &Key<'_>| self.file == SharedFile::Config && is_our_process(key);
        for section in sections {
            if let Some(key) = section.keys.iter().find(|key| is_other_source(&key.name) && !is_allowed(key))
            {
                return Err(SharedFileError::OtherCredentials {
                    key: key.name.clone(),
                    section: section.name.to_owned(),
                    line: key.line + 1,
                });
            }
        }
        Ok(sections)
    }

    /// The same, with any kinds of credentials in them.
    pub(super) fn of_profile_unchecked(
        &self,
        profile: &ProfileName,
    ) -> Result<&[&'d Section<'a>], SharedFileError> {
        match self.odd.get(profile.as_str()) {
            Some(header) => {
                Err(SharedFileError::OddHeader { plain: self.file.section_name(profile), line: header + 1 })
            }
            None => Ok(self.plain.get(profile.as_str()).map_or(&[], Vec::as_slice)),
        }
    }
}

/// Refuses keys in `[DEFAULT]` that would belong to every profile's credentials.
fn refuse_defaults(document: &Document<'_>, file: SharedFile) -> Result<(), SharedFileError> {
    // botocore reads the Region of the credentials file before that of the config file.
    let leaks = |key: &Key<'_>| {
        is_other_source(&key.name)
            || is_static(&key.name)
            || key.name == ACCOUNT_ID
            || file == SharedFile::Credentials && key.name == REGION
    };
    let defaults = document.sections.iter().filter(|section| section.name == DEFAULTS);
    if let Some(key) = defaults.flat_map(|section| &section.keys).find(|key| leaks(key)) {
        return Err(SharedFileError::DefaultSection { key: key.name.clone(), line: key.line + 1 });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_that_only_some_clients_read_are_odd() {
        for (file, header) in [
            (SharedFile::Credentials, " ci"),
            (SharedFile::Credentials, "ci\t"),
            (SharedFile::Credentials, "\"ci\""),
            (SharedFile::Config, "profile  ci"),
            (SharedFile::Config, " profile ci "),
            (SharedFile::Config, "profile \"ci\""),
            (SharedFile::Config, "profile\tci"),
            (SharedFile::Config, "'profile' c\\i"),
            (SharedFile::Config, "profiles ci"),
        ] {
            let text = format!("[a]\n[{header}]\n");
            let document = Document::parse(&text).unwrap();
            let sections = ProfileSections::of(&document, file).unwrap();
            let error = sections.of_profile(&"ci".parse().unwrap()).err();
            let plain = file.section_name(&"ci".parse().unwrap());
            assert_eq!(error, Some(SharedFileError::OddHeader { plain, line: 2 }), "{header}");
        }
    }

    #[test]
    fn other_profiles_are_not_taken_for_ours() {
        for (file, header) in [
            (SharedFile::Credentials, "CI"),
            (SharedFile::Credentials, "profile ci"),
            (SharedFile::Credentials, "ci.old"),
            (SharedFile::Config, "ci"),
            (SharedFile::Config, "profile ci old"),
            (SharedFile::Config, "sso-session ci"),
            (SharedFile::Config, "services ci"),
        ] {
            let text = format!("[{header}]\nrole_arn = x\n");
            let document = Document::parse(&text).unwrap();
            let sections = ProfileSections::of(&document, file).unwrap();
            assert!(sections.of_profile(&"ci".parse().unwrap()).unwrap().is_empty(), "{header}");
        }
    }
}
