//! The response to any call: a result, a refusal, or something that STS does not send. Separate from the results, each
//! of which has its own fields. The shapes are those of facts/aws.md 2.1 and 2.2.

use aws::Timestamp;

use crate::error::{Refusal, StsError, Unreadable};
use crate::xml::{Leaves, NotXml};

/// One HTTP response, as received.
#[derive(Clone, Copy)]
pub struct Response<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type` header.
    pub content_type: Option<&'a str>,
    /// The `x-amzn-RequestId` header: only AWS sends it.
    pub request_id: Option<&'a str>,
    /// The `Date` header: the clock that signatures are compared with.
    pub date: Option<&'a str>,
    /// The whole body.
    pub body: &'a [u8],
}

/// The XML document of a successful call.
pub(crate) struct Succeeded<'a> {
    response: &'a Response<'a>,
    operation: &'static str,
    leaves: Leaves,
}

impl Response<'_> {
    /// The server's clock, where the response has it.
    pub fn server_time(&self) -> Option<Timestamp> {
        self.date.and_then(|text| Timestamp::from_http_date(text).ok())
    }

    /// The ID of the request, from the header that only AWS sends.
    pub fn request_id_of_header(&self) -> Option<String> {
        self.request_id(None)
    }

    /// The document, if it is that of a successful `operation`.
    pub(crate) fn succeeded(&self, operation: &'static str) -> Result<Succeeded<'_>, StsError> {
        if (300..400).contains(&self.status) {
            return Err(StsError::Unreadable(Unreadable::Redirect { status: self.status }));
        }
        let leaves = self.leaves()?;
        match leaves.root() {
            "ErrorResponse" => Err(self.refused(&leaves)),
            root if self.status == 200 && root.strip_suffix("Response") == Some(operation) => {
                Ok(Succeeded { response: self, operation, leaves })
            }
            _ => Err(self.foreign()),
        }
    }

    /// The error for a result without a required field.
    pub(crate) fn incomplete(&self, field: &'static str) -> StsError {
        StsError::Unreadable(Unreadable::Incomplete { status: self.status, field })
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
        let Some(code) = leaves.text("ErrorResponse/Error/Code").filter(|code| is_word(code)) else {
            return self.foreign();
        };
        StsError::Refused(Refusal {
            status: self.status,
            code: code.to_owned(),
            message: leaves.text("ErrorResponse/Error/Message").map(printable),
            request_id: self.request_id(leaves.text("ErrorResponse/RequestId")),
            server_time: self.server_time(),
        })
    }

    /// Without XML it may still be AWS, which sends some errors with a status and a request ID only.
    fn foreign(&self) -> StsError {
        if self.status >= 400 && self.body.is_empty() && self.request_id.is_some() {
            return StsError::Refused(Refusal {
                status: self.status,
                code: format!("HTTP {}", self.status),
                message: None,
                request_id: self.request_id(None),
                server_time: self.server_time(),
            });
        }
        let content = match self.content_type {
            _ if self.body.is_empty() => "empty".to_owned(),
            Some(text) => media_type(text).unwrap_or("an odd content type").to_owned(),
            None => "no content type".to_owned(),
        };
        StsError::Unreadable(Unreadable::Foreign { status: self.status, content })
    }

    fn request_id(&self, in_body: Option<&str>) -> Option<String> {
        in_body.or(self.request_id).filter(|id| is_word(id)).map(str::to_owned)
    }
}

impl Succeeded<'_> {
    /// The required text at `path` of the result; `field` is its name for the error.
    pub(crate) fn text(&self, field: &'static str, path: &str) -> Result<&str, StsError> {
        self.optional(path).ok_or_else(|| self.response.incomplete(field))
    }

    /// The text at `path` of the result, if there is one.
    pub(crate) fn optional(&self, path: &str) -> Option<&str> {
        let operation = self.operation;
        self.leaves.text(&format!("{operation}Response/{operation}Result/{path}"))
    }

    /// The error for a result without a required field, or with one that is not usable.
    pub(crate) fn incomplete(&self, field: &'static str) -> StsError {
        self.response.incomplete(field)
    }

    /// AWS's support asks for it.
    pub(crate) fn request_id(&self) -> Option<String> {
        let path = format!("{}Response/ResponseMetadata/RequestId", self.operation);
        self.response.request_id(self.leaves.text(&path))
    }
}

/// Makes a server's text printable: no control character reaches a log.
pub(crate) fn printable(text: &str) -> String {
    let clean: String =
        text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    clean.trim().to_owned()
}

/// Whether a text can be an error code or a request ID. A longer one may be a token that the endpoint sent back.
fn is_word(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// `text/html`, without parameters.
fn media_type(text: &str) -> Option<&str> {
    let (media_type, _) = text.split_once(';').unwrap_or((text, ""));
    let is_one = |text: &&str| is_word(text) && text.contains('/');
    Some(media_type.trim()).filter(is_one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Granted, Operation};

    fn response(status: u16, body: &str) -> Response<'_> {
        Response {
            status,
            content_type: Some("text/xml; charset=utf-8"),
            request_id: Some("from-header"),
            date: Some("Sun, 22 Nov 2026 14:30:00 GMT"),
            body: body.as_bytes(),
        }
    }

    fn granted(response: Response<'_>) -> Result<Granted, StsError> {
        response.granted(Operation::AssumeRoleWithWebIdentity)
    }

    const GRANTED: &str = include_str!("../cases/granted.xml");
    const DENIED: &str = include_str!("../cases/access-denied.xml");

    #[test]
    fn a_refusal_keeps_awss_text_and_its_time() {
        let error = granted(response(403, DENIED)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "STS refused the request with `AccessDenied`: Not authorized to perform \
             sts:AssumeRoleWithWebIdentity (request id 0c5a1f9e-0000-4000-8000-000000000002)"
        );
        let StsError::Refused(refusal) = error else { panic!("{error:?}") };
        assert_eq!(refusal.server_time, Some("2026-11-22T14:30:00Z".parse().unwrap()));
        assert_eq!(response(403, DENIED).request_id_of_header().as_deref(), Some("from-header"));
        assert_eq!(Response { date: Some("soon"), ..response(403, DENIED) }.server_time(), None);
    }

    #[test]
    fn what_sts_does_not_send_is_recognised() {
        let foreign = |status, content: &str| Unreadable::Foreign { status, content: content.to_owned() };
        for (status, body, error) in [
            (302, "", Unreadable::Redirect { status: 302 }),
            (200, "", foreign(200, "empty")),
            (200, "<html><body>Sign in</body></html>", foreign(200, "text/xml")),
            (502, "<html><body>Bad gateway</body></html>", foreign(502, "text/xml")),
            (200, "{}", foreign(200, "text/xml")),
            (500, GRANTED, foreign(500, "text/xml")),
            (200, &GRANTED[..700], Unreadable::CutShort { status: 200, received: 700 }),
        ] {
            assert_eq!(
                granted(response(status, body)).unwrap_err(),
                StsError::Unreadable(error),
                "{status} {body:.20}"
            );
        }
        let odd = Response { content_type: Some("text"), ..response(200, "{}") };
        assert_eq!(granted(odd).unwrap_err(), StsError::Unreadable(foreign(200, "an odd content type")));
    }

    #[test]
    fn an_empty_error_with_a_request_id_is_still_aws() {
        let error = granted(response(413, "")).unwrap_err();
        assert_eq!(error.to_string(), "STS refused the request with `HTTP 413` (request id from-header)");
    }

    #[test]
    fn control_characters_of_a_server_reach_no_log() {
        let body = DENIED.replace("Not authorized", "\u{1b}[31mNot\r\nauthorized");
        let error = granted(response(403, &body)).unwrap_err().to_string();
        assert!(!error.contains(char::is_control), "{error:?}");
    }

    #[test]
    fn a_token_that_an_endpoint_sends_back_is_shown_nowhere() {
        let token = format!("{}.{}.{}", "h".repeat(90), "c".repeat(900), "s".repeat(342));
        let long = "w".repeat(500);
        let bodies = [
            DENIED.replace("Not authorized", &format!("{long} {long} {token}")),
            DENIED.replace("AccessDenied", &token),
            DENIED.replace("0c5a1f9e-0000-4000-8000-000000000002", &token),
            "<html></html>".to_owned(),
            String::new(),
        ];
        for body in bodies {
            let response =
                Response { content_type: Some(&token), request_id: Some(&token), ..response(400, &body) };
            let shown = match granted(response).unwrap_err() {
                StsError::Refused(refusal) => refusal.without(&token).to_string(),
                unreadable @ StsError::Unreadable(_) => unreadable.to_string(),
            };
            assert!(!["hhh", "ccc", "sss"].iter().any(|part| shown.contains(part)), "{shown}");
            assert!(shown.len() < 1500, "{shown}");
        }
    }
}
