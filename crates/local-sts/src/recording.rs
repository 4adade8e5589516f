//! A call as it was received, for tests and for the request log. The log and `Debug` show the length of a secret and
//! nothing more.

use std::fmt;

use serde_json::{Value, json};

/// Names of headers and parameters, in lower case, whose values are secrets.
const SECRETS: [&str; 4] = ["authorization", "webidentitytoken", "x-amz-security-token", "x-amz-signature"];

/// One call.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordedRequest {
    /// `POST`, usually.
    pub method: String,
    /// Without the query.
    pub path: String,
    /// Names in lower case, in the order of the wire.
    pub headers: Vec<(String, String)>,
    /// The parameters of the body, or of the query where there is no body, in the order of the wire.
    pub form: Vec<(String, String)>,
    /// The value of `Action`.
    pub action: Option<String>,
    /// The session whose access key the signature names, whether or not the signature is valid.
    pub signer: Option<Signer>,
}

/// A session, and what limits its credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct Signer {
    /// The session's ARN, which scoped credentials share.
    pub arn: String,
    /// The scope policies, the first one first. A policy is not a secret.
    pub scope_policies: Vec<String>,
}

impl RecordedRequest {
    /// The first header called `name`, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The first parameter called `name`.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.form.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The call as one JSON object, secrets reduced to their length.
    pub fn redacted(&self) -> Value {
        json!({
            "method": self.method,
            "path": self.path,
            "action": self.action,
            "headers": redact(&self.headers),
            "form": redact(&self.form),
            "signer": self.signer.as_ref().map(|Signer { arn, scope_policies }| {
                json!({ "arn": arn, "scope_policies": scope_policies })
            }),
        })
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.redacted())
    }
}

fn redact(pairs: &[(String, String)]) -> Vec<(&str, String)> {
    let shown = |name: &str, value: &str| {
        if SECRETS.contains(&name.to_lowercase().as_str()) {
            format!("<{} characters>", value.chars().count())
        } else {
            value.to_owned()
        }
    };
    pairs.iter().map(|(name, value)| (name.as_str(), shown(name, value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_reduced_to_their_length() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let request = RecordedRequest {
            method: "POST".to_owned(),
            path: "/".to_owned(),
            headers: vec![pair("authorization", "AWS4 secret"), pair("x-amz-security-token", "secret")],
            form: vec![
                pair("Action", "A"),
                pair("WebIdentityToken", "eyJ.secret.x"),
                pair("X-Amz-Signature", "secret"),
            ],
            action: Some("A".to_owned()),
            signer: Some(Signer { arn: "arn:x".to_owned(), scope_policies: vec!["{}".to_owned()] }),
        };
        let line = request.redacted().to_string();
        assert!(!line.contains("secret"), "{line}");
        assert_eq!(request.redacted()["form"][1], json!(["WebIdentityToken", "<12 characters>"]));
        assert_eq!(request.redacted()["signer"], json!({"arn": "arn:x", "scope_policies": ["{}"]}));
        assert_eq!(format!("{request:?}"), line);
    }
}
