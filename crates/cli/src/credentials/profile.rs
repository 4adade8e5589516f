//! A profile, merged from AWS's two shared files: which of its sources of credentials AWS's tools use first.

use aws::Secret;
use export::{ProfileName, StaticCredentials};

use super::process::Process;
use super::shared_profiles::{ProfileSection, SharedProfiles};
use super::{CredentialsError, Missing, Origin};
use crate::io::environment::{Environment, vars};

/// A profile's name, and why it is used.
#[derive(Debug)]
pub(super) enum ProfileChoice {
    /// The user of this command requested it: no other source is used.
    Requested(ProfileName),
    /// An AWS variable names it.
    Variable(ProfileName, &'static str),
    /// It is the default.
    Default(ProfileName),
}

/// A profile's sections in both files.
pub(super) struct Profile {
    choice: ProfileChoice,
    credentials: ProfileSection,
    config: ProfileSection,
}

/// botocore, the AWS CLI and Go use the credentials file's static credentials before these (facts/aws.md 6.2).
const AFTER_STATIC: [&str; 2] = [PROCESS, "login_session"];

const PROCESS: &str = "credential_process";

impl ProfileChoice {
    /// AWS's variables, else `default`.
    pub(super) fn of_environment(
        environment: &Environment,
        notes: &mut Vec<String>,
    ) -> Result<Self, CredentialsError> {
        let names = [vars::AWS_PROFILE, vars::AWS_DEFAULT_PROFILE]
            .map(|variable| Some((variable, environment.non_blank(variable)?.trim())));
        if let [Some((_, first)), Some((_, second))] = names
            && first != second
        {
            notes.push(
                "AWS_PROFILE and AWS_DEFAULT_PROFILE differ: AWS_PROFILE is used here, as in AWS CLI v2 and the SDKs; \
                 boto3 and AWS CLI v1 use the other"
                    .to_owned(),
            );
        }
        let (variable, text) = names.into_iter().flatten().next().unwrap_or(("", "default"));
        let name =
            ProfileName::to_read(text).map_err(|source| CredentialsError::Name { variable, source })?;
        Ok(if variable.is_empty() { Self::Default(name) } else { Self::Variable(name, variable) })
    }

    fn name(&self) -> &ProfileName {
        let (Self::Requested(name) | Self::Variable(name, _) | Self::Default(name)) = self;
        name
    }
}

impl Profile {
    /// Reads its sections.
    pub(super) fn of(choice: ProfileChoice, files: &SharedProfiles) -> Result<Self, CredentialsError> {
        let credentials = files.credentials.section(choice.name())?;
        let config = files.config.section(choice.name())?;
        Ok(Self { choice, credentials, config })
    }

    /// Its name.
    pub(super) fn name(&self) -> &ProfileName {
        self.choice.name()
    }

    /// Its Region. As in botocore, the credentials file has precedence over the config file.
    pub(super) fn region(&self) -> Option<String> {
        self.credentials.read.region.clone().or_else(|| self.config.read.region.clone())
    }

    /// The credentials that AWS's tools would use, or the process that prints them, with a description of their source.
    pub(super) fn origin(
        &self,
        notes: &mut Vec<String>,
    ) -> Result<Option<(Origin, String)>, CredentialsError> {
        let name = self.choice.name();
        let mut others =
            self.sections().flat_map(|section| section.read.others.iter().map(move |key| (key, section)));
        let unsupported = |(key, section): (&String, &ProfileSection)| CredentialsError::UnsupportedKey {
            profile: name.to_string(),
            key: key.clone(),
            path: section.path.clone().unwrap_or_default(),
        };
        if let Some(other) = others.clone().find(|(key, _)| !AFTER_STATIC.contains(&key.as_str())) {
            return Err(unsupported(other));
        }
        let first = if self.credentials.read.keys.is_some() {
            for (key, _) in others {
                notes.push(format!(
                    "the credentials of profile `{name}` take precedence over its `{key}` in the AWS CLI, boto3 and \
                     Go; the Rust SDK uses `{key}` first"
                ));
            }
            if self.config.read.keys.is_some() {
                notes.push(format!(
                    "the credentials of profile `{name}` in `{}` take precedence over those in `{}`",
                    self.credentials.file(),
                    self.config.file()
                ));
            }
            &self.credentials
        } else if let Some(other) = others.clone().find(|(key, _)| *key != PROCESS) {
            return Err(unsupported(other));
        } else if let Some((_, section)) = others.next() {
            let source = format!("profile {name} ({PROCESS} in {})", section.file());
            return Ok(Some((Origin::Process(self.process_of(section, notes)), source)));
        } else {
            &self.config
        };
        let Some(credentials) = &first.read.keys else { return Ok(None) };
        if first.read.has_older_token {
            notes.push(format!(
                "`aws_security_token` of profile `{name}` is used as the session token, as in the AWS CLI and boto3; \
                 other AWS tools read only `aws_session_token`"
            ));
        }
        Ok(Some((Origin::Static(credentials.clone()), format!("profile {name} ({})", first.file()))))
    }

