//! Errors of a call to STS, sorted by what the caller can do about them.

use std::fmt;

use aws::Timestamp;

/// The call has no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StsError {
    /// STS refused the request.
    #[error("{0}")]
    Refused(Refusal),
    /// The response is not one that STS sends.
    #[error("{0}")]
    Unreadable(Unreadable),
}

/// A refusal by STS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// AWS's error code, for example `AccessDenied`.
    pub code: String,
    /// AWS's text, made printable and in full. Some errors have none (facts/aws.md 1.2).
    pub message: Option<String>,
    /// AWS's support asks for it.
    pub request_id: Option<String>,
    /// The server's clock at the response.
    pub server_time: Option<Timestamp>,
}

/// A response that STS does not send.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// 3xx. It is not followed: the other host would get the token.
    #[error("the endpoint responded with a redirect (HTTP {status}), which is not followed")]
    Redirect {
        /// The HTTP status.
        status: u16,
    },
    /// Incomplete XML.
    #[error("the response stops in the middle of its XML (HTTP {status}, {received} bytes)")]
    CutShort {
        /// The HTTP status.
        status: u16,
        /// How many bytes arrived.
        received: usize,
    },
    /// HTML, JSON, an empty body.
    #[error("the response is not from STS (HTTP {status}, {content}): a proxy or another server sent it")]
    Foreign {
        /// The HTTP status.
        status: u16,
        /// Its content type, made printable, or `empty`.
        content: String,
    },
    /// A response of STS without a required field.
    #[error("the response has no usable `{field}` (HTTP {status}){}", what_it_is_for(field))]
    Incomplete {
        /// The HTTP status.
        status: u16,
        /// The field that is missing or malformed.
        field: &'static str,
    },
}

/// What cannot be done without a field that other servers than AWS's leave out.
fn what_it_is_for(field: &str) -> &'static str {
    match field {
        "Arn" => {
            ": without the ARN of the role's session its account cannot be checked; AWS always sends it, the STS of \
             MinIO, of SeaweedFS and of other storage servers does not"
        }
        _ => "",
    }
}

impl Refusal {
    /// The refusal without a secret that the endpoint may have sent back. It must run before the message is cut: half
    /// a token could not be found in it.
    #[must_use]
    pub fn without(mut self, secret: &str) -> Self {
        if let Some(message) = &mut self.message {
            *message = aws::withhold(message, secret, "<token>");
        }
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "STS refused the request with `{}`", self.code)?;
        if let Some(message) = &self.message {
            let cut = message.char_indices().nth(LONGEST_MESSAGE).map_or(message.len(), |(at, _)| at);
            write!(f, ": {}", message.get(..cut).unwrap_or_default())?;
        }
        match &self.request_id {
            // With an id the response is from AWS, whose code says what the status would.
            Some(id) => write!(f, " (request id {id})"),
            None => write!(f, " (HTTP {})", self.status),
        }
    }
}

/// In characters, to keep a log readable.
const LONGEST_MESSAGE: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, code: &str, message: &str) -> Refusal {
        Refusal {
            status,
            code: code.to_owned(),
            message: Some(message.to_owned()).filter(|text| !text.is_empty()),
            request_id: None,
            server_time: None,
        }
    }

    #[test]
    fn a_server_that_leaves_out_the_arn_is_named_with_what_that_means() {
        let said = Unreadable::Incomplete { status: 200, field: "Arn" }.to_string();
        for part in ["no usable `Arn` (HTTP 200)", "its account cannot be checked", "MinIO", "SeaweedFS"] {
            assert!(said.contains(part), "{said}");
        }
        let said = Unreadable::Incomplete { status: 200, field: "Expiration" }.to_string();
        assert_eq!(said, "the response has no usable `Expiration` (HTTP 200)");
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let shown = refusal(400, "X", &"é".repeat(1001)).to_string();
        assert_eq!(shown, format!("STS refused the request with `X`: {} (HTTP 400)", "é".repeat(1000)));
    }

    #[test]
    fn a_token_that_comes_back_in_a_message_is_not_shown() {
        let refusal = refusal(400, "ValidationError", "Value 'e30.e30.c2ln' at 'webIdentityToken'");
        assert_eq!(
            refusal.without("e30.e30.c2ln").to_string(),
            "STS refused the request with `ValidationError`: Value '<token>' at 'webIdentityToken' (HTTP 400)"
        );
    }
}
