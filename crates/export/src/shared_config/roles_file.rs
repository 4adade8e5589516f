//! The file that declares roles: AWS's own syntax, read for the roles that are to be assumed. Apart from the
//! other reader, which wants to know one profile's keys: here every profile has a role and none has keys.
//!
//! What the profiles mean to each other, sources and cycles, is not known here.

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

/// More than people write by hand. The editor takes more, as sessions are larger than roles.
const MAX_BYTES: usize = 1 << 20;
const MAX_PROFILES: usize = 1000;

/// Everything that the file asks for.
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
    /// The name, at its header's line.
    pub name: WithLine<ProfileName>,
    /// The role to assume.
    pub role: RoleArn,
    /// The profile from whose session it is assumed; without one, with the job's token.
    pub source: Option<WithLine<ProfileName>>,
    /// What the role's owner asks to be told; never without a source.
    pub external_id: Option<ExternalId>,
    /// How long the session lasts.
    pub duration: Option<WithLine<SessionDuration>>,
    /// Where STS is asked, and what the profile gets.
    pub region: Option<WithLine<Region>>,
    /// The session's name, unchecked: it may have been put together from variables.
    pub session_name: Option<WithLine<String>>,
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithLine<T> {
    /// The value.
    pub value: T,
    /// Counts from 1.
    pub line: usize,
}

/// Reads the file, or says everything that is wrong with it, section by section. Of what clients can't even take
/// apart, the first is said.
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
        let session_name =
            self.value(section, Key::RoleSessionName, |text| Ok::<_, Infallible>(text.to_owned()));
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
        });
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

    /// The key's value, if it stands there. One that is empty is refused: somebody meant to write something.
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

/// The flag's other forms would be a language of our own.
fn seconds(text: &str) -> Result<SessionDuration, InvalidRoleSetting> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(text.parse()?);
    }
    Err(InvalidRoleSetting::NotSeconds(text.escape_debug().to_string()))
}
