//! Whether an error is worth a retry. Separate from the errors: the class of a refusal is looked up in the
//! catalogue, which reads the errors.

use crate::catalogue::class_by_any_call;
use crate::error::{Refusal, StsError, Unreadable};
use crate::retry::Class;

impl StsError {
    /// Whether the same request may work in a moment.
    pub fn class(&self) -> Class {
        match self {
            Self::Refused(refusal) => refusal.class(),
            Self::Unreadable(Unreadable::CutShort { .. }) => Class::Transient,
            Self::Unreadable(Unreadable::Foreign { status, .. }) => Class::of_status(*status),
            Self::Unreadable(_) => Class::Permanent,
        }
    }
}

impl Refusal {
    /// Whether the same request may work in a moment: what the catalogue says, else the status.
    pub fn class(&self) -> Class {
        class_by_any_call(self)
    }
}

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
    fn only_what_may_pass_is_retried() {
        for (status, code, message, class) in [
            (400, "Throttling", "Rate exceeded", Class::Throttled),
            (503, "SlowDown", "", Class::Throttled),
            (429, "Whatever", "", Class::Throttled),
            (400, "IDPCommunicationError", "", Class::Transient),
            (400, "RequestTimeout", "", Class::Transient),
            (408, "Whatever", "", Class::Transient),
            (501, "Whatever", "no", Class::Transient),
            (503, "AccessDenied", "", Class::Transient),
            (529, "HTTP 529", "", Class::Transient),
            (500, "InternalFailure", "", Class::Transient),
            (503, "ServiceUnavailable", "", Class::Transient),
            (
                400,
                "InvalidIdentityToken",
                "Couldn't retrieve verification key from your identity provider,  please reference",
                Class::Transient,
            ),
            (500, "InternalFailure", "Unknown error validating third-party token", Class::Permanent),
            (400, "InvalidIdentityToken", "Incorrect token audience", Class::Permanent),
            (400, "ExpiredTokenException", "", Class::Permanent),
            (403, "AccessDenied", "", Class::Permanent),
            (400, "ValidationError", "", Class::Permanent),
            (403, "RegionDisabledException", "", Class::Permanent),
            (413, "HTTP 413", "", Class::Permanent),
        ] {
            assert_eq!(refusal(status, code, message).class(), class, "{status} {code} {message}");
        }
    }
}
