//! The response with credentials. Both operations that assume a role have it, under their own names.
//!
//! A `TrustedIdentityPropagationContext` in it is about a person, and is neither read nor kept (facts/aws-2026.md 2.5).

use aws::{AssumedRoleArn, Credentials, Secret};

use crate::error::StsError;
use crate::response::{Response, Succeeded};
use crate::session_token_size::SessionTokenSize;

/// An operation that issues credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// With the job's token, unsigned.
    AssumeRoleWithWebIdentity,
    /// With another role's credentials, signed.
    AssumeRole,
}

/// A role's session, as STS granted it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// Its credentials.
    pub credentials: Credentials,
    /// Its ARN.
    pub role_session_arn: AssumedRoleArn,
    /// How large their session token is.
    pub token_size: SessionTokenSize,
    /// AWS's support asks for it.
    pub request_id: Option<String>,
}

impl Response<'_> {
    /// Reads the response to `operation`; the response to another operation is an error.
    pub fn granted(&self, operation: Operation) -> Result<Granted, StsError> {
        let result = self.succeeded(match operation {
            Operation::AssumeRoleWithWebIdentity => "AssumeRoleWithWebIdentity",
            Operation::AssumeRole => "AssumeRole",
        })?;
        Ok(Granted {
            credentials: result.credentials()?,
            role_session_arn: result
                .text("Arn", "AssumedRoleUser/Arn")?
                .parse()
                .map_err(|_| self.incomplete("Arn"))?,
            token_size: SessionTokenSize::of(&result),
            request_id: result.request_id(),
        })
    }
}

impl Succeeded<'_> {
    /// The credentials of the result.
    pub(crate) fn credentials(&self) -> Result<Credentials, StsError> {
        let access_key_id = self.text("AccessKeyId", "Credentials/AccessKeyId")?;
        let expiration = self.text("Expiration", "Credentials/Expiration")?;
        let secret = |field, path| self.text(field, path).map(|text| Secret::new(text.to_owned()));
        Ok(Credentials {
            access_key_id: Some(access_key_id)
                .filter(|id| is_access_key_id(id))
                .ok_or_else(|| self.incomplete("AccessKeyId"))?
                .to_owned(),
            secret_access_key: secret("SecretAccessKey", "Credentials/SecretAccessKey")?,
            session_token: secret("SessionToken", "Credentials/SessionToken")?,
            expiration: expiration.parse().map_err(|_| self.incomplete("Expiration"))?,
        })
    }
}

