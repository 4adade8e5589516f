//! Claims that STS does not require, about the job and its machine. Separate from
//! [`UnverifiedClaims`](crate::UnverifiedClaims), because here each may be missing.

use aws::Timestamp;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::Token;
use crate::circleci::claims;

/// What a token says of its job; unverified, as all claims are. A claim of another type counts as missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobClaims {
    /// `iat`.
    pub issued_at: Option<Timestamp>,
    /// Whether the job was re-run with SSH.
    pub ssh_rerun: Option<bool>,
    /// The repository, such as `github.com/owner/repository`. Absent in pipelines of custom webhooks.
    pub vcs_origin: Option<String>,
    /// The full ref, such as `refs/heads/main`. Absent in pipelines of custom webhooks.
    pub vcs_ref: Option<String>,
}

impl Token {
    /// The claims about its job.
    pub fn job_claims(&self) -> JobClaims {
        let payload = self.expose().split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
        payload.and_then(|json| JobClaims::read(&json)).unwrap_or_default()
    }
}

impl JobClaims {
    fn read(json: &[u8]) -> Option<Self> {
        let all: Value = serde_json::from_slice(json).ok()?;
        let claim = |name: &str| all.get(name);
        let text = |name: &str| claim(name).and_then(Value::as_str).map(str::to_owned);
        Some(Self {
            issued_at: claim("iat").and_then(seconds).and_then(|it| Timestamp::from_unix_seconds(it).ok()),
            ssh_rerun: claim(claims::SSH_RERUN).and_then(Value::as_bool),
            vcs_origin: text(claims::VCS_ORIGIN),
            vcs_ref: text(claims::VCS_REF),
        })
    }
}

/// STS accepts an integer, also in a string, but not a fraction (facts/aws.md 2.5).
fn seconds(claim: &Value) -> Option<i64> {
    claim.as_i64().or_else(|| claim.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_of_the_job_are_read() {
        let json = br#"{"iat":"100","oidc.circleci.com/ssh-rerun":false,"oidc.circleci.com/vcs-origin":"github.com/a/b","oidc.circleci.com/vcs-ref":"refs/heads/a/b"}"#;
        let token = format!(
            "e30.{}.c2ln",
            URL_SAFE_NO_PAD.encode([br#"{"iss":"i","sub":"s","aud":"a","exp":1,"#, &json[1..]].concat())
        );
        let claims = JobClaims {
            issued_at: Timestamp::from_unix_seconds(100).ok(),
            ssh_rerun: Some(false),
            vcs_origin: Some("github.com/a/b".to_owned()),
            vcs_ref: Some("refs/heads/a/b".to_owned()),
        };
        assert_eq!(Token::parse(&token).unwrap().job_claims(), claims);
    }

    #[test]
    fn a_claim_of_another_type_counts_as_missing() {
        for json in [
            "{}",
            r#"{"iat":1.5,"oidc.circleci.com/ssh-rerun":"true","oidc.circleci.com/vcs-origin":null,"oidc.circleci.com/vcs-ref":1}"#,
            r#"{"iat":99999999999999}"#,
        ] {
            assert_eq!(JobClaims::read(json.as_bytes()), Some(JobClaims::default()), "{json}");
        }
    }
}
