//! A repository in the form of a token: `github.com/owner/repo`.

use std::{fmt, str::FromStr};

/// Host, owner and repository, without a scheme. Never a pattern: a wildcard here would allow forks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VcsOrigin(String);

/// Why a text is not a repository.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "invalid repository `{0}`; expected the form of a token, such as `github.com/owner/repo`, without a scheme, a \
     user, `.git` or wildcards"
)]
pub struct InvalidVcsOrigin(String);

impl FromStr for VcsOrigin {
    type Err = InvalidVcsOrigin;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.split('/').collect();
        let is_part = |part: &&str| {
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._~-".contains(&byte))
                // The policy denies every subject that has one of these words twice.
                && !["vcs-origin", "vcs-ref"].contains(part)
        };
        let clone_url =
            text.get(text.len().saturating_sub(4)..).is_some_and(|end| end.eq_ignore_ascii_case(".git"));
        if parts.len() >= 3 && text.len() <= 512 && parts.iter().all(is_part) && !clone_url {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidVcsOrigin(text.escape_debug().to_string()))
        }
    }
}

impl fmt::Display for VcsOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_is_taken_as_tokens_name_it() {
        for text in ["github.com/o/r", "gitlab.com/group/sub.group/my_repo", "bitbucket.org/o/r-1"] {
            assert_eq!(text.parse::<VcsOrigin>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_pasted_from_elsewhere_is_refused() {
        for text in [
            "",
            "github.com/o",
            "github.com/o/",
            "https://github.com/o/r",
            "git@github.com:o/r.git",
            "github.com/o/r.git",
            "github.com/o/*",
            "github.com/o/${aws:username}",
            "github.com/o/vcs-ref/r",
            "github.com/o/\"r",
        ] {
            assert!(text.parse::<VcsOrigin>().is_err(), "{text}");
        }
    }
}
