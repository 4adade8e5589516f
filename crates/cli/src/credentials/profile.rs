//! A profile of AWS's two shared files, put together: which of its parts AWS's tools take first.

use std::path::PathBuf;

use export::{ProfileName, ReadError, ReadProfile, StaticKeys, config_file, credentials_file};

use super::CredentialsError;
use crate::environment::{Environment, vars};
use crate::io::text_file;
use crate::shared_files;

/// A profile's name, and who says it.
#[derive(Debug)]
pub(super) enum ByName {
    /// The user of this command, so that nothing else counts.
    Asked(ProfileName),
    /// One of AWS's variables.
    Variable(ProfileName, &'static str),
    /// Nobody.
    Default(ProfileName),
}

/// Both files' share of a profile.
pub(super) struct Profile {
    name: ByName,
    credentials: Part,
    config: Part,
}

/// One file's share.
struct Part {
    /// `None` where no place is known for the file.
    path: Option<PathBuf>,
    /// Empty where the file has no such profile.
    read: ReadProfile,
    is_there: bool,
}

/// botocore, the AWS CLI and Go take the credentials file's keys before these (facts/aws.md 6.2).
const AFTER_KEYS: [&str; 2] = ["credential_process", "login_session"];

impl ByName {
    /// AWS's variables, else `default`.
    pub(super) fn of_environment(
        environment: &Environment,
        notes: &mut Vec<String>,
    ) -> Result<Self, CredentialsError> {
        let names = [vars::AWS_PROFILE, vars::AWS_DEFAULT_PROFILE]
            .map(|variable| Some((variable, environment.set(variable)?.trim())));
        if let [Some((_, first)), Some((_, second))] = names
            && first != second
        {
            notes.push(
                "AWS_PROFILE and AWS_DEFAULT_PROFILE differ: AWS_PROFILE counts here, as in AWS CLI v2 and the SDKs; \
                 boto3 and AWS CLI v1 take the other"
                    .to_owned(),
            );
        }
        let (variable, text) = names.into_iter().flatten().next().unwrap_or(("", "default"));
        let name = text.parse().map_err(|source| CredentialsError::Name { variable, source })?;
        Ok(if variable.is_empty() { Self::Default(name) } else { Self::Variable(name, variable) })
    }

    fn name(&self) -> &ProfileName {
        let (Self::Asked(name) | Self::Variable(name, _) | Self::Default(name)) = self;
        name
    }
}

impl Profile {
    /// Reads both files. One that is missing is empty, as to AWS's tools.
    pub(super) fn read(name: ByName, environment: &Environment) -> Result<Self, CredentialsError> {
        let part = |path, reader| Part::read(path, reader, name.name());
        let credentials = part(shared_files::credentials(environment), credentials_file::read as Reader)?;
        let config = part(shared_files::config(environment), config_file::read as Reader)?;
        Ok(Self { name, credentials, config })
    }

    /// In botocore the credentials file's comes before that of the config file.
    pub(super) fn region(&self) -> Option<String> {
        self.credentials.read.region.clone().or_else(|| self.config.read.region.clone())
    }

    /// The keys that AWS's tools would take, and where they are, in words.
    pub(super) fn keys(
        &self,
        notes: &mut Vec<String>,
    ) -> Result<Option<(StaticKeys, String)>, CredentialsError> {
        let name = self.name.name();
        let mut others = self.parts().flat_map(|part| part.read.others.iter().map(move |key| (key, part)));
        let not_followed = |(key, part): (&String, &Part)| CredentialsError::NotFollowed {
            profile: name.to_string(),
            key: key.clone(),
            path: part.path.clone().unwrap_or_default(),
        };
        if let Some(other) = others.clone().find(|(key, _)| !AFTER_KEYS.contains(&key.as_str())) {
            return Err(not_followed(other));
        }
        let first = if self.credentials.read.keys.is_some() {
            for (key, _) in others {
                notes.push(format!(
                    "the keys of profile `{name}` win over its `{key}` in the AWS CLI, boto3 and Go; the Rust SDK \
                     takes `{key}` first"
                ));
            }
            if self.config.read.keys.is_some() {
                notes.push(format!(
                    "the keys of profile `{name}` in `{}` win over those in `{}`",
                    self.credentials.shown(),
                    self.config.shown()
                ));
            }
            &self.credentials
        } else if let Some(other) = others.next() {
            return Err(not_followed(other));
        } else {
            &self.config
        };
        let Some(keys) = &first.read.keys else { return Ok(None) };
        if first.read.has_older_token {
            notes.push(format!(
                "`aws_security_token` of profile `{name}` is taken for the session token, as the AWS CLI and boto3 do; \
                 other AWS tools read `aws_session_token` alone"
            ));
        }
        Ok(Some((keys.clone(), format!("profile {name} ({})", first.shown()))))
    }

