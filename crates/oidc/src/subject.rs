//! The grammar of CircleCI's `sub` claim (facts/circleci.md 1.2):
//! `org/<id>/project/<id>/user/<id>`, then in V2 tokens `/vcs-origin/<repository>/vcs-ref/<ref>`.

use std::fmt;

/// A `sub`, parsed once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject<'a> {
    /// The subject of a CircleCI job.
    Job(JobSubject<'a>),
    /// Anything else: an audit log's, another CI's.
    Other,
}

/// Whose job it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobSubject<'a> {
    /// The organization's id.
    pub organization: &'a str,
    /// The project's id.
    pub project: &'a str,
    /// The id of the user who caused the job.
    pub user: &'a str,
    /// The tail of a V2 token.
    pub vcs: Option<VcsSubject<'a>>,
}

/// Which code the job builds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VcsSubject<'a> {
    /// The repository without a scheme, such as `github.com/owner/repository`.
    pub origin: &'a str,
    /// The full ref, such as `refs/heads/main`. It may hold slashes.
    pub git_ref: &'a str,
}

/// One part of a job's subject. Patterns of trust policies have the same parts, some of them missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectPart {
    /// The organization's id.
    Organization,
    /// The project's id.
    Project,
    /// The user's id.
    User,
    /// The repository.
    VcsOrigin,
    /// The ref.
    VcsRef,
}

impl SubjectPart {
    /// In the order of the text.
    pub const ALL: [Self; 5] = [Self::Organization, Self::Project, Self::User, Self::VcsOrigin, Self::VcsRef];

    /// The text that begins the part.
    pub const fn marker(self) -> &'static str {
        match self {
            Self::Organization => "org/",
            Self::Project => "/project/",
            Self::User => "/user/",
            Self::VcsOrigin => "/vcs-origin/",
            Self::VcsRef => "/vcs-ref/",
        }
    }

    /// Cuts a subject, or a policy's pattern for one, at the first marker of each part; each part that is there is
    /// in its place. `None` where the text does not begin as a CircleCI subject. The first marker counts: what
    /// follows in the name of a branch is its author's choice.
    pub fn cut(text: &str) -> Option<[Option<&str>; Self::ALL.len()]> {
        let [first, others @ ..] = Self::ALL;
        let (mut rest, mut current) = (text.strip_prefix(first.marker())?, 0);
        let mut parts = [None; Self::ALL.len()];
        for (other, at) in others.into_iter().zip(1..) {
            if let (Some((before, after)), Some(part)) =
                (rest.split_once(other.marker()), parts.get_mut(current))
            {
                *part = Some(before);
                (rest, current) = (after, at);
            }
        }
        *parts.get_mut(current)? = Some(rest);
        Some(parts)
    }
}

impl<'a> Subject<'a> {
    /// Parses a `sub`. Ids hold no slash; the names of branches do.
    pub fn parse(text: &'a str) -> Self {
        let Some([Some(organization), Some(project), Some(user), vcs_origin, vcs_ref]) =
            SubjectPart::cut(text)
        else {
            return Self::Other;
        };
        let vcs = match (vcs_origin, vcs_ref) {
            (Some(origin), Some(git_ref)) => Some(VcsSubject { origin, git_ref }),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => return Self::Other,
        };
        if [organization, project, user].into_iter().all(is_id) {
            Self::Job(JobSubject { organization, project, user, vcs })
        } else {
            Self::Other
        }
    }
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && !text.contains('/')
}

impl fmt::Display for JobSubject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { organization, project, user, vcs } = self;
        write!(f, "{}{organization}", SubjectPart::Organization.marker())?;
        write!(f, "{}{project}{}{user}", SubjectPart::Project.marker(), SubjectPart::User.marker())?;
        let Some(VcsSubject { origin, git_ref }) = vcs else { return Ok(()) };
        write!(f, "{}{origin}{}{git_ref}", SubjectPart::VcsOrigin.marker(), SubjectPart::VcsRef.marker())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOB: JobSubject<'_> = JobSubject { organization: "o", project: "p", user: "u", vcs: None };

    #[test]
    fn a_jobs_subject_is_parsed_and_written_again() {
        let vcs = |origin, git_ref| JobSubject { vcs: Some(VcsSubject { origin, git_ref }), ..JOB };
        for (text, job) in [
            ("org/o/project/p/user/u", JOB),
            (
                "org/o/project/p/user/u/vcs-origin/github.com/a/b/vcs-ref/refs/heads/x/y",
                vcs("github.com/a/b", "refs/heads/x/y"),
            ),
            (
                "org/o/project/p/user/u/vcs-origin/h/a/b/vcs-ref/refs/heads/x/vcs-origin/h/e/f/vcs-ref/y",
                vcs("h/a/b", "refs/heads/x/vcs-origin/h/e/f/vcs-ref/y"),
            ),
            ("org/o/project/p/user/u/vcs-origin/h/a/b/vcs-ref/r/user/x", vcs("h/a/b", "r/user/x")),
        ] {
            assert_eq!(Subject::parse(text), Subject::Job(job), "{text}");
            assert_eq!(job.to_string(), text);
        }
    }

    #[test]
    fn anything_else_is_not_a_jobs_subject() {
        for text in [
            "",
            "org/o/file-streaming/audit-logs",
            "repo:octo/app:ref:refs/heads/main",
            "org/o/project/p",
            "org/o/project//user/u",
            "org/o/project/p/user/",
            "org/o/project/p/user/u/x",
            "org/o/x/project/p/user/u",
            "org/o/project/p/user/u/vcs-origin/github.com/a/b",
            "org/o/project/p/user/u/vcs-ref/refs/heads/main",
            "/org/o/project/p/user/u",
        ] {
            assert_eq!(Subject::parse(text), Subject::Other, "{text}");
        }
    }

    #[test]
    fn a_pattern_is_cut_where_its_parts_begin() {
        for (text, parts) in [
            ("org/*/project/p", Some([Some("*"), Some("p"), None, None, None])),
            ("org/*/vcs-ref/refs/heads/*", Some([Some("*"), None, None, None, Some("refs/heads/*")])),
            ("repo:octo/app:*", None),
        ] {
            assert_eq!(SubjectPart::cut(text), parts, "{text}");
        }
    }
}
