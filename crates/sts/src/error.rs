//! What can be wrong with an answer, sorted by what the caller can do about it.

use std::fmt;

use aws::Timestamp;

/// No credentials came back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StsError {
    /// STS understood, and said no.
    #[error("{0}")]
    Refused(Refusal),
    /// Something answered, but not as STS does.
    #[error("{0}")]
    Unreadable(Unreadable),
}

/// STS's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// AWS's error code, for example `AccessDenied`.
    pub code: String,
    /// AWS's sentence, made printable and in full. Some errors have none (facts/aws.md 1.2).
    pub message: Option<String>,
    /// What AWS's support asks for.
    pub request_id: Option<String>,
    /// The server's clock when it answered.
    pub server_time: Option<Timestamp>,
}

/// An answer that STS would not give.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// 3xx. It is not followed: the next host would get the token.
    #[error("the endpoint answered with a redirect (HTTP {status}), which is not followed")]
    Redirect {
        /// The HTTP status.
        status: u16,
    },
    /// XML that stops in the middle.
    #[error("the answer stops in the middle of its XML (HTTP {status}, {received} bytes)")]
    CutShort {
        /// The HTTP status.
        status: u16,
        /// How much of it came.
        received: usize,
    },
    /// HTML, JSON, nothing at all.
    #[error("the answer is not from STS (HTTP {status}, {content}): a proxy or another server gave it")]
    Foreign {
        /// The HTTP status.
        status: u16,
        /// Its content type, made printable, or that it is empty.
        content: String,
    },
    /// An answer of STS without what it should hold.
    #[error("the answer holds no usable `{field}` (HTTP {status})")]
    Incomplete {
        /// The HTTP status.
        status: u16,
        /// Which part is missing or malformed.
        field: &'static str,
    },
}

impl Refusal {
    /// The refusal without a text that must not be shown, should the endpoint have sent it back. It comes before
    /// the message is cut: half a token could not be found in it.
    #[must_use]
    pub fn without(mut self, secret: &str) -> Self {
        if let Some(message) = &mut self.message
            && message.contains(secret)
        {
            *message = message.replace(secret, "<token>");
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
            Some(id) => write!(f, " (HTTP {}, request id {id})", self.status),
            None => write!(f, " (HTTP {})", self.status),
        }
    }
}

/// In characters: nobody reads a novel in a log.
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
