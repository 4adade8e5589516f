//! Which `sub` claims are let in: the part of a policy that a wrong character opens or closes.

use oidc::{JobSubject, VcsSubject};

use super::{
    plan::{Plan, Project},
    ref_pattern::RefPattern,
    tree::Node,
};

/// Subjects with two of either word are what a branch or a repository is called to pass for another: `*` crosses
/// slashes (facts/aws.md 11.1). They are denied wherever a pattern could take them.
const FORGED: [&str; 2] = ["*/vcs-ref/*/vcs-ref/*", "*/vcs-origin/*/vcs-origin/*"];

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

    /// `StringEquals` where every subject is spelled out, for then nothing can be forged.
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
        // A user's id ends where V1 ends; behind it V2 goes on with a slash.
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
