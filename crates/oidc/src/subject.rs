//! The forms that CircleCI gives the `sub` claim (facts/circleci.md 1.2). Trust policies are written for one
//! of them, so telling them apart explains most refusals.

/// Which form a `sub` has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectForm {
    /// `org/…/project/…/user/…`: `CIRCLE_OIDC_TOKEN`, and V2 tokens of custom webhooks.
    WithoutVcs,
    /// The same, then `/vcs-origin/…/vcs-ref/…`: `CIRCLE_OIDC_TOKEN_V2`.
    WithVcs,
    /// Not a job's subject.
    Other,
}

impl SubjectForm {
    /// Looks at the text only; branch names hold slashes, so it is never split at each of them.
    pub fn of(subject: &str) -> Self {
        let is_job =
            subject.starts_with("org/") && subject.contains("/project/") && subject.contains("/user/");
        match (is_job, subject.contains("/vcs-origin/")) {
            (true, true) => Self::WithVcs,
            (true, false) => Self::WithoutVcs,
            (false, _) => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_are_told_apart() {
        for (subject, form) in [
            ("org/o/project/p/user/u", SubjectForm::WithoutVcs),
            ("org/o/project/p/user/u/vcs-origin/github.com/a/b/vcs-ref/refs/heads/x/y", SubjectForm::WithVcs),
            ("org/o/file-streaming/audit-logs", SubjectForm::Other),
            ("repo:octo/app:ref:refs/heads/main", SubjectForm::Other),
            ("", SubjectForm::Other),
        ] {
            assert_eq!(SubjectForm::of(subject), form, "{subject}");
        }
    }
}
