//! The response to `GetScopedCredentials` (facts/aws-2026.md 1.3): new credentials of the calling session. AWS requires
//! only the credentials; what else there is must be of the same session.

use aws::Credentials;

use crate::error::{StsError, Unreadable};
use crate::response::{Response, printable};
use crate::session_token_size::SessionTokenSize;

/// Narrower or shorter credentials of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopedCredentials {
    /// They end with the session at the latest.
    pub credentials: Credentials,
    /// `AROA…:<session>`, the session's own.
    pub scoped_session_id: Option<String>,
    /// The session's own ARN. So GetCallerIdentity does not tell these credentials from wider ones.
    pub arn: Option<String>,
    /// How many scope policies limit them, this call's included.
    pub policies_count: Option<u32>,
    /// How large their session token is.
    pub token_size: SessionTokenSize,
    /// The session's own.
    pub source_identity: Option<String>,
    /// AWS's support asks for it.
    pub request_id: Option<String>,
}

impl Response<'_> {
    /// Reads the response to `GetScopedCredentials`. Credentials of another session than `caller`'s, where the response
    /// names it, are an error: `caller` is the ARN of the session that signed, where it is known.
    pub fn scoped_credentials(&self, caller: Option<&str>) -> Result<ScopedCredentials, StsError> {
        let result = self.succeeded("GetScopedCredentials")?;
        let optional = |path| result.optional(path).map(printable);
        let arn = optional("SessionInfo/Arn");
        if let (Some(found), Some(caller)) = (&arn, caller)
            && found != caller
        {
            return Err(StsError::Unreadable(Unreadable::OtherSession {
                found: found.clone(),
                caller: caller.to_owned(),
            }));
        }
        Ok(ScopedCredentials {
            credentials: result.credentials()?,
            scoped_session_id: optional("SessionInfo/ScopedSessionId"),
            arn,
            policies_count: result.optional("ScopedPoliciesCount").and_then(|text| text.parse().ok()),
            token_size: SessionTokenSize::of(&result),
            source_identity: optional("SourceIdentity"),
            request_id: result.request_id(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCOPED: &str = include_str!("../cases/scoped.xml");
    const CALLER: &str = "arn:aws:sts::123456789012:assumed-role/deploy/job-1";

    fn read(body: &str, caller: Option<&str>) -> Result<ScopedCredentials, StsError> {
        let response = Response {
            status: 200,
            content_type: Some("text/xml"),
            request_id: None,
            date: None,
            body: body.as_bytes(),
        };
        response.scoped_credentials(caller)
    }

    /// The document without one element and what is in it.
    fn without(body: &str, element: &str) -> String {
        let (start, rest) = body.split_once(&format!("<{element}>")).unwrap();
        let (_, end) = rest.split_once(&format!("</{element}>")).unwrap();
        format!("{start}{end}")
    }

    #[test]
    fn everything_is_read_from_its_place() {
        let scoped = read(SCOPED, Some(CALLER)).unwrap();
        assert_eq!(scoped.credentials.access_key_id, "ASIAEXAMPLEEXAMPLE56");
        assert_eq!(scoped.credentials.secret_access_key.expose(), "example+secret/access&key=40characters22");
        assert_eq!(scoped.credentials.session_token.expose(), "ExampleScopedSessionToken///////w==");
        assert_eq!(scoped.credentials.expiration.to_string(), "2026-11-22T14:45:00Z");
        assert_eq!(scoped.scoped_session_id.as_deref(), Some("AROAEXAMPLEEXAMPLE123:job-1"));
        assert_eq!(scoped.arn.as_deref(), Some(CALLER));
        assert_eq!(scoped.policies_count, Some(2));
        assert_eq!(scoped.token_size, SessionTokenSize { bytes: Some(3482), utilization: Some(85) });
        assert_eq!(scoped.source_identity.as_deref(), Some("somebody"));
        assert_eq!(scoped.request_id.as_deref(), Some("0c5a1f9e-0000-4000-8000-000000000005"));
    }

    #[test]
    fn only_the_credentials_are_required() {
        let mut bare = SCOPED.to_owned();
        for element in [
            "SessionInfo",
            "ScopedPoliciesCount",
            "SessionTokenSize",
            "SessionTokenUtilization",
            "SourceIdentity",
            "RequestId",
        ] {
            bare = without(&bare, element);
        }
        let scoped = read(&bare, Some(CALLER)).unwrap();
        assert_eq!((scoped.arn, scoped.policies_count), (None, None));
        assert_eq!(scoped.token_size, SessionTokenSize::default());
        for field in ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"] {
            let error = read(&without(SCOPED, field), None).unwrap_err();
            assert_eq!(error, StsError::Unreadable(Unreadable::Incomplete { status: 200, field }));
        }
    }

    #[test]
    fn credentials_of_another_session_are_not_taken() {
        let other = SCOPED.replace("role/deploy/job-1", "role/deploy/job-2");
        let error = read(&other, Some(CALLER)).unwrap_err().to_string();
        assert_eq!(
            error,
            "the response has credentials of `arn:aws:sts::123456789012:assumed-role/deploy/job-2`, and the request \
             was signed by `arn:aws:sts::123456789012:assumed-role/deploy/job-1`"
        );
        assert!(read(&other, None).is_ok(), "the caller is not known");
    }
}
