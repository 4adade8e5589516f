//! CircleCI's tokens as data: the claims of a job's token, by shape. Separate from the issuer, which only signs. Nothing
//! here reads a clock: the caller passes the time of issue.

use serde_json::{Map, Value, json};

use crate::{
    example_ids::{PROJECT_ID, USER_ID, VCS_ORIGIN},
    issuer::{IssuerError, TestIssuer},
};

/// The content of a job's token. Start from [`JobToken::new`] and change the fields that the test is about.
#[derive(Debug, Clone, PartialEq)]
pub struct JobToken {
    /// The form of `sub` and of the `vcs-…` claims.
    pub shape: Shape,
    /// The organization's UUID: in `iss`, `sub` and `org-id`.
    pub organization_id: String,
    /// The project's UUID: in `sub` and `project-id`.
    pub project_id: String,
    /// The UUID of the user who started the job: in `sub`.
    pub user_id: String,
    /// `aud`: a string by default, an array where an audience was customised.
    pub audience: Value,
    /// Host, owner and repository, without a scheme.
    pub vcs_origin: String,
    /// The full ref, `refs/heads/main` for example.
    pub vcs_ref: String,
    /// Whether the job was started with "rerun with SSH".
    pub ssh_rerun: bool,
    /// `iat`, in seconds since 1970.
    pub issued_at: u64,
    /// `exp`, in seconds since 1970.
    pub expires_at: u64,
}

/// The forms of CircleCI's tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `CIRCLE_OIDC_TOKEN`: `sub` ends with the user.
    V1,
    /// `CIRCLE_OIDC_TOKEN_V2`: `sub` continues with origin and ref.
    V2,
    /// V2 of a custom-webhook trigger: without origin and ref.
    Webhook,
}

impl JobToken {
    /// A V2 token of a push to `main` of the example project, valid for an hour.
    pub fn new(organization_id: &str, issued_at: u64) -> Self {
        Self {
            shape: Shape::V2,
            organization_id: organization_id.to_owned(),
            project_id: PROJECT_ID.to_owned(),
            user_id: USER_ID.to_owned(),
            audience: Value::from(organization_id),
            vcs_origin: VCS_ORIGIN.to_owned(),
            vcs_ref: "refs/heads/main".to_owned(),
            ssh_rerun: false,
            issued_at,
            expires_at: issued_at + 3600,
        }
    }

    /// The value of `sub`.
    pub fn subject(&self) -> String {
        let user = format!("org/{}/project/{}/user/{}", self.organization_id, self.project_id, self.user_id);
        match self.shape {
            Shape::V1 | Shape::Webhook => user,
            Shape::V2 => format!("{user}/vcs-origin/{}/vcs-ref/{}", self.vcs_origin, self.vcs_ref),
        }
    }

    /// All claims, as CircleCI spells them: the names hold dots and slashes and are not paths.
    pub fn claims(&self) -> Value {
        let mut claims = Map::new();
        let mut claim = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        claim("iss", format!("https://oidc.circleci.com/org/{}", self.organization_id).into());
        claim("sub", self.subject().into());
        claim("aud", self.audience.clone());
        claim("iat", self.issued_at.into());
        claim("exp", self.expires_at.into());
        claim("oidc.circleci.com/context-ids", json!([]));
        claim("oidc.circleci.com/org-id", self.organization_id.clone().into());
        claim("oidc.circleci.com/project-id", self.project_id.clone().into());
        claim("oidc.circleci.com/pipeline-id", "3a6f0d2c-95b1-4e88-9c47-0b1e2d3f4a05".into());
        claim("oidc.circleci.com/pipeline-definition-id", "e1d2c3b4-a596-4877-8695-a4b3c2d1e006".into());
        claim("oidc.circleci.com/workflow-id", "7f8e9d0c-1b2a-4394-8576-6a5b4c3d2e07".into());
        claim("oidc.circleci.com/job-id", "2c4e6a80-1357-49bd-8f02-468ace024608".into());
        claim("oidc.circleci.com/ssh-rerun", self.ssh_rerun.into());
        if self.shape != Shape::Webhook {
            claim("oidc.circleci.com/vcs-origin", self.vcs_origin.clone().into());
            claim("oidc.circleci.com/vcs-ref", self.vcs_ref.clone().into());
        }
        Value::Object(claims)
    }

    /// The token, signed by `issuer`.
    pub fn mint(&self, issuer: &TestIssuer) -> Result<String, IssuerError> {
        issuer.sign(&self.claims())
    }

    /// The token as an attacker would make it: with `victim`'s key ID, signed with another key.
    pub fn forge(&self, victim: &TestIssuer) -> Result<String, IssuerError> {
        TestIssuer::new(victim.organization_id())?.sign_as(victim.kid(), &self.claims())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example_ids::ORGANIZATION_ID;

    #[test]
    fn subjects_follow_the_shape() {
        let user = format!("org/{ORGANIZATION_ID}/project/{PROJECT_ID}/user/{USER_ID}");
        let v2 = JobToken { vcs_ref: "refs/heads/a/b".to_owned(), ..JobToken::new(ORGANIZATION_ID, 0) };
        assert_eq!(v2.subject(), format!("{user}/vcs-origin/{VCS_ORIGIN}/vcs-ref/refs/heads/a/b"));
        assert_eq!(JobToken { shape: Shape::V1, ..v2.clone() }.subject(), user);
        assert_eq!(JobToken { shape: Shape::Webhook, ..v2 }.subject(), user);
    }

    #[test]
    fn v1_and_v2_differ_in_the_subject_only() {
        let v2 = JobToken::new(ORGANIZATION_ID, 1_700_000_000);
        let mut v1 = JobToken { shape: Shape::V1, ..v2.clone() }.claims();
        v1["sub"] = v2.subject().into();
        assert_eq!(v1, v2.claims());
    }

    #[test]
    fn a_webhook_token_names_no_origin_and_no_ref() {
        let claims = JobToken { shape: Shape::Webhook, ..JobToken::new(ORGANIZATION_ID, 0) }.claims();
        assert!(!claims.to_string().contains("vcs-"));
    }

    #[test]
    fn times_flags_and_audience_keep_their_json_types() {
        let claims = JobToken::new(ORGANIZATION_ID, 1_700_000_000).claims();
        assert_eq!(claims["iat"], json!(1_700_000_000));
        assert_eq!(claims["exp"], json!(1_700_003_600));
        assert_eq!(claims["oidc.circleci.com/ssh-rerun"], json!(false));
        assert_eq!(claims["aud"], json!(ORGANIZATION_ID));
    }

    #[test]
    fn a_forged_token_has_the_victims_key_id() {
        let issuer = TestIssuer::new(ORGANIZATION_ID).unwrap();
        let token = JobToken::new(ORGANIZATION_ID, 0);
        let header = |token: String| token.split('.').next().unwrap().to_owned();
        assert_eq!(header(token.forge(&issuer).unwrap()), header(token.mint(&issuer).unwrap()));
    }
}
