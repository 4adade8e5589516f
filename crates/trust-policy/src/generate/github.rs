//! The jobs of GitHub repositories: `repo:OWNER/REPOSITORY:CONTEXT`, or with ids behind both names
//! (facts/aws-2026.md 6).

mod environment;
mod issuer;
mod job;
mod repository;
mod workflow_ref;

use aws::RoleArn;

use super::{conditions::Conditions, note::Note, plan_error::PlanError, ref_pattern::RefPattern, tree::Node};
pub use environment::{Environment, InvalidEnvironment};
pub use issuer::{GitHubIssuer, InvalidGitHubIssuer};
pub use job::{GitHubJob, NotAGitHubJob};
pub use repository::{InvalidRepository, Repository};
pub use workflow_ref::{InvalidWorkflowRef, WorkflowRef};

/// The audience that AWS's own action requests.
pub const DEFAULT_AUDIENCE: &str = "sts.amazonaws.com";

/// The jobs of GitHub repositories that a role trusts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitHubJobs {
    /// The issuer of the tokens.
    pub issuer: GitHubIssuer,
    /// The repositories, at least one.
    pub repositories: Vec<Repository>,
    /// The form of their subjects.
    pub form: SubjectForm,
    /// What the jobs run for; may be empty if reusable workflows limit the jobs.
    pub contexts: Vec<Context>,
    /// The reusable workflows that define the jobs; empty allows any workflow.
    pub workflows: Vec<WorkflowRef>,
}

/// The form of the repository in `sub`. Which one a repository has is a setting of GitHub's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectForm {
    /// `repo:OWNER/REPOSITORY:…`
    Names,
    /// `repo:OWNER@ID/REPOSITORY@ID:…`
    Ids,
    /// Either: for a repository whose form is not known, or changes.
    Both,
}

/// What a job runs for: the end of `sub`. A job with an environment has no ref there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Context {
    /// Branches or tags.
    Ref(RefPattern),
    /// A deployment environment.
    Environment(Environment),
    /// Pull requests, of any branch.
    PullRequest,
}

impl Context {
    fn pattern(&self) -> String {
        match self {
            Self::Ref(pattern) => format!("ref:{pattern}"),
            Self::Environment(environment) => format!("environment:{}", environment.pattern()),
            Self::PullRequest => "pull_request".to_owned(),
        }
    }
}

impl GitHubJobs {
    pub(super) fn check(&self, role: &RoleArn) -> Result<(), PlanError> {
        if self.repositories.is_empty() {
            return Err(PlanError::NoRepository);
        }
        if self.contexts.is_empty() && self.workflows.is_empty() {
            return Err(PlanError::NoContext);
        }
        if !self.workflows.is_empty() && !self.issuer.has_claim_keys(role) {
            return Err(PlanError::NoWorkflowKey);
        }
        let has_no_ids = |repository: &&Repository| repository.with_ids().is_none();
        match self.repositories.iter().find(has_no_ids) {
            Some(repository) if self.form != SubjectForm::Names => {
                Err(PlanError::NoIds(repository.to_string()))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn add_conditions(
        &self,
        role: &RoleArn,
        key: impl Fn(&str) -> String,
        conditions: &mut Conditions,
    ) {
        if let Some(ids) = self.compared_ids(role) {
            let ids = ids.into_iter().map(str::to_owned).collect();
            conditions.add("StringEquals", key("repository_id"), Node::one_or_many(ids));
        }
        if !self.workflows.is_empty() {
            let workflows = self.workflows.iter().map(ToString::to_string).collect();
            conditions.add_patterns(key("job_workflow_ref"), workflows);
        }
        conditions.add_patterns(key("sub"), self.subjects());
    }

    fn subjects(&self) -> Vec<String> {
        let contexts = match &self.contexts[..] {
            [] => vec!["*".to_owned()],
            contexts => contexts.iter().map(Context::pattern).collect(),
        };
        let names = self.repositories.iter().flat_map(|repository| {
            let by_name = (self.form != SubjectForm::Ids).then(|| repository.to_string());
            let by_id = if self.form == SubjectForm::Names { None } else { repository.with_ids() };
            by_name.into_iter().chain(by_id)
        });
        let subjects = |name: String| -> Vec<String> {
            contexts.iter().map(|context| format!("repo:{name}:{context}")).collect()
        };
        names.flat_map(subjects).collect()
    }

    /// The repositories' ids, if they are known and AWS has a condition key for them.
    fn compared_ids(&self, role: &RoleArn) -> Option<Vec<&str>> {
        let ids = || self.repositories.iter().map(Repository::id).collect();
        if self.issuer.has_claim_keys(role) { ids() } else { None }
    }

    pub(super) fn notes(&self, role: &RoleArn) -> Vec<Note> {
        let environments = || {
            self.contexts.iter().filter_map(|context| match context {
                Context::Environment(environment) => Some(environment),
                Context::Ref(_) | Context::PullRequest => None,
            })
        };
        let open = self.contexts.iter().find_map(|context| match context {
            Context::Ref(pattern) if pattern.has_wildcard() => Some(Note::RefWildcard(pattern.to_string())),
            Context::Ref(_) | Context::Environment(_) | Context::PullRequest => None,
        });
        let by_name_alone = self.form != SubjectForm::Ids && self.compared_ids(role).is_none();
        let candidates = [
            (self.contexts.is_empty(), Note::AnyContext),
            (environments().next().is_some(), Note::AnyRefOfEnvironment),
            (self.contexts.contains(&Context::PullRequest), Note::PullRequests),
            (!self.workflows.is_empty(), Note::ReusableWorkflowOnly),
            (by_name_alone, Note::NameAlone),
        ];
        let same = environments().filter(|environment| environment.shares_its_subject());
        let same = same.map(|environment| Note::SameSubject(environment.to_string()));
        let notes = candidates.into_iter().filter_map(|(applies, note)| applies.then_some(note));
        notes.chain(open).chain(same).collect()
    }
}
