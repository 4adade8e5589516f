//! Which of CircleCI's tokens one is, read from its claims alone (facts/circleci.md 1.2, 1.3). The variable that holds
//! it says nothing: a file, a variable of the user's or `circleci run oidc get` can hold any of them.

use crate::{JobClaims, Subject, Token};

/// The form of a token's `sub`. Trust policies are written for one of them, so the form explains most denials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenForm {
    /// `sub` ends with the user, although the token names a repository: `CIRCLE_OIDC_TOKEN`.
    V1,
    /// `sub` goes on with the repository and the ref: `CIRCLE_OIDC_TOKEN_V2`.
    V2,
    /// `sub` ends with the user, and the token names no repository: the pipeline of a custom webhook, in which both
    /// variables hold the same `sub`.
    CustomWebhook,
    /// Not the token of a CircleCI job.
    Other,
}

impl TokenForm {
    /// By `sub`, and by whether the token has CircleCI's claim of a repository.
    pub fn of(subject: &str, has_vcs_origin: bool) -> Self {
        match Subject::parse(subject) {
            Subject::Job(job) if job.vcs.is_some() => Self::V2,
            Subject::Job(_) if has_vcs_origin => Self::V1,
            Subject::Job(_) => Self::CustomWebhook,
            Subject::Other => Self::Other,
        }
    }
}

impl Token {
    /// Which of CircleCI's tokens it is.
    pub fn form(&self) -> TokenForm {
        let JobClaims { vcs_origin, .. } = self.job_claims();
        TokenForm::of(&self.claims().subject, vcs_origin.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_that_of_the_claims() {
        for (subject, has_vcs_origin, form) in [
            ("org/o/project/p/user/u", true, TokenForm::V1),
            ("org/o/project/p/user/u", false, TokenForm::CustomWebhook),
            ("org/o/project/p/user/u/vcs-origin/github.com/a/b/vcs-ref/refs/heads/x/y", true, TokenForm::V2),
            ("org/o/project/p/user/u/vcs-origin/github.com/a/b/vcs-ref/refs/heads/x/y", false, TokenForm::V2),
            ("org/o/file-streaming/audit-logs", false, TokenForm::Other),
            ("repo:octo/app:ref:refs/heads/main", false, TokenForm::Other),
            ("", true, TokenForm::Other),
        ] {
            assert_eq!(TokenForm::of(subject, has_vcs_origin), form, "{subject}");
        }
    }
}
