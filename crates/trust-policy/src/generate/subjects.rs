//! The conditions on `sub`: the part of a policy where one wrong character allows too much or nothing.

use oidc::{JobSubject, VcsSubject};

use super::{
    plan::{Plan, Project},
    ref_pattern::RefPattern,
    tree::Node,
};

/// A subject with either part twice is forged, by a branch or a repository whose name imitates another: `*` matches
/// slashes too (facts/aws.md 11.1). The policy denies them wherever a pattern could match them.
pub(crate) const FORGED: [&str; 2] = ["*/vcs-ref/*/vcs-ref/*", "*/vcs-origin/*/vcs-origin/*"];

/// The conditions on `sub`: operators and their values.
pub(super) struct Subjects {
    patterns: Vec<String>,
    has_vcs: bool,
}

impl Subjects {
    pub(super) fn of(plan: &Plan) -> Self {
        let patterns = plan.projects.iter().flat_map(|project| patterns(plan, project)).collect();
        let has_vcs = plan.projects.iter().any(|project| project.vcs_origin.is_some());
        Self { patterns, has_vcs }
    }

    /// `StringEquals` if no subject has a wildcard: then no subject can be forged.
    pub(super) fn conditions(self) -> Vec<(&'static str, Node)> {
        if !self.patterns.iter().any(|pattern| pattern.contains(['*', '?'])) {
            return vec![("StringEquals", Node::one_or_many(self.patterns))];
        }
        let mut conditions = vec![("StringLike", Node::one_or_many(self.patterns))];
        if self.has_vcs {
            conditions.push(("StringNotLike", Node::list(FORGED)));
        }
        conditions
    }
}

fn patterns(plan: &Plan, project: &Project) -> Vec<String> {
    let user = plan.user.as_ref().map_or("*", |user| user.as_str());
    let organization = plan.issuer.organization().as_str();
    let job = JobSubject { organization, project: project.id.as_str(), user, vcs: None };
    let Some(origin) = &project.vcs_origin else {
        let job = job.to_string();
        // V1 ends with the user's id; V2 continues with a slash.
        return if plan.user.is_some() { vec![format!("{job}/*"), job] } else { vec![job] };
    };
    let origin = origin.to_string();
    let with_ref =
        |git_ref: &str| JobSubject { vcs: Some(VcsSubject { origin: &origin, git_ref }), ..job }.to_string();
    if plan.refs.is_empty() {
        return vec![with_ref("*")];
    }
    plan.refs.iter().map(RefPattern::as_str).map(with_ref).collect()
}
