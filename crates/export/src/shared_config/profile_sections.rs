//! Which sections of a file are a profile's, and what in the file would make a client pass over the keys
//! that are written there.

use std::collections::BTreeMap;

use super::document::{DEFAULTS, Document, Key, Section};
use super::{EditError, ProfileName, process_profile};

/// Other kinds of credentials. botocore takes a role, a web identity and `sso_` keys before static keys of
/// the same profile (facts/aws.md 6.2); the Rust SDK takes all of these before them.
const RIVALS: [&str; 6] = [
    "role_arn",
    "source_profile",
    "credential_source",
    "web_identity_token_file",
    "credential_process",
    "login_session",
];

/// Keys that in `[DEFAULT]` would turn up in every profile: as credentials, or as half of a pair.
const CREDENTIALS: [&str; 5] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "aws_security_token",
    "aws_account_id",
];

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

    /// The profile that every client takes the section for. A name in quotes or between spaces is no profile's.
    fn plain_profile(self, section: &str) -> Option<&str> {
        match self {
            Self::Credentials => Some(section),
            Self::Config if section == "default" => Some(section),
            Self::Config => section.strip_prefix("profile "),
        }
    }

    /// The profile that some client takes the section for, for example in quotes or between spaces.
    fn resembled_profile(self, section: &str) -> Option<String> {
        let unquoted = section.replace(['"', '\'', '\\'], "");
        let words: Vec<&str> = unquoted.split_whitespace().collect();
        match words.as_slice() {
            [name] if self == Self::Credentials || *name == "default" => Some((*name).to_owned()),
            // botocore looks at no more than the beginning of the first word.
            [first, name] if self == Self::Config && first.starts_with("profile") => Some((*name).to_owned()),
            _ => None,
        }
    }
}

/// All profiles of a file, looked up by name: an edit of a thousand takes the file apart once.
pub(super) struct ProfileSections<'d, 'a> {
    file: SharedFile,
    /// By the name that all clients read. Two where the config file has `[default]` and `[profile default]`.
    plain: BTreeMap<&'a str, Vec<&'d Section<'a>>>,
    /// The first header of a name that only some clients read, as an index among the lines.
    odd: BTreeMap<String, usize>,
}

impl<'d, 'a> ProfileSections<'d, 'a> {
    /// Sorts the sections by profile, and refuses `[DEFAULT]` keys that would be a part of every profile.
    pub(super) fn of(document: &'d Document<'a>, file: SharedFile) -> Result<Self, EditError> {
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

    /// Every name that some client takes for a profile's.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.plain.keys().copied().chain(self.odd.keys().map(String::as_str))
    }

    /// The profile's sections. That is one or none, or two where the config file has `[default]` and
    /// `[profile default]`: clients disagree which of these counts.
    ///
    /// A `credential_process` of ours in the config file is no rival: whoever changes the profile takes it along.
    pub(super) fn of_profile(&self, profile: &ProfileName) -> Result<&[&'d Section<'a>], EditError> {
        let sections = self.plainly_of_profile(profile)?;
        let is_welcome = |key: &Key<'_>| self.file == SharedFile::Config && process_profile::is_ours(key);
        for section in sections {
            if let Some(key) = section.keys.iter().find(|key| is_rival(&key.name) && !is_welcome(key)) {
                return Err(EditError::Rival {
                    key: key.name.clone(),
                    section: section.name.to_owned(),
                    line: key.line + 1,
                });
            }
        }
        Ok(sections)
    }

    /// The same, whatever kinds of credentials stand in them.
    pub(super) fn plainly_of_profile(&self, profile: &ProfileName) -> Result<&[&'d Section<'a>], EditError> {
        match self.odd.get(profile.as_str()) {
            Some(header) => {
                Err(EditError::OddHeader { plain: self.file.section_name(profile), line: header + 1 })
            }
            None => Ok(self.plain.get(profile.as_str()).map_or(&[], Vec::as_slice)),
        }
    }
}

/// What stands in `[DEFAULT]` must not be a part of any profile's credentials.
fn refuse_defaults(document: &Document<'_>, file: SharedFile) -> Result<(), EditError> {
    // In botocore a region in the credentials file comes before that of the config file.
    let leaks = |key: &Key<'_>| {
        is_rival(&key.name)
            || CREDENTIALS.contains(&key.name.as_str())
            || file == SharedFile::Credentials && key.name == "region"
    };
    let defaults = document.sections.iter().filter(|section| section.name == DEFAULTS);
    if let Some(key) = defaults.flat_map(|section| &section.keys).find(|key| leaks(key)) {
        return Err(EditError::DefaultSection { key: key.name.clone(), line: key.line + 1 });
    }
    Ok(())
}

/// Whether the key leads to another kind of credentials than static keys.
pub(super) fn is_rival(key: &str) -> bool {
    RIVALS.contains(&key) || key.starts_with("sso_")
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
            assert_eq!(error, Some(EditError::OddHeader { plain, line: 2 }), "{header}");
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
