//! A repository with its ids: `OWNER@ID/REPOSITORY@ID`, as subjects with ids have it.

use std::{fmt, str::FromStr};

/// A repository. Never a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    owner: String,
    name: String,
    /// Of the owner and of the repository; a server's tokens need none.
    ids: Option<(String, String)>,
}

/// Why a text is not a repository with its ids.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRepository {
    /// A URL, a pattern, one id alone…
    #[error(
        "invalid repository `{0}`; expected `OWNER@OWNER-ID/REPOSITORY@REPOSITORY-ID`, such as `octo@700/app@70`"
    )]
    Form(String),
    /// Only GitHub knows them.
    #[error(
        "`{0}` has no ids; `gh api repos/{0} --jq '\"\\(.owner.login)@\\(.owner.id)/\\(.name)@\\(.id)\"'` prints it with its ids"
    )]
    NoIds(String),
}

impl Repository {
    /// `OWNER/REPOSITORY`, with the ids of both where they are known.
    pub fn named(text: &str, ids: Option<(&str, &str)>) -> Option<Self> {
        let (owner, name) = text.split_once('/')?;
        let is_name = |name: &str, others: &[u8]| {
            (1..=100).contains(&name.len())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || others.contains(&byte))
        };
        let is_repository =
            is_name(owner, b"-_") && is_name(name, b"-_.") && !name.bytes().all(|byte| byte == b'.');
        let is_id = |id: &str| (1..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit());
        let has_valid_ids = ids.is_none_or(|(owner, repository)| is_id(owner) && is_id(repository));
        (is_repository && has_valid_ids).then(|| Self {
            owner: owner.to_owned(),
            name: name.to_owned(),
            ids: ids.map(|(owner, repository)| (owner.to_owned(), repository.to_owned())),
        })
    }

    /// `OWNER@ID/REPOSITORY@ID`, or the names alone: `@` cannot occur in a name (facts/aws-2026.md 6).
    pub(super) fn of_subject(text: &str) -> Option<Self> {
        match text.split_once('/')? {
            (owner, name) if owner.contains('@') || name.contains('@') => {
                let (owner, owner_id) = owner.split_once('@')?;
                let (name, id) = name.split_once('@')?;
                Self::named(&format!("{owner}/{name}"), Some((owner_id, id)))
            }
            _ => Self::named(text, None),
        }
    }

    /// The repository's id.
    pub(super) fn id(&self) -> Option<&str> {
        self.ids.as_ref().map(|(_, id)| id.as_str())
    }

    /// Whether the ids are known.
    pub fn has_ids(&self) -> bool {
        self.ids.is_some()
    }

    /// With ids, as `sub` has it.
    pub(super) fn with_ids(&self) -> Option<String> {
        let (owner_id, id) = self.ids.as_ref()?;
        Some(format!("{}@{owner_id}/{}@{id}", self.owner, self.name))
    }
}

impl FromStr for Repository {
    type Err = InvalidRepository;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Some(repository) = Self::of_subject(text) else {
            return Err(InvalidRepository::Form(text.escape_debug().to_string()));
        };
        if repository.has_ids() { Ok(repository) } else { Err(InvalidRepository::NoIds(text.to_owned())) }
    }
}

/// By name, as `sub` has it.
impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_has_names_and_ids() {
        let repository: Repository = "octo-org_x@700/my.app@70".parse().unwrap();
        assert_eq!(repository.to_string(), "octo-org_x/my.app");
        assert_eq!(repository.with_ids().as_deref(), Some("octo-org_x@700/my.app@70"));
        let by_name = Repository::of_subject("octo/app").unwrap();
        assert_eq!((by_name.to_string(), by_name.with_ids()), ("octo/app".to_owned(), None));
    }

    #[test]
    fn what_is_pasted_from_elsewhere_is_refused() {
        for text in [
            "",
            "octo",
            "octo@1/",
            "octo@x/app@1",
            "octo@/app@",
            "octo@1/app",
            "octo/app@1",
            "octo@1/*@1",
            "octo@*/app@*",
            "octo@1/app@1/x",
            "https://github.com/octo/app",
            "octo@1/..@2",
            "octo@1/app@2:ref",
            "${octo}@1/app@2",
        ] {
            assert!(matches!(text.parse::<Repository>(), Err(InvalidRepository::Form(_))), "{text}");
        }
        let refused = "octo/app".parse::<Repository>().unwrap_err();
        assert_eq!(
            refused.to_string(),
            "`octo/app` has no ids; `gh api repos/octo/app --jq '\"\\(.owner.login)@\\(.owner.id)/\\(.name)@\\(.id)\"'` \
             prints it with its ids"
        );
    }
}
