//! A profile as AWS clients read it. Separate from the editor, which changes text and refuses other kinds of credentials:
//! the reader reports them. A value that clients read in different ways is an error, never a guess.

use std::collections::BTreeMap;

use aws::Secret;

use super::document::{Document, Key, Section};
use super::profile_keys::{
    ACCESS_KEY_ID, OLDER_TOKEN, PROCESS, REGION, SECRET_ACCESS_KEY, SESSION_TOKEN, is_other_source,
};
use super::profile_sections::{ProfileSections, SharedFile};
use super::{ProfileName, SharedFileError};

/// All profiles of a file, parsed once.
#[derive(Debug)]
pub struct ReadProfiles(BTreeMap<String, Result<ReadProfile, ProfileReadError>>);

/// A profile's settings in one of the two files.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct ReadProfile {
    /// The static credentials, if there are any.
    pub keys: Option<StaticCredentials>,
    /// Settings that lead to credentials of another kind, such as `role_arn`, in the file's order.
    pub others: Vec<String>,
    /// The command line of `credential_process`, which may hold a secret.
    pub process: Option<Secret>,
    /// Whether the token has its older name, which only botocore reads, and reads first.
    pub has_older_token: bool,
    /// The Region, unchecked.
    pub region: Option<String>,
}

/// Credentials that need no further step: a user's long-term keys, or those of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaticCredentials {
    /// The access key ID.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: Secret,
    /// A user's long-term keys have none.
    pub session_token: Option<Secret>,
}

/// Why a profile cannot be read. Lines are counted from 1. No error shows a value, which could be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileReadError {
    /// Not all clients read the file, or they read it in different ways.
    #[error(transparent)]
    Malformed(#[from] SharedFileError),
    /// botocore uses the later one, other clients use the one with the prefix.
    #[error(
        "line {line} repeats the default profile of line {first}: AWS clients use different ones; merge the two"
    )]
    TwoDefaults {
        /// Its first line.
        first: usize,
        /// The repeated line.
        line: usize,
    },
    /// Usually an inline comment, which botocore reads as part of the value.
    #[error(
        "the value of `{key}` in line {line} holds a space: AWS clients read what follows in different ways; remove it"
    )]
    SpaceInValue {
        /// The key, in lower case.
        key: String,
        /// Its line.
        line: usize,
    },
    /// Some clients run the whole line, others omit what they read as a comment.
    #[error(
        "the value of `{key}` in line {line} holds a space before `#` or `;`, which only some AWS clients read as \
         a comment; remove it"
    )]
    CommentInValue {
        /// The key, in lower case.
        key: String,
        /// Its line.
        line: usize,
    },
    /// An access key ID without its secret, or the reverse.
    #[error("`[{section}]` has `{present}` and no `{missing}`")]
    HalfAPair {
        /// The profile's section.
        section: String,
        /// The key that is set.
        present: &'static str,
        /// The key that is missing.
        missing: &'static str,
    },
}

/// Parses the text. An error of one profile is returned only when that profile is looked up.
pub(super) fn read(text: &str, file: SharedFile) -> Result<ReadProfiles, ProfileReadError> {
    let document = Document::parse(text)?;
    let sections = ProfileSections::of(&document, file)?;
    let profiles = sections.names().filter_map(|name| {
        let profile = ProfileName::to_read(name).ok()?;
        Some((name.to_owned(), read_one(&sections, &profile).transpose()?))
    });
    Ok(ReadProfiles(profiles.collect()))
}

impl ReadProfiles {
    /// The profile's settings; `None` where the file has no such profile.
    pub fn profile(&self, profile: &ProfileName) -> Result<Option<ReadProfile>, ProfileReadError> {
        self.0.get(profile.as_str()).cloned().transpose()
    }
}

fn read_one(
    sections: &ProfileSections<'_, '_>,
    profile: &ProfileName,
) -> Result<Option<ReadProfile>, ProfileReadError> {
    let section = match sections.of_profile_unchecked(profile)? {
        [] => return Ok(None),
        [section] => *section,
        [first, second, ..] => {
            return Err(ProfileReadError::TwoDefaults { first: first.header + 1, line: second.header + 1 });
        }
    };
    Ok(Some(ReadProfile {
        keys: keys(section)?,
        others: section
            .keys
            .iter()
            .filter(|key| is_other_source(&key.name))
            .map(|key| key.name.clone())
            .collect(),
        process: command_line(section)?.map(|text| Secret::new(text.to_owned())),
        has_older_token: value(section, OLDER_TOKEN)?.is_some(),
        region: value(section, REGION)?.map(str::to_owned),
    }))
}

