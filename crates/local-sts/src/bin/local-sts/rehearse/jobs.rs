//! The jobs of a rehearsal, and which of them the policy should allow.

use local_sts::unix_time_now;
use testkit::{JobToken, Shape, example_ids::VCS_ORIGIN};

use crate::arguments::{JobShape, Rehearse};

/// One job.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Job {
    /// What distinguishes it in the table.
    pub(crate) name: String,
    /// Whether the policy should allow it.
    pub(crate) is_expected: bool,
    /// The claims of its token.
    pub(crate) token: JobToken,
}

/// Whether tokens of this shape name a ref and a repository.
pub(crate) fn ref_counts(shape: JobShape) -> bool {
    shape == JobShape::V2
}

/// All jobs of the command line: those to allow come first.
pub(crate) fn of(options: &Rehearse) -> Vec<Job> {
    let shape = match options.shape {
        JobShape::V2 => Shape::V2,
        JobShape::V1 => Shape::V1,
        JobShape::Webhook => Shape::Webhook,
    };
    let at = |name: &str| JobToken {
        shape,
        project_id: options.project.clone(),
        vcs_origin: options.origin.clone().unwrap_or_else(|| VCS_ORIGIN.to_owned()),
        vcs_ref: full_ref(name),
        ..JobToken::new(&options.organization, unix_time_now())
    };
    let first = at(options.allow.first().map_or("main", String::as_str));
    let allowed = options.allow.iter().map(|name| (true, at(name), full_ref(name)));
    let denied = options.deny.iter().map(|name| (false, at(name), full_ref(name)));
    let projects = options.deny_project.iter().map(|project| {
        let token = JobToken { project_id: project.clone(), ..first.clone() };
        (false, token, format!("{} of project {project}", first.vcs_ref))
    });
    let origins = options.deny_origin.iter().map(|origin| {
        let token = JobToken { vcs_origin: origin.clone(), ..first.clone() };
        (false, token, format!("{} of {origin}", first.vcs_ref))
    });
    let all = allowed.chain(denied).chain(projects).chain(origins);
    all.map(|(is_expected, token, name)| Job { name, is_expected, token }).collect()
}

/// CircleCI's claim has the full ref.
fn full_ref(name: &str) -> String {
    if name.starts_with("refs/") { name.to_owned() } else { format!("refs/heads/{name}") }
}
