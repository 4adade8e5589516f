//! The issuer, project and repository in a job's token, for a plan. AWS has no condition keys for its other claims.

use oidc::Subject;

use crate::uuid::{InvalidUuid, Uuid};

use super::{
    issuer::{InvalidIssuer, Issuer},
    vcs_origin::VcsOrigin,
};

/// The job that a token was made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Of the job's organization.
    pub issuer: Issuer,
    /// The job's project.
    pub project: Uuid,
    /// The repository, if the token names one: V1 tokens and those of custom webhooks do not.
    pub vcs_origin: Option<VcsOrigin>,
}

/// Why no policy can be written for a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAJob {
    /// Another CI's, or the one that all organizations share.
    #[error("the token's `iss` is not the issuer of a CircleCI organization")]
    Issuer(#[source] InvalidIssuer),
    /// An audit log's, for example.
    #[error("the token's `sub` is not that of a job of the organization: `{0}`")]
    Subject(String),
    /// The id in the middle of `sub`.
    #[error("cannot read the project in the token's `sub`")]
    Project(#[source] InvalidUuid),
}

impl Job {
    /// Reads `iss` and `sub` (facts/circleci.md 1.2).
    pub fn read(issuer: &str, subject: &str) -> Result<Self, NotAJob> {
        let issuer: Issuer = issuer.parse().map_err(NotAJob::Issuer)?;
        let job = match Subject::parse(subject) {
            Subject::Job(job) if job.organization == issuer.organization().as_str() => job,
            _ => return Err(NotAJob::Subject(subject.escape_debug().to_string())),
        };
        let vcs_origin = job.vcs.and_then(|vcs| vcs.origin.parse().ok());
        Ok(Self { project: job.project.parse().map_err(NotAJob::Project)?, issuer, vcs_origin })
    }
}

#[cfg(test)]
mod tests {
    use testkit::{JobToken, Shape, example_ids};

    use super::*;

    fn read(token: &JobToken) -> Result<Job, NotAJob> {
        let issuer = format!("https://oidc.circleci.com/org/{}", token.organization_id);
        Job::read(&issuer, &token.subject())
    }

    #[test]
    fn a_token_names_its_project_and_only_v2_its_repository() {
        let token = JobToken::new(example_ids::ORGANIZATION_ID, 0);
        for (shape, origin) in
            [(Shape::V1, None), (Shape::Webhook, None), (Shape::V2, Some(example_ids::VCS_ORIGIN))]
        {
            let job = read(&JobToken { shape, ..token.clone() }).unwrap();
            assert_eq!(job.project.as_str(), example_ids::PROJECT_ID);
            assert_eq!(job.vcs_origin.map(|origin| origin.to_string()).as_deref(), origin, "{shape:?}");
        }
    }

    #[test]
    fn a_branch_can_not_name_another_repository() {
        let mut token = JobToken::new(example_ids::ORGANIZATION_ID, 0);
        token.vcs_ref = "refs/heads/x/vcs-origin/github.com/evil/r/vcs-ref/refs/heads/main".to_owned();
        assert_eq!(read(&token).unwrap().vcs_origin.unwrap().to_string(), example_ids::VCS_ORIGIN);
    }

    #[test]
    fn what_is_no_jobs_token_is_refused() {
        let organization = example_ids::ORGANIZATION_ID;
        let issuer = format!("https://oidc.circleci.com/org/{organization}");
        for subject in [
            "",
            "repo:octo/app:ref:refs/heads/main",
            &format!("org/{organization}/file-streaming/audit-logs"),
            &format!("org/{}/project/P/user/U", example_ids::PROJECT_ID),
        ] {
            assert!(matches!(Job::read(&issuer, subject), Err(NotAJob::Subject(_))), "{subject}");
        }
        let subject = format!("org/{organization}/project/../user/U");
        assert!(matches!(Job::read(&issuer, &subject), Err(NotAJob::Project(_))));
        let github = "https://token.actions.githubusercontent.com";
        assert!(matches!(Job::read(github, "repo:o/r:ref:x"), Err(NotAJob::Issuer(_))));
    }
}