fn keys(section: &Section<'_>) -> Result<Option<StaticCredentials>, ProfileReadError> {
    let half = |present, missing| {
        Err(ProfileReadError::HalfAPair { section: section.name.to_owned(), present, missing })
    };
    let secret = |text: &str| Secret::new(text.to_owned());
    let (id, key) = match (value(section, ACCESS_KEY_ID)?, value(section, SECRET_ACCESS_KEY)?) {
        (None, None) => return Ok(None),
        (Some(_), None) => return half(ACCESS_KEY_ID, SECRET_ACCESS_KEY),
        (None, Some(_)) => return half(SECRET_ACCESS_KEY, ACCESS_KEY_ID),
        (Some(id), Some(key)) => (id.to_owned(), secret(key)),
    };
    let token = match value(section, OLDER_TOKEN)? {
        Some(token) => Some(token),
        None => value(section, SESSION_TOKEN)?,
    };
    Ok(Some(StaticCredentials {
        access_key_id: id,
        secret_access_key: key,
        session_token: token.map(secret),
    }))
}

/// The key's value, if it has one that all clients read in the same way.
pub(super) fn value<'a>(section: &Section<'a>, name: &str) -> Result<Option<&'a str>, ProfileReadError> {
    let Some(key) = key_of_one_line(section, name)? else { return Ok(None) };
    if key.value.contains(char::is_whitespace) {
        return Err(ProfileReadError::SpaceInValue { key: key.name.clone(), line: key.line + 1 });
    }
    Ok(Some(key.value).filter(|value| !value.is_empty()))
}

/// The value that may hold spaces.
fn command_line<'a>(section: &Section<'a>) -> Result<Option<&'a str>, ProfileReadError> {
    let Some(key) = key_of_one_line(section, PROCESS)? else { return Ok(None) };
    let looks_like_comment = |pair: (char, char)| pair.0.is_whitespace() && matches!(pair.1, '#' | ';');
    if key.value.chars().zip(key.value.chars().skip(1)).any(looks_like_comment) {
        return Err(ProfileReadError::CommentInValue { key: key.name.clone(), line: key.line + 1 });
    }
    Ok(Some(key.value))
}

fn key_of_one_line<'s, 'a>(
    section: &'s Section<'a>,
    name: &str,
) -> Result<Option<&'s Key<'a>>, ProfileReadError> {
    let Some(key) = section.keys.iter().find(|key| key.name == name) else { return Ok(None) };
    match ambiguous_line(key) {
        Some(line) => {
            Err(SharedFileError::Indented { section: section.name.to_owned(), line: line + 1 }.into())
        }
        None => Ok(Some(key)),
    }
}

