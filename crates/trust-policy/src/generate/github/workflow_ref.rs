//! A reusable workflow, as the claim `job_workflow_ref` names it.

use std::{fmt, str::FromStr};

use crate::generate::ref_pattern::RefPattern;

use super::repository::Repository;

/// `OWNER/REPOSITORY/.github/workflows/FILE@REF`. Only the ref may be a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkflowRef(String);

/// Why a text is not a reusable workflow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "invalid workflow `{0}`; expected the form of the claim, such as `octo/app/.github/workflows/deploy.yml@refs/heads/main`, with wildcards in the ref only"
)]
pub struct InvalidWorkflowRef(String);

impl FromStr for WorkflowRef {
    type Err = InvalidWorkflowRef;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (workflow, git_ref) = text.split_once('@')?;
            let (repository, file) = workflow.split_once("/.github/workflows/")?;
            let is_file = file.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
                && [".yml", ".yaml"]
                    .iter()
                    .any(|end| file.strip_suffix(end).is_some_and(|name| !name.is_empty()));
            let pattern = RefPattern::full(git_ref)?.ok()?;
            (is_file && Repository::named(repository, None).is_some())
                .then(|| format!("{workflow}@{pattern}"))
        };
        read().map(Self).ok_or_else(|| InvalidWorkflowRef(text.escape_debug().to_string()))
    }
}

impl fmt::Display for WorkflowRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workflow_is_taken_as_tokens_name_it() {
        for text in [
            "octo/app/.github/workflows/deploy.yml@refs/heads/main",
            "octo/app/.github/workflows/de-ploy_1.yaml@refs/tags/v*",
        ] {
            assert_eq!(text.parse::<WorkflowRef>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn patterns_and_parts_are_refused() {
        for text in [
            "",
            "octo/app/.github/workflows/deploy.yml",
            "octo/app/.github/workflows/deploy.yml@main",
            "octo/app/.github/workflows/deploy.yml@*",
            "octo/app/.github/workflows/*@refs/heads/main",
            "octo/*/.github/workflows/deploy.yml@refs/heads/main",
            "octo/app/deploy.yml@refs/heads/main",
            "octo/app/.github/workflows/.yml@refs/heads/main",
            "octo/app/.github/workflows/a/b.yml@refs/heads/main",
        ] {
            assert!(text.parse::<WorkflowRef>().is_err(), "{text}");
        }
    }
}
