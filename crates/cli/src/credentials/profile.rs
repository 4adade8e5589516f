//! A profile of AWS's two shared files, put together: which of its parts AWS's tools take first.

use aws::Secret;
use export::{ProfileName, StaticCredentials};

use super::process::Process;
use super::shared_profiles::{Part, SharedProfiles};
use super::{CredentialsError, Origin};
use crate::io::environment::{Environment, vars};

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

/// botocore, the AWS CLI and Go take the credentials file's keys before these (facts/aws.md 6.2).
const AFTER_KEYS: [&str; 2] = [PROCESS, "login_session"];

const PROCESS: &str = "credential_process";

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
    /// Puts it together.
    pub(super) fn of(name: ByName, files: &SharedProfiles) -> Result<Self, CredentialsError> {
        let credentials = files.credentials.part(name.name())?;
        let config = files.config.part(name.name())?;
        Ok(Self { name, credentials, config })
    }

    /// In botocore the credentials file's comes before that of the config file.
    pub(super) fn region(&self) -> Option<String> {
        self.credentials.read.region.clone().or_else(|| self.config.read.region.clone())
    }

    /// The keys that AWS's tools would take, or the process that prints them, and where they are, in words.
    pub(super) fn origin(
        &self,
        notes: &mut Vec<String>,
    ) -> Result<Option<(Origin, String)>, CredentialsError> {
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
        } else if let Some(other) = others.clone().find(|(key, _)| *key != PROCESS) {
            return Err(not_followed(other));
        } else if let Some((_, part)) = others.next() {
            let source = format!("profile {name} ({PROCESS} in {})", part.shown());
            return Ok(Some((Origin::Process(self.process_of(part, notes)), source)));
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
        Ok(Some((Origin::Keys(keys.clone()), format!("profile {name} ({})", first.shown()))))
    }

    fn process_of(&self, part: &Part, notes: &mut Vec<String>) -> Process {
        let profile = self.name.name().clone();
        if self.config.read.keys.is_some() {
            notes.push(format!(
                "the `{PROCESS}` of profile `{profile}` wins over its keys in `{}`, except in Go's tools such as \
                 Terraform",
                self.config.shown()
            ));
        }
        let process = Process {
            profile,
            path: part.path.clone().unwrap_or_default(),
            command_line: part.read.process.clone().unwrap_or_else(|| Secret::new(String::new())),
        };
        if process.needs_a_shell() {
            notes.push(format!(
                "the `{PROCESS}` of profile `{}` is run by a shell here; the AWS CLI and boto3 use none: `~`, \
                 variables, pipes and the like mean nothing to them",
                process.profile
            ));
        }
        process
    }

    /// Whether somebody names a profile that no file has: AWS's tools stop there.
    pub(super) fn is_named_and_missing(&self) -> bool {
        !matches!(self.name, ByName::Default(_)) && !self.parts().any(|part| part.is_there)
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
    pub(super) fn shadowed_by_variables(&self, keys: &StaticCredentials) -> Option<String> {
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