/// facts/aws.md 2.1: 16 to 128 of `\w`.
fn is_access_key_id(text: &str) -> bool {
    (16..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Unreadable;

    const BY_TOKEN: &str = include_str!("../cases/granted.xml");
    const BY_ROLE: &str = include_str!("../cases/role-granted.xml");

    fn response(body: &str) -> Response<'_> {
        Response {
            status: 200,
            content_type: Some("text/xml"),
            request_id: Some("from-header"),
            date: None,
            body: body.as_bytes(),
        }
    }

    #[test]
    fn credentials_are_read() {
        let granted = response(BY_TOKEN).granted(Operation::AssumeRoleWithWebIdentity).unwrap();
        assert_eq!(granted.credentials.access_key_id, "ASIAEXAMPLEEXAMPLE12");
        assert_eq!(
            granted.credentials.secret_access_key.expose(),
            "example+secret/access&key=40characters00"
        );
        assert_eq!(granted.credentials.session_token.expose(), "ExampleSessionToken//////////w==");
        assert_eq!(granted.credentials.expiration.to_string(), "2026-11-22T15:30:00Z");
        assert_eq!(granted.role_session_arn.as_str(), "arn:aws:sts::123456789012:assumed-role/deploy/job-1");
        assert_eq!(granted.token_size, SessionTokenSize { bytes: None, utilization: Some(24) });
        assert_eq!(granted.request_id.as_deref(), Some("0c5a1f9e-0000-4000-8000-000000000001"));
    }

    #[test]
    fn an_access_key_id_has_16_to_128_word_characters() {
        for (id, is_one) in [
            ("A".repeat(15), false),
            ("A_1b".repeat(4), true),
            ("A".repeat(128), true),
            ("A".repeat(129), false),
            ("A".repeat(16) + "-", false),
        ] {
            assert_eq!(is_access_key_id(&id), is_one, "{id}");
        }
    }

    #[test]
    fn the_newer_name_of_the_token_size_comes_before_the_older_one() {
        let newer =
            "<SessionTokenUtilization>85</SessionTokenUtilization><SessionTokenSize>3482</SessionTokenSize>";
        let body = BY_TOKEN.replace("<PackedPolicySize>", &format!("{newer}<PackedPolicySize>"));
        let granted = response(&body).granted(Operation::AssumeRoleWithWebIdentity).unwrap();
        assert_eq!(granted.token_size, SessionTokenSize { bytes: Some(3482), utilization: Some(85) });
    }

    #[test]
    fn what_sts_tells_of_a_person_is_not_kept() {
        let (subject, mapped) = ("somebody@example.com", "refs/heads/secret-project");
        let context = format!(
            "<TrustedIdentityPropagationContext><OriginIdentity><Subject>{subject}</Subject></OriginIdentity>\
             <TransactionContext><IdentityProvider><entry><key>vcs-ref</key><value>{mapped}</value></entry>\
             </IdentityProvider></TransactionContext></TrustedIdentityPropagationContext>"
        );
        let body = BY_TOKEN.replace("<PackedPolicySize>", &format!("{context}<PackedPolicySize>"));
        let granted = response(&body).granted(Operation::AssumeRoleWithWebIdentity).unwrap();
        let incomplete = body.replace("Expiration>", "Other>");
        let error = response(&incomplete).granted(Operation::AssumeRoleWithWebIdentity).unwrap_err();
        let texts = [format!("{granted:?}"), format!("{error} {error:?}")];
        let texts: Vec<_> = texts.iter().map(|text| ("shown", text.as_bytes())).collect();
        assert_eq!(testkit::find_leaks(&[("subject", subject), ("claim", mapped)], &texts), []);
    }

    #[test]
    fn the_credentials_of_the_next_role_are_read_too() {
        let granted = response(BY_ROLE).granted(Operation::AssumeRole).unwrap();
        assert_eq!(granted.credentials.access_key_id, "ASIAEXAMPLEEXAMPLE34");
        assert_eq!(granted.credentials.session_token.expose(), "ExampleChainedSessionToken//////w==");
        assert_eq!(
            granted.role_session_arn.as_str(),
            "arn:aws:sts::210987654321:assumed-role/workload/job-1"
        );
        assert_eq!(granted.request_id.as_deref(), Some("0c5a1f9e-0000-4000-8000-000000000004"));
    }

    #[test]
    fn the_response_to_another_operation_holds_no_credentials() {
        for (body, operation) in
            [(BY_TOKEN, Operation::AssumeRole), (BY_ROLE, Operation::AssumeRoleWithWebIdentity)]
        {
            let error = response(body).granted(operation).unwrap_err();
            assert!(
                matches!(error, StsError::Unreadable(Unreadable::Foreign { .. })),
                "{operation:?}: {error}"
            );
        }
    }

    #[test]
    fn every_required_field_is_required() {
        for (body, operation) in
            [(BY_TOKEN, Operation::AssumeRoleWithWebIdentity), (BY_ROLE, Operation::AssumeRole)]
        {
            for field in ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration", "Arn"] {
                let without = body
                    .replace(&format!("<{field}>"), "<Other>")
                    .replace(&format!("</{field}>"), "</Other>");
                let error = response(&without).granted(operation).unwrap_err();
                assert_eq!(error, StsError::Unreadable(Unreadable::Incomplete { status: 200, field }));
            }
        }
    }
}
