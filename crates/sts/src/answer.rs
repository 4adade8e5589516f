//! What STS answers to the exchange: credentials, a refusal, or something that STS would not say.
//! The shapes are those of facts/aws.md 2.1 and 2.2.

use aws::{Credentials, Secret};

use crate::error::{Refusal, StsError, Unreadable};
use crate::xml::{Leaves, NotXml};

/// One HTTP answer, as it came.
#[derive(Clone, Copy)]
pub struct Answer<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type` header.
    pub content_type: Option<&'a str>,
    /// The `x-amzn-RequestId` header: only AWS sends it.
    pub request_id: Option<&'a str>,
    /// The whole body.
    pub body: &'a [u8],
}

/// The exchange worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// What the next steps use.
    pub credentials: Credentials,
    /// Who they are: `arn:aws:sts::<account>:assumed-role/<role>/<session>`.
    pub role_session_arn: String,
    /// What AWS's support asks for.
    pub request_id: Option<String>,
}

impl Answer<'_> {
    /// Reads the answer to `AssumeRoleWithWebIdentity`.
    pub fn granted(&self) -> Result<Granted, StsError> {
        if (300..400).contains(&self.status) {
            return Err(StsError::Unreadable(Unreadable::Redirect { status: self.status }));
        }
        let leaves = self.leaves()?;
        match leaves.root() {
            "AssumeRoleWithWebIdentityResponse" if self.status == 200 => {}
            "ErrorResponse" => return Err(self.refused(&leaves)),
            _ => return Err(self.foreign()),
        }
        let result = "AssumeRoleWithWebIdentityResponse/AssumeRoleWithWebIdentityResult";
        let text = |field: &'static str, path: &str| {
            leaves.text(&format!("{result}/{path}")).ok_or_else(|| self.incomplete(field))
        };
        let access_key_id = text("AccessKeyId", "Credentials/AccessKeyId")?;
        let expiration = text("Expiration", "Credentials/Expiration")?;
        Ok(Granted {
            credentials: Credentials {
                access_key_id: Some(access_key_id)
                    .filter(|id| is_access_key_id(id))
                    .ok_or_else(|| self.incomplete("AccessKeyId"))?
                    .to_owned(),
                secret_access_key: Secret::new(
                    text("SecretAccessKey", "Credentials/SecretAccessKey")?.to_owned(),
                ),
                session_token: Secret::new(text("SessionToken", "Credentials/SessionToken")?.to_owned()),
                expiration: expiration.parse().map_err(|_| self.incomplete("Expiration"))?,
            },
            role_session_arn: printable(text("Arn", "AssumedRoleUser/Arn")?),
            request_id: self
                .request_id(leaves.text("AssumeRoleWithWebIdentityResponse/ResponseMetadata/RequestId")),
        })
    }

    fn leaves(&self) -> Result<Leaves, StsError> {
        let text = std::str::from_utf8(self.body).unwrap_or_default();
        Leaves::read(text).map_err(|flaw| match flaw {
            NotXml::CutShort => {
                StsError::Unreadable(Unreadable::CutShort { status: self.status, received: self.body.len() })
            }
            NotXml::Foreign => self.foreign(),
        })
    }

    fn refused(&self, leaves: &Leaves) -> StsError {
        let Some(code) = leaves.text("ErrorResponse/Error/Code") else { return self.foreign() };
        StsError::Refused(Refusal {
            status: self.status,
            code: printable(code),
            message: leaves.text("ErrorResponse/Error/Message").map(printable),
            request_id: self.request_id(leaves.text("ErrorResponse/RequestId")),
        })
    }

    /// Without XML it may still be AWS: it sends some errors with nothing but a status and a request id.
    fn foreign(&self) -> StsError {
        if self.status >= 400 && self.body.is_empty() && self.request_id.is_some() {
            return StsError::Refused(Refusal {
                status: self.status,
                code: format!("HTTP {}", self.status),
                message: None,
                request_id: self.request_id(None),
            });
        }
        let content = if self.body.is_empty() {
            "empty".to_owned()
        } else {
            self.content_type.map_or_else(|| "no content type".to_owned(), printable)
        };
        StsError::Unreadable(Unreadable::Foreign { status: self.status, content })
    }

    fn incomplete(&self, field: &'static str) -> StsError {
        StsError::Unreadable(Unreadable::Incomplete { status: self.status, field })
    }

    fn request_id(&self, in_body: Option<&str>) -> Option<String> {
        in_body.or(self.request_id).map(printable)
    }
}

/// facts/aws.md 2.1: 16 to 128 of `\w`.
fn is_access_key_id(text: &str) -> bool {
    (16..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A server's words may hold anything: no control character reaches a log, and no novel.
fn printable(text: &str) -> String {
    let clean: String = text
        .chars()
        .take(1000)
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect();
    clean.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer<'_> {
        Answer {
            status,
            content_type: Some("text/xml"),
            request_id: Some("from-header"),
            body: body.as_bytes(),
        }
    }

    const GRANTED: &str = include_str!("../cases/granted.xml");
    const DENIED: &str = include_str!("../cases/access-denied.xml");

    #[test]
    fn credentials_are_read() {
        let granted = answer(200, GRANTED).granted().unwrap();
        assert_eq!(granted.credentials.access_key_id, "ASIAEXAMPLEEXAMPLE12");
        assert_eq!(
            granted.credentials.secret_access_key.expose(),
            "example+secret/access&key=40characters00"
        );
        assert_eq!(granted.credentials.session_token.expose(), "ExampleSessionToken//////////w==");
        assert_eq!(granted.credentials.expiration.to_string(), "2026-11-22T15:30:00Z");
        assert_eq!(granted.role_session_arn, "arn:aws:sts::123456789012:assumed-role/deploy/job-1");
        assert_eq!(granted.request_id.as_deref(), Some("0c5a1f9e-0000-4000-8000-000000000001"));
    }

    #[test]
    fn a_refusal_keeps_the_words_of_aws() {
        let error = answer(403, DENIED).granted().unwrap_err();
        assert_eq!(
            error.to_string(),
            "STS refused the request with `AccessDenied`: Not authorized to perform \
             sts:AssumeRoleWithWebIdentity (HTTP 403, request id 0c5a1f9e-0000-4000-8000-000000000002)"
        );
    }

    #[test]
    fn every_required_field_is_required() {
        for field in ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration", "Arn"] {
            let without =
                GRANTED.replace(&format!("<{field}>"), "<Other>").replace(&format!("</{field}>"), "</Other>");
            let error = answer(200, &without).granted().unwrap_err();
            assert_eq!(error, StsError::Unreadable(Unreadable::Incomplete { status: 200, field }));
        }
    }

    #[test]
    fn what_sts_would_not_say_is_told_apart() {
        let foreign = |status, content: &str| Unreadable::Foreign { status, content: content.to_owned() };
        for (status, body, error) in [
            (302, "", Unreadable::Redirect { status: 302 }),
            (200, "", foreign(200, "empty")),
            (200, "<html><body>Sign in</body></html>", foreign(200, "text/xml")),
            (502, "<html><body>Bad gateway</body></html>", foreign(502, "text/xml")),
            (200, "{}", foreign(200, "text/xml")),
            (200, &GRANTED[..700], Unreadable::CutShort { status: 200, received: 700 }),
        ] {
            assert_eq!(
                answer(status, body).granted().unwrap_err(),
                StsError::Unreadable(error),
                "{status} {body:.20}"
            );
        }
    }

    #[test]
    fn an_empty_error_with_a_request_id_is_still_aws() {
        let error = answer(413, "").granted().unwrap_err();
        assert_eq!(
            error.to_string(),
            "STS refused the request with `HTTP 413` (HTTP 413, request id from-header)"
        );
    }

    #[test]
    fn control_characters_of_a_server_reach_no_log() {
        let body = DENIED.replace("Not authorized", "\u{1b}[31mNot\r\nauthorized");
        let error = answer(403, &body).granted().unwrap_err().to_string();
        assert!(!error.contains(char::is_control), "{error:?}");
    }
}