/// A line that only some clients read as part of this value.
fn ambiguous_line(key: &Key<'_>) -> Option<usize> {
    let below = || key.continuation.iter().chain(&key.indented_comments).min().copied();
    if key.is_indented { Some(key.line) } else { below() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_ci(text: &str) -> Result<Option<ReadProfile>, ProfileReadError> {
        read(text, SharedFile::Credentials)?.profile(&"ci".parse().unwrap())
    }

    fn said(text: &str) -> String {
        read_ci(text).unwrap_err().to_string()
    }

    #[test]
    fn keys_are_read_with_their_token() {
        let text = "[a]\naws_access_key_id = no\n[ci]\r\nAWS_Access_Key_ID=ASIA1\r\n\
                    aws_secret_access_key = s/+=:\naws_session_token= t==\nregion = eu-west-1\n";
        let keys = StaticCredentials {
            access_key_id: "ASIA1".to_owned(),
            secret_access_key: Secret::new("s/+=:".to_owned()),
            session_token: Some(Secret::new("t==".to_owned())),
        };
        let region = Some("eu-west-1".to_owned());
        let profile = ReadProfile { keys: Some(keys), region, ..ReadProfile::default() };
        assert_eq!(read_ci(text), Ok(Some(profile)));
    }

    #[test]
    fn the_older_tokens_name_comes_first() {
        let text = "[ci]\naws_access_key_id=A\naws_secret_access_key=s\naws_session_token=new\naws_security_token=old\n";
        let profile = read_ci(text).unwrap().unwrap();
        assert!(profile.has_older_token);
        assert_eq!(profile.keys.unwrap().session_token.unwrap().expose(), "old");
    }

    #[test]
    fn a_user_has_no_token_and_an_empty_value_is_none() {
        let text = "[ci]\naws_access_key_id=A\naws_secret_access_key=s\naws_session_token =\n";
        assert_eq!(read_ci(text).unwrap().unwrap().keys.unwrap().session_token, None);
        assert_eq!(read_ci("[ci]\naws_access_key_id =\n"), Ok(Some(ReadProfile::default())));
    }

    #[test]
    fn other_kinds_of_credentials_are_named() {
        let text = "[profile ci]\nrole_arn = arn\noutput = json\nSource_Profile = ci\nsso_session = x\n";
        let profiles = read(text, SharedFile::Config).unwrap();
        let profile = profiles.profile(&"ci".parse().unwrap()).unwrap().unwrap();
        assert_eq!(profile.others, ["role_arn", "source_profile", "sso_session"]);
        assert_eq!(profile.keys, None);
    }

    #[test]
    fn a_process_is_its_whole_line() {
        let process = |value: &str| read_ci(&format!("[ci]\ncredential_process = {value}\n"));
        let text = r#""/opt/a b/p" --role 'x y' #;a#b"#.replace(" #", "#");
        assert_eq!(process(&text).unwrap().unwrap().process.unwrap().expose(), text);
        assert_eq!(process("").unwrap().unwrap().process.unwrap().expose(), "");
        assert_eq!(read_ci("[ci]\n").unwrap().unwrap().process, None);
    }

    #[test]
    fn a_profile_that_is_not_there_is_none() {
        assert_eq!(read_ci("[cj]\n"), Ok(None));
        assert_eq!(read_ci(""), Ok(None));
    }

    #[test]
    fn what_clients_read_in_two_ways_is_refused_without_its_value() {
        for (text, part) in [
            ("[ci]\naws_access_key_id=A\n", "has `aws_access_key_id` and no `aws_secret_access_key`"),
            ("[ci]\naws_secret_access_key=wJalr\n", "has `aws_secret_access_key` and no `aws_access_key_id`"),
            ("[ci]\naws_access_key_id=A #wJalr\n", "`aws_access_key_id` in line 2 holds a space"),
            ("[ci]\naws_access_key_id=A\n  wJalr\n", "line 3 in `[ci]` is indented"),
            ("[ci]\n aws_access_key_id=wJalr\n", "line 2 in `[ci]` is indented"),
            ("[ci]\naws_access_key_id=wJalr\n # note\n", "line 3 in `[ci]` is indented"),
            (
                "[ci]\ncredential_process = p wJalr # now\n",
                "`credential_process` in line 2 holds a space before",
            ),
            (
                "[ci]\ncredential_process = p wJalr\t; now\n",
                "`credential_process` in line 2 holds a space before",
            ),
            ("[ci]\ncredential_process = p\n  wJalr\n", "line 3 in `[ci]` is indented"),
            ("[ci ]\n", "write `[ci]`"),
            ("[DEFAULT]\naws_access_key_id=wJalr\n", "line 2 sets `aws_access_key_id` in `[DEFAULT]`"),
            ("[ci]\n[ci]\n", "line 2 repeats the section `[ci]`"),
        ] {
            let said = said(text);
            assert!(said.contains(part), "{text:?}: {said}");
            assert!(!said.contains("wJalr"), "{said}");
        }
    }

    #[test]
    fn two_default_profiles_are_one_too_many() {
        let profiles = read("[default]\n[profile default]\n[profile ci]\n", SharedFile::Config).unwrap();
        let error = profiles.profile(&"default".parse().unwrap());
        assert_eq!(error, Err(ProfileReadError::TwoDefaults { first: 1, line: 2 }));
        assert_eq!(profiles.profile(&"ci".parse().unwrap()), Ok(Some(ReadProfile::default())));
    }
}
