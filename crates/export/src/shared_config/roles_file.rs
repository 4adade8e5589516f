//! The file that declares roles: AWS's own syntax, read for the roles that are to be assumed. Apart from the
//! other reader, which wants to know one profile's keys: here every profile has a role and none has keys.
//!
//! What the profiles mean to each other, sources and cycles, is not known here.

mod flaw;
mod key;

use std::collections::BTreeMap;
use std::convert::Infallible;

use aws::{ExternalId, Region, RoleArn, SessionDuration};

use super::ProfileName;
use super::document::{DEFAULTS, Document, Section};
use super::reader;
pub use flaw::{BadValue, RolesFlaw};
use key::{Foreign, Key};

/// More than people write by hand. The editor takes more, as sessions are larger than roles.
const MAX_BYTES: usize = 1 << 20;
const MAX_PROFILES: usize = 1000;

/// Everything that the file asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// One or more, in the file's order.
    pub profiles: Vec<RoleProfile>,
    /// Keys that have no effect here, in the file's order.
    pub ignored: Vec<At<String>>,
}

/// One profile with its role.
#[derive(Debug, PartialEq, Eq)]
pub struct RoleProfile {
    /// The name, at its header's line.
    pub name: At<ProfileName>,
    /// The role to assume.
    pub role: RoleArn,
    /// The profile from whose session it is assumed; without one, with the job's token.
    pub source: Option<At<ProfileName>>,
    /// What the role's owner asks to be told; never without a source.
    pub external_id: Option<ExternalId>,
    /// How long the session lasts.
    pub duration: Option<At<SessionDuration>>,
    /// Where STS is asked, and what the profile gets.
    pub region: Option<At<Region>>,
    /// The session's name, unchecked: it may have been put together from variables.
    pub session_name: Option<At<String>>,
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Counts from 1.
    pub line: usize,
}

/// Reads the file, or says everything that is wrong with it, section by section. Of what clients can't even take
/// apart, the first is said.
pub fn read(text: &str) -> Result<Roles, Vec<RolesFlaw>> {
    if text.len() > MAX_BYTES {
        return Err(vec![RolesFlaw::TooLarge { bytes: text.len() }]);
    }
    let document = Document::parse(text).map_err(|error| vec![RolesFlaw::Malformed(error)])?;
    let mut reader = Reader::default();
    for section in &document.sections {
        reader.section(section);
    }
    let Reader { roles, flaws, .. } = reader;
    if !flaws.is_empty() {
        return Err(flaws);
    }
    match roles.profiles.len() {
        0 => Err(vec![RolesFlaw::NoProfiles]),
        1..=MAX_PROFILES => Ok(roles),
        count => Err(vec![RolesFlaw::TooMany { count, most: MAX_PROFILES }]),
    }
}

/// What has been read so far.
#[derive(Default)]
struct Reader {
    roles: Roles,
    flaws: Vec<RolesFlaw>,
    /// The lines of the headers, by profile.
    headers: BTreeMap<String, usize>,
}

impl Reader {
    fn section(&mut self, section: &Section<'_>) {
        let line = section.header + 1;
        let Some(name) = profile_of(section.name) else {
            let section = section.name.to_owned();
            self.flaws.push(RolesFlaw::NotAProfile { section, line });
            return;
        };
        let name: ProfileName = match name.parse() {
            Ok(name) => name,
            Err(why) => return self.flaws.push(RolesFlaw::Name { line, why }),
        };
        if let Some(first) = self.headers.insert(name.to_string(), line) {
            let name = name.to_string();
            return self.flaws.push(RolesFlaw::DuplicateProfile { name, first, line });
        }
        let before = self.flaws.len();
        self.foreign_keys(section);
        let role = self.value(section, Key::RoleArn, str::parse);
        let source = self.value(section, Key::SourceProfile, str::parse);
        let external_id = self.value(section, Key::ExternalId, str::parse);
        let duration = self.value(section, Key::DurationSeconds, seconds);
        let region = self.value(section, Key::Region, str::parse);
        let session_name =
            self.value(section, Key::RoleSessionName, |text| Ok::<_, Infallible>(text.to_owned()));
        if self.flaws.len() > before {
            return;
        }
        let Some(role) = role else {
            return self.flaws.push(RolesFlaw::NoRole { name: name.to_string(), line });
        };
        if let (Some(At { line, .. }), None) = (&external_id, &source) {
            self.flaws.push(RolesFlaw::ExternalIdWithToken { name: name.to_string(), line: *line });
        }
        self.roles.profiles.push(RoleProfile {
            name: At { value: name, line },
            role: role.value,
            source,
            external_id: external_id.map(|at| at.value),
            duration,
            region,
            session_name,
        });
    }

    fn foreign_keys(&mut self, section: &Section<'_>) {
        for key in &section.keys {
            let (name, line) = (key.name.clone(), key.line + 1);
            match Foreign::of(&name) {
                None => {}
                Some(Foreign::Credentials) => {
                    self.flaws.push(RolesFlaw::OtherCredentials { key: name, line });
                }
                Some(Foreign::MisspeltFor(meant)) => {
                    self.flaws.push(RolesFlaw::Misspelt { key: name, meant: meant.name(), line });
                }
                Some(Foreign::WithoutEffect) => self.roles.ignored.push(At { value: name, line }),
            }
        }
    }

    /// The key's value, if it stands there. One that is empty is refused: somebody meant to write something.
    fn value<T, E: Into<BadValue>>(
        &mut self,
        section: &Section<'_>,
        key: Key,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<At<T>> {
        let line = section.keys.iter().find(|it| it.name == key.name())?.line + 1;
        let parsed = match reader::value(section, key.name()) {
            Ok(Some(text)) => parse(text).map_err(|error| RolesFlaw::Value { line, why: error.into() }),
            Ok(None) => Err(RolesFlaw::Empty { key: key.name(), line }),
            Err(error) => Err(RolesFlaw::Unclear(error)),
        };
        match parsed {
            Ok(value) => Some(At { value, line }),
            Err(flaw) => {
                self.flaws.push(flaw);
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
fn seconds(text: &str) -> Result<SessionDuration, BadValue> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(text.parse()?);
    }
    Err(BadValue::NotSeconds(text.escape_debug().to_string()))
}
