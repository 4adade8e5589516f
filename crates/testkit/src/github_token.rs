//! GitHub's tokens as data: the claims of a job's token (facts/aws.md 11.2). Nothing here reads a clock.

use serde_json::{Value, json};

use crate::issuer::{IssuerError, TestIssuer};

/// The content of a job's token. Start from [`GithubToken::new`] and change what the test is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GithubToken {
    /// Owner and name: in `sub` and `repository`.
    pub repository: String,
    /// The full ref: in `sub` and `ref`.
    pub git_ref: String,
    /// `aud`: the audience that the job requested.
    pub audience: String,
    /// `iat`, in seconds since 1970.
    pub issued_at: u64,
}

impl GithubToken {
    /// A token of a push to `main` of the example repository.
    pub fn new(audience: &str, issued_at: u64) -> Self {
        Self {
            repository: "example-org/example-app".to_owned(),
            git_ref: "refs/heads/main".to_owned(),
            audience: audience.to_owned(),
            issued_at,
        }
    }

    /// `sub` of a job without an environment that is not a pull request.
    pub fn subject(&self) -> String {
        format!("repo:{}:ref:{}", self.repository, self.git_ref)
    }

    /// The token, signed by `issuer`; valid for five minutes.
    pub fn mint(&self, issuer: &TestIssuer) -> Result<String, IssuerError> {
        let claims: Value = json!({
            "iss": issuer.url(),
            "sub": self.subject(),
            "aud": self.audience,
            "iat": self.issued_at,
            "nbf": self.issued_at,
            "exp": self.issued_at + 300,
            "repository": self.repository,
            "ref": self.git_ref,
            "run_id": "1658821493",
        });
        issuer.sign(&claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subject_names_repository_and_ref() {
        let token = GithubToken { git_ref: "refs/tags/v1".to_owned(), ..GithubToken::new("a", 0) };
        assert_eq!(token.subject(), "repo:example-org/example-app:ref:refs/tags/v1");
    }
}