    fn process_of(&self, section: &ProfileSection, notes: &mut Vec<String>) -> Process {
        let profile = self.choice.name().clone();
        if self.config.read.keys.is_some() {
            notes.push(format!(
                "the `{PROCESS}` of profile `{profile}` takes precedence over its credentials in `{}`, except in Go \
                 tools such as Terraform",
                self.config.file()
            ));
        }
        let process = Process {
            profile,
            path: section.path.clone().unwrap_or_default(),
            command_line: section.read.process.clone().unwrap_or_else(|| Secret::new(String::new())),
        };
        if process.needs_a_shell() {
            notes.push(format!(
                "the `{PROCESS}` of profile `{}` is run in a shell here; the AWS CLI and boto3 run it without one, so \
                 `~`, variables and pipes have no effect there",
                process.profile
            ));
        }
        process
    }

    /// Whether no file has the profile that the user or a variable names: then AWS's tools fail.
    pub(super) fn is_named_and_missing(&self) -> bool {
        !matches!(self.choice, ProfileChoice::Default(_)) && !self.sections().any(|section| section.exists)
    }

    /// The error for a profile without credentials.
    pub(super) fn without_credentials(&self) -> CredentialsError {
        let name = self.choice.name();
        let files: Vec<String> = self
            .sections()
            .filter(|section| section.path.is_some())
            .map(|section| format!("`{}`", section.file()))
            .collect();
        let searched = match files.as_slice() {
            [] => "HOME is not set, so there are no shared files to read".to_owned(),
            files => format!("searched {}", files.join(" and ")),
        };
        let exists = self.sections().any(|section| section.exists);
        let is_requested = matches!(self.choice, ProfileChoice::Requested(_));
        let missing = |text| Missing { text, profile: name.clone(), exists, is_requested };
        let named_by = match self.choice {
            ProfileChoice::Requested(_) => "requested",
            ProfileChoice::Variable(_, variable) => variable,
            ProfileChoice::Default(_) => {
                let text = format!("AWS_ACCESS_KEY_ID is not set; {searched} for profile `{name}`");
                return CredentialsError::NotFound(missing(text));
            }
        };
        if exists {
            let text = format!("profile `{name}` ({named_by}) has no credentials; {searched}");
            return CredentialsError::NotFound(missing(text));
        }
        CredentialsError::ProfileNotFound(missing(format!("`{name}` ({named_by}); {searched}")))
    }

    /// A note for when the variables take precedence over this profile.
    pub(super) fn shadowed_by_variables(&self, credentials: &StaticCredentials) -> Option<String> {
        let has_credentials =
            |section: &ProfileSection| section.read.keys.is_some() || !section.read.others.is_empty();
        let name = self.choice.name();
        // The prefix only: the variable may hold the secret by mistake.
        let key_type =
            if credentials.access_key_id.starts_with("AKIA") { " (a long-lived key, AKIA…)" } else { "" };
        match self.choice {
            ProfileChoice::Variable(_, variable) if !self.sections().any(|section| section.exists) => {
                Some(format!(
                    "AWS_ACCESS_KEY_ID{key_type} is set, but there is no profile `{name}` ({variable}): the AWS CLI and \
                 boto3 fail"
                ))
            }
            ProfileChoice::Variable(_, variable) => Some(format!(
                "AWS_ACCESS_KEY_ID{key_type} takes precedence over profile `{name}` ({variable}), except in tools that \
                 use a named profile first, such as the JavaScript SDK"
            )),
            _ if self.sections().any(has_credentials) => {
                Some(format!("AWS_ACCESS_KEY_ID{key_type} takes precedence over profile `{name}`"))
            }
            _ => None,
        }
    }

    fn sections(&self) -> impl Iterator<Item = &ProfileSection> + Clone {
        [&self.credentials, &self.config].into_iter()
    }
}
