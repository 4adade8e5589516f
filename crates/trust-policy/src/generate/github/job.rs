//! The issuer, repository and context in a GitHub job's token, for a plan.

use crate::generate::ref_pattern::{InvalidRefPattern, RefPattern};

use super::{
    Context, SubjectForm,
    environment::{Environment, InvalidEnvironment},
    issuer::{GitHubIssuer, InvalidGitHubIssuer},
    repository::Repository,
};

/// The job that a token was made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitHubJob {
    /// The issuer.
    pub issuer: GitHubIssuer,
    /// The repository, with its ids where the token has them.
    pub repository: Repository,
    /// Whether `sub` has names alone or ids, too.
    pub form: SubjectForm,
    /// What the job runs for.
    pub context: Context,
}

/// Why no policy can be written for a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAGitHubJob {
    /// Another CI's.
    #[error("the token's `iss` is not an issuer of GitHub Actions")]
    Issuer(#[source] InvalidGitHubIssuer),
    /// Of an organization or repository that has changed the template.
    #[error("the token's `sub` is not in GitHub's default form `repo:OWNER/REPOSITORY:CONTEXT`: `{0}`")]
    Subject(String),
    /// A ref that no policy can name.
    #[error("cannot read the ref in the token's `sub`")]
    Ref(#[source] InvalidRefPattern),
    /// An environment that no policy can name.
    #[error("cannot read the environment in the token's `sub`")]
    Environment(#[source] InvalidEnvironment),
}

impl GitHubJob {
    /// Reads `iss` and `sub` (facts/aws-2026.md 6), and the ids of owner and repository in claims of their own.
    pub fn read(issuer: &str, subject: &str, ids: Option<(&str, &str)>) -> Result<Self, NotAGitHubJob> {
        let issuer: GitHubIssuer = issuer.parse().map_err(NotAGitHubJob::Issuer)?;
        let unknown = || NotAGitHubJob::Subject(subject.escape_debug().to_string());
        let parts = subject.strip_prefix("repo:").and_then(|rest| rest.split_once(':'));
        let (name, context) = parts.ok_or_else(unknown)?;
        let context = context_of(context)?.ok_or_else(unknown)?;
        let named = Repository::of_subject(name).ok_or_else(unknown)?;
        let form = if named.has_ids() { SubjectForm::Ids } else { SubjectForm::Names };
        let repository = match ids.filter(|_| !named.has_ids()) {
            Some(ids) => Repository::named(name, Some(ids)).ok_or_else(unknown)?,
            None => named,
        };
        Ok(Self { issuer, repository, form, context })
    }
}

/// GitHub escapes `:` in what it fills in, so a `:` here is of another template.
fn context_of(text: &str) -> Result<Option<Context>, NotAGitHubJob> {
    let context = match text.split_once(':') {
        None if text == "pull_request" => Context::PullRequest,
        Some((_, value)) if value.contains(':') => return Ok(None),
        Some(("ref", git_ref)) => match RefPattern::full(git_ref) {
            Some(pattern) => Context::Ref(pattern.map_err(NotAGitHubJob::Ref)?),
            None => return Ok(None),
        },
        Some(("environment", name)) => {
            Context::Environment(Environment::of_subject(name).map_err(NotAGitHubJob::Environment)?)
        }
        _ => return Ok(None),
    };
    Ok(Some(context))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://token.actions.githubusercontent.com";

    fn read(subject: &str) -> Result<GitHubJob, NotAGitHubJob> {
        GitHubJob::read(ISSUER, subject, Some(("700", "70")))
    }

    #[test]
    fn a_token_names_its_repository_and_its_context() {
        let branch = Context::Ref(RefPattern::branch("a/b").unwrap());
        let tag = Context::Ref(RefPattern::tag("v1").unwrap());
        let environment = Context::Environment("Production:V1".parse().unwrap());
        for (tail, context) in [
            ("ref:refs/heads/a/b", branch),
            ("ref:refs/tags/v1", tag),
            ("environment:Production%3AV1", environment),
            ("pull_request", Context::PullRequest),
        ] {
            for (name, form) in [("octo/app", SubjectForm::Names), ("octo@700/app@70", SubjectForm::Ids)] {
                let job = read(&format!("repo:{name}:{tail}")).unwrap();
                assert_eq!((&job.context, job.form), (&context, form), "{name} {tail}");
                assert_eq!(job.repository.with_ids().as_deref(), Some("octo@700/app@70"));
            }
        }
    }

    #[test]
    fn ids_in_the_subject_count() {
        let job = GitHubJob::read(ISSUER, "repo:octo@1/app@2:pull_request", Some(("700", "70"))).unwrap();
        assert_eq!(job.repository.with_ids().as_deref(), Some("octo@1/app@2"));
        let job = GitHubJob::read(ISSUER, "repo:octo/app:pull_request", None).unwrap();
        assert!(!job.repository.has_ids());
    }

    #[test]
    fn a_customised_subject_is_refused() {
        for subject in [
            "",
            "repository_owner:octo:environment:production",
            "repo:octo/app",
            "repo:octo/app:",
            "repo:octo/app:ref:refs/pull/1/merge",
            "repo:octo/app:ref:refs/heads/main:actor:mona",
            "repo:octo/app:environment:production:actor:mona",
            "repo:octo/app:pull_request:x",
            "repo:octo@1/app:pull_request",
        ] {
            assert!(matches!(read(subject), Err(NotAGitHubJob::Subject(_))), "{subject}");
        }
        let other = GitHubJob::read("https://gitlab.com", "repo:octo/app:pull_request", None);
        assert!(matches!(other, Err(NotAGitHubJob::Issuer(_))));
        // A wildcard in a branch's name is none of git's.
        assert!(matches!(read("repo:octo/app:ref:refs/heads/a b"), Err(NotAGitHubJob::Ref(_))));
    }
}