    /// What to say where the profile has no keys.
    pub(super) fn without_keys(&self) -> CredentialsError {
        let name = self.name.name();
        let files: Vec<String> = self
            .parts()
            .filter(|part| part.path.is_some())
            .map(|part| format!("`{}`", part.shown()))
            .collect();
        let looked = match files.as_slice() {
            [] => "HOME is not set, so there are no shared files to look into".to_owned(),
            files => format!("looked into {}", files.join(" and ")),
        };
        let by = match self.name {
            ByName::Asked(_) => "asked for",
            ByName::Variable(_, variable) => variable,
            ByName::Default(_) => {
                return CredentialsError::Nowhere(format!(
                    "AWS_ACCESS_KEY_ID is not set; {looked} for profile `{name}`"
                ));
            }
        };
        if self.parts().any(|part| part.is_there) {
            return CredentialsError::Nowhere(format!("profile `{name}` ({by}) has no keys; {looked}"));
        }
        CredentialsError::NoProfile { profile: name.to_string(), by, looked }
    }

    /// What the user should know where the variables' keys come before this profile.
    pub(super) fn shadowed_by_variables(&self, keys: &StaticKeys) -> Option<String> {
        let has_credentials = |part: &Part| part.read.keys.is_some() || !part.read.others.is_empty();
        let name = self.name.name();
        // Only this much of it: somebody may have put the secret there.
        let kept = if keys.access_key_id.starts_with("AKIA") { " (a long-lived key, AKIA…)" } else { "" };
        match self.name {
            ByName::Variable(_, variable) if !self.parts().any(|part| part.is_there) => Some(format!(
                "AWS_ACCESS_KEY_ID{kept} is set, but there is no profile `{name}`, which {variable} names: the AWS CLI \
                 and boto3 stop at that"
            )),
            ByName::Variable(_, variable) => Some(format!(
                "AWS_ACCESS_KEY_ID{kept} wins over profile `{name}` of {variable}, except in tools that take a named \
                 profile first, such as the JavaScript SDK"
            )),
            _ if self.parts().any(has_credentials) => {
                Some(format!("AWS_ACCESS_KEY_ID{kept} wins over profile `{name}`"))
            }
            _ => None,
        }
    }

    fn parts(&self) -> impl Iterator<Item = &Part> + Clone {
        [&self.credentials, &self.config].into_iter()
    }
}

/// How one of the files is read.
type Reader = fn(&str, &ProfileName) -> Result<Option<ReadProfile>, ReadError>;

impl Part {
    fn read(path: Option<PathBuf>, reader: Reader, name: &ProfileName) -> Result<Self, CredentialsError> {
        let mut read = None;
        if let Some(path) = &path {
            let text = text_file::read_within(text_file::SHARED_FILE_LIMIT, path)
                .map_err(|source| CredentialsError::Unreadable { path: path.clone(), source })?;
            read = reader(&text.unwrap_or_default(), name)
                .map_err(|source| CredentialsError::Malformed { path: path.clone(), source })?;
        }
        Ok(Self { path, is_there: read.is_some(), read: read.unwrap_or_default() })
    }

    fn shown(&self) -> String {
        self.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default()
    }
}
