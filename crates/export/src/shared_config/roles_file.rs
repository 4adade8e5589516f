//! The file that declares roles to assume, in AWS's own syntax. Separate from the other reader, which reads one profile's
//! credentials: here every profile has a role and none has credentials.
//!
//! This file does not check how the profiles refer to each other (sources and cycles).

mod error;
mod key;

use std::collections::BTreeMap;
use std::convert::Infallible;

use aws::{ExternalId, Region, RoleArn, SessionDuration};

use super::ProfileName;
use super::document::{DEFAULTS, Document, Section};
use super::reader;
pub use error::{InvalidRoleSetting, RolesFileError};
use key::{Key, OtherKey};

/// More than people write by hand. The editor takes larger files, as sessions are larger than roles.
const MAX_BYTES: usize = 1 << 20;
const MAX_PROFILES: usize = 1000;

/// The contents of the file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// One or more, in the file's order.
    pub profiles: Vec<RoleProfile>,
    /// Keys that have no effect here, in the file's order.
    pub ignored: Vec<WithLine<String>>,
}

/// One profile with its role.
#[derive(Debug, PartialEq, Eq)]
pub struct RoleProfile {
    /// The name, with the line of its header.
    pub name: WithLine<ProfileName>,
    /// The role to assume.
    pub role: RoleArn,
    /// The profile whose session assumes the role; without it the role is assumed with the job's token.
    pub source: Option<WithLine<ProfileName>>,
    /// The external ID; never without a source.
    pub external_id: Option<ExternalId>,
    /// The session's duration.
    pub duration: Option<WithLine<SessionDuration>>,
    /// The Region of the STS endpoint and of the profile.
    pub region: Option<WithLine<Region>>,
    /// The session's name, unchecked: variables may be part of it.
    pub session_name: Option<WithLine<String>>,
    /// What narrows the profile's credentials, unchecked: JSON, or the name of its file. A key of ours, as the next two.
    pub scope_policy: Option<WithLine<String>>,
    /// How long they are valid, unchecked.
    pub scope_duration: Option<WithLine<String>>,
    /// What CloudTrail shows with the request, unchecked.
    pub scope_description: Option<WithLine<String>>,
}

/// A value and its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithLine<T> {
    /// The value.
    pub value: T,
    /// Counted from 1.
    pub line: usize,
}

/// Reads the file, or returns all its errors, section by section. If clients cannot parse the file, only the first error
/// is returned.
pub fn read(text: &str) -> Result<Roles, Vec<RolesFileError>> {
    if text.len() > MAX_BYTES {
        return Err(vec![RolesFileError::TooLarge { bytes: text.len() }]);
    }
    let document = Document::parse(text).map_err(|error| vec![RolesFileError::Malformed(error)])?;
    let mut reader = Reader::default();
    for section in &document.sections {
        reader.section(section);
    }
    let Reader { roles, errors, .. } = reader;
    if !errors.is_empty() {
        return Err(errors);
    }
    match roles.profiles.len() {
        0 => Err(vec![RolesFileError::NoProfiles]),
        1..=MAX_PROFILES => Ok(roles),
        count => Err(vec![RolesFileError::TooMany { count, most: MAX_PROFILES }]),
    }
}

/// What has been read so far.
#[derive(Default)]
struct Reader {
    roles: Roles,
    errors: Vec<RolesFileError>,
    /// The lines of the headers, by profile.
    headers: BTreeMap<String, usize>,
}

impl Reader {
    fn section(&mut self, section: &Section<'_>) {
        let line = section.header + 1;
        let Some(name) = profile_of(section.name) else {
            let section = section.name.to_owned();
            self.errors.push(RolesFileError::NotAProfile { section, line });
            return;
        };
        let name: ProfileName = match name.parse() {
            Ok(name) => name,
            Err(why) => return self.errors.push(RolesFileError::Name { line, why }),
        };
        if let Some(first) = self.headers.insert(name.to_string(), line) {
            let name = name.to_string();
            return self.errors.push(RolesFileError::DuplicateProfile { name, first, line });
        }
        let before = self.errors.len();
        self.other_keys(section);
        let role = self.value(section, Key::RoleArn, str::parse);
        let source = self.value(section, Key::SourceProfile, str::parse);
        let external_id = self.value(section, Key::ExternalId, str::parse);
        let duration = self.value(section, Key::DurationSeconds, seconds);
        let region = self.value(section, Key::Region, str::parse);
        let session_name = self.text(section, Key::RoleSessionName);
        let scope_policy = self.text(section, Key::ScopePolicy);
        let scope_duration = self.text(section, Key::ScopeDuration);
        let scope_description = self.text(section, Key::ScopeDescription);
        if self.errors.len() > before {
            return;
        }
        let Some(role) = role else {
            return self.errors.push(RolesFileError::NoRole { name: name.to_string(), line });
        };
        if let (Some(WithLine { line, .. }), None) = (&external_id, &source) {
            self.errors.push(RolesFileError::ExternalIdWithToken { name: name.to_string(), line: *line });
        }
        self.roles.profiles.push(RoleProfile {
            name: WithLine { value: name, line },
            role: role.value,
            source,
            external_id: external_id.map(|at| at.value),
            duration,
            region,
            session_name,
            scope_policy,
            scope_duration,
            scope_description,
        });
    }

    fn text(&mut self, section: &Section<'_>, key: Key) -> Option<WithLine<String>> {
        self.value(section, key, |text| Ok::<_, Infallible>(text.to_owned()))
    }

    fn other_keys(&mut self, section: &Section<'_>) {
        for key in &section.keys {
            let (name, line) = (key.name.clone(), key.line + 1);
            match OtherKey::of(&name) {
                None => {}
                Some(OtherKey::OtherCredentials) => {
                    self.errors.push(RolesFileError::OtherCredentials { key: name, line });
                }
                Some(OtherKey::MisspeltFor(meant)) => {
                    self.errors.push(RolesFileError::Misspelt { key: name, meant: meant.name(), line });
                }
                Some(OtherKey::WithoutEffect) => self.roles.ignored.push(WithLine { value: name, line }),
            }
        }
    }

    /// The key's value, if the key is set. An empty value is refused, as it is usually a mistake.
    fn value<T, E: Into<InvalidRoleSetting>>(
        &mut self,
        section: &Section<'_>,
        key: Key,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<WithLine<T>> {
        let line = section.keys.iter().find(|it| it.name == key.name())?.line + 1;
        let parsed = match reader::value(section, key.name()) {
            Ok(Some(text)) => parse(text).map_err(|error| RolesFileError::Value { line, why: error.into() }),
            Ok(None) => Err(RolesFileError::Empty { key: key.name(), line }),
            Err(error) => Err(RolesFileError::Unclear(error)),
        };
        match parsed {
            Ok(value) => Some(WithLine { value, line }),
            Err(error) => {
                self.errors.push(error);
                None
            }
        }
    }
}

fn profile_of(section: &str) -> Option<&str> {
    match section {
        "default" => Some(section),
        DEFAULTS => None,
        other => other.strip_prefix("profile "),
    }
}

/// AWS tools read no other form of this key; those of `--duration` would be our own.
fn seconds(text: &str) -> Result<SessionDuration, InvalidRoleSetting> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(text.parse()?);
    }
    Err(InvalidRoleSetting::NotSeconds(text.escape_debug().to_string()))
}
