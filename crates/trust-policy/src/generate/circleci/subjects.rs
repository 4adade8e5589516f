//! The conditions on `sub`: the part of a policy where one wrong character allows too much or nothing.

use oidc::{JobSubject, VcsSubject};

use crate::generate::{
    conditions::{Conditions, has_wildcard},
    ref_pattern::RefPattern,
    tree::Node,
};

use super::{CircleCiJobs, Project};

/// A subject with either part twice is forged, by a branch or a repository whose name imitates another: `*` matches
/// slashes too (facts/aws.md 11.1). The policy denies them wherever a pattern could match them.
pub(crate) const FORGED: [&str; 2] = ["*/vcs-ref/*/vcs-ref/*", "*/vcs-origin/*/vcs-origin/*"];

/// Adds the subjects under `key`. Without a wildcard no subject can be forged.
pub(super) fn add(jobs: &CircleCiJobs, key: &str, conditions: &mut Conditions) {
    let patterns: Vec<String> = jobs.projects.iter().flat_map(|project| patterns(jobs, project)).collect();
    let has_vcs = jobs.projects.iter().any(|project| project.vcs_origin.is_some());
    let can_be_forged = has_vcs && has_wildcard(&patterns);
    conditions.add_patterns(key.to_owned(), patterns);
    if can_be_forged {
        conditions.add("StringNotLike", key.to_owned(), Node::list(FORGED));
    }
}

fn patterns(jobs: &CircleCiJobs, project: &Project) -> Vec<String> {
    let user = jobs.user.as_ref().map_or("*", |user| user.as_str());
    let organization = jobs.issuer.organization().as_str();
    let job = JobSubject { organization, project: project.id.as_str(), user, vcs: None };
    let Some(origin) = &project.vcs_origin else {
        let job = job.to_string();
        // V1 ends with the user's id; V2 continues with a slash.
        return if jobs.user.is_some() { vec![format!("{job}/*"), job] } else { vec![job] };
    };
    let origin = origin.to_string();
    let with_ref =
        |git_ref: &str| JobSubject { vcs: Some(VcsSubject { origin: &origin, git_ref }), ..job }.to_string();
    if jobs.refs.is_empty() {
        return vec![with_ref("*")];
    }
    jobs.refs.iter().map(RefPattern::as_str).map(with_ref).collect()
}
