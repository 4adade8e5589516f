//! The jobs of a CircleCI organization's projects.

mod issuer;
mod job;
mod subjects;
mod vcs_origin;

use aws::RoleArn;

use crate::{claim_keys::PROJECT_ID, uuid::Uuid};

use super::{conditions::Conditions, note::Note, plan_error::PlanError, ref_pattern::RefPattern, tree::Node};
pub use issuer::{InvalidIssuer, Issuer};
pub use job::{Job, NotAJob};
pub(crate) use subjects::FORGED;
pub use vcs_origin::{InvalidVcsOrigin, VcsOrigin};

/// The jobs of a CircleCI organization that a role trusts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CircleCiJobs {
    /// The issuer of the tokens.
    pub issuer: Issuer,
    /// The projects whose jobs are allowed, at least one.
    pub projects: Vec<Project>,
    /// The branches and tags whose jobs are allowed; empty allows all, and tokens without a ref.
    pub refs: Vec<RefPattern>,
    /// The only user whose jobs are allowed.
    pub user: Option<Uuid>,
}

/// A project, and the repository that its jobs must come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its id, not its name.
    pub id: Uuid,
    /// Without it jobs of forks are allowed too, if CircleCI gives them tokens.
    pub vcs_origin: Option<VcsOrigin>,
}

impl CircleCiJobs {
    pub(super) fn check(&self) -> Result<(), PlanError> {
        if self.projects.is_empty() {
            return Err(PlanError::NoProject);
        }
        let has_no_origin = |project: &&Project| !self.refs.is_empty() && project.vcs_origin.is_none();
        if let Some(project) = self.projects.iter().find(has_no_origin) {
            return Err(PlanError::NoOrigin(project.id.clone()));
        }
        // The policy denies every subject that has one of these parts twice.
        let is_forged = |pattern: &&RefPattern| pattern.has_part(&["vcs-ref", "vcs-origin"]);
        self.refs
            .iter()
            .find(is_forged)
            .map_or(Ok(()), |pattern| Err(PlanError::LooksForged(pattern.to_string())))
    }

    pub(super) fn add_conditions(
        &self,
        role: &RoleArn,
        key: impl Fn(&str) -> String,
        conditions: &mut Conditions,
    ) {
        if self.issuer.has_project_key(role) {
            let projects = self.projects.iter().map(|project| project.id.to_string()).collect();
            conditions.add("StringEquals", key(PROJECT_ID), Node::one_or_many(projects));
        }
        subjects::add(self, &key("sub"), conditions);
    }

    pub(super) fn notes(&self, role: &RoleArn) -> Vec<Note> {
        let limited = self.projects.iter().all(|project| project.vcs_origin.is_some());
        let candidates = [
            (self.refs.is_empty(), Note::AnyRef),
            (!limited, Note::AnyOrigin),
            (limited, Note::NeedsV2),
            (!self.issuer.has_project_key(role), Note::NoProjectKey),
        ];
        let open = self.refs.iter().find(|pattern| pattern.has_wildcard());
        let open = open.map(|pattern| Note::RefWildcard(pattern.to_string()));
        candidates.into_iter().filter_map(|(applies, note)| applies.then_some(note)).chain(open).collect()
    }
}
