//! GitHub's tokens as data: the claims of a job's token (facts/aws.md 11.2). Nothing here reads a clock.

use serde_json::{Value, json};

use crate::issuer::{IssuerError, TestIssuer};

/// The content of a job's token. Start from [`GithubToken::new`] and change what the test is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GithubToken {
    /// Owner and name: in `sub` and `repository`.
    pub repository: String,
    /// The ids of the owner and of the repository.
    pub ids: (u64, u64),
    /// Whether `sub` has the ids, too.
    pub has_ids_in_subject: bool,
    /// The full ref: in `ref`, and in `sub` of a job without an environment that is not a pull request.
    pub git_ref: String,
    /// The job's environment, unescaped.
    pub environment: Option<String>,
    /// Whether a pull request has started the job.
    pub is_pull_request: bool,
    /// The reusable workflow that defines the job.
    pub job_workflow_ref: Option<String>,
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
            ids: (700, 70),
            has_ids_in_subject: false,
            git_ref: "refs/heads/main".to_owned(),
            environment: None,
            is_pull_request: false,
            job_workflow_ref: None,
            audience: audience.to_owned(),
            issued_at,
        }
    }

    /// `sub` in GitHub's default template.
    pub fn subject(&self) -> String {
        let name = match self.repository.split_once('/') {
            Some((owner, name)) if self.has_ids_in_subject => {
                format!("{owner}@{}/{name}@{}", self.ids.0, self.ids.1)
            }
            _ => self.repository.clone(),
        };
        let context = match &self.environment {
            Some(environment) => format!("environment:{}", environment.replace(':', "%3A")),
            None if self.is_pull_request => "pull_request".to_owned(),
            None => format!("ref:{}", self.git_ref),
        };
        format!("repo:{name}:{context}")
    }

    /// The claims, of this issuer; valid for five minutes.
    pub fn claims(&self, issuer: &str) -> Value {
        let mut claims = json!({
            "iss": issuer,
            "sub": self.subject(),
            "aud": self.audience,
            "iat": self.issued_at,
            "nbf": self.issued_at,
            "exp": self.issued_at + 300,
            "repository": self.repository,
            "repository_id": self.ids.1.to_string(),
            "repository_owner_id": self.ids.0.to_string(),
            "ref": self.git_ref,
            "event_name": if self.is_pull_request { "pull_request" } else { "push" },
            "run_id": "1658821493",
        });
        let optional = [("environment", &self.environment), ("job_workflow_ref", &self.job_workflow_ref)];
        if let Some(claims) = claims.as_object_mut() {
            let given =
                |(name, value): (&str, &Option<String>)| Some((name.to_owned(), json!(value.as_ref()?)));
            claims.extend(optional.into_iter().filter_map(given));
        }
        claims
    }

    /// The token, signed by `issuer`.
    pub fn mint(&self, issuer: &TestIssuer) -> Result<String, IssuerError> {
        issuer.sign(&self.claims(issuer.url()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subject_names_the_repository_and_what_the_job_runs_for() {
        let mut token = GithubToken { git_ref: "refs/tags/v1".to_owned(), ..GithubToken::new("a", 0) };
        assert_eq!(token.subject(), "repo:example-org/example-app:ref:refs/tags/v1");
        token.has_ids_in_subject = true;
        token.is_pull_request = true;
        assert_eq!(token.subject(), "repo:example-org@700/example-app@70:pull_request");
        token.environment = Some("a:b".to_owned());
        assert_eq!(token.subject(), "repo:example-org@700/example-app@70:environment:a%3Ab");
    }
}
