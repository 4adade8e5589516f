//! A reader of credentials in JSON from other programs: the output of a `credential_process`, the response of a container
//! endpoint (facts/aws.md 7 and 8.1). Separate from the writers: the text is untrusted, and no error shows any of it.

use aws::{Secret, Timestamp};
use serde_json::{Map, Value};

use crate::StaticCredentials;

/// Why the text holds no usable credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCredentialsJson {
    /// The text is cut off or not JSON.
    #[error("it is not JSON (line {line}, column {column})")]
    NotJson {
        /// The line where the parser stopped.
        line: usize,
        /// The column in that line.
        column: usize,
    },
    /// JSON of another shape.
    #[error("it is not a JSON object")]
    NotAnObject,
    /// AWS tools accept no other version.
    #[error("its `Version` is not the number 1")]
    Version,
    /// A field that is absent, null or blank.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A field of another type.
    #[error("its `{0}` is not a string")]
    NotAText(&'static str),
    /// A time that clients read in different ways or not at all.
    #[error("its `Expiration` is not a time like 2026-01-31T23:59:59Z")]
    NotATime,
    /// Credentials that AWS no longer accepts.
    #[error("its credentials expired at {0}")]
    Expired(Timestamp),
}

/// Reads the output of a `credential_process`. Credentials without an expiration or a session token are valid, as for AWS
/// tools.
pub fn of_process(text: &[u8], now: Timestamp) -> Result<StaticCredentials, InvalidCredentialsJson> {
    let mut fields = Fields::parse(text)?;
    let keys = fields.keys("SessionToken");
    if fields.0.get("Version").and_then(Value::as_u64) != Some(1) {
        return Err(InvalidCredentialsJson::Version);
    }
    fields.expect_future(now)?;
    keys
}

/// Reads the response of a container endpoint, which must have a session token and an expiration.
pub fn of_endpoint(text: &[u8], now: Timestamp) -> Result<StaticCredentials, InvalidCredentialsJson> {
    let mut fields = Fields::parse(text)?;
    let keys = fields.keys("Token")?;
    if keys.session_token.is_none() {
        return Err(InvalidCredentialsJson::Missing("Token"));
    }
    if !fields.expect_future(now)? {
        return Err(InvalidCredentialsJson::Missing("Expiration"));
    }
    Ok(keys)
}

/// The fields that have not been taken yet. Unknown fields are ignored.
struct Fields(Map<String, Value>);

impl Fields {
    fn parse(text: &[u8]) -> Result<Self, InvalidCredentialsJson> {
        match serde_json::from_slice(text) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(InvalidCredentialsJson::NotAnObject),
            // The parser's own message is omitted: it quotes the text.
            Err(error) => Err(InvalidCredentialsJson::NotJson { line: error.line(), column: error.column() }),
        }
    }

    fn keys(&mut self, token: &'static str) -> Result<StaticCredentials, InvalidCredentialsJson> {
        // All are taken before any is checked, so that all are cleared from memory.
        let (id, secret, token) = (self.take("AccessKeyId"), self.take("SecretAccessKey"), self.take(token));
        Ok(StaticCredentials {
            access_key_id: id?.ok_or(InvalidCredentialsJson::Missing("AccessKeyId"))?.expose().to_owned(),
            secret_access_key: secret?.ok_or(InvalidCredentialsJson::Missing("SecretAccessKey"))?,
            session_token: token?,
        })
    }

    /// Whether there is an expiration; one in the past is an error.
    fn expect_future(&mut self, now: Timestamp) -> Result<bool, InvalidCredentialsJson> {
        let Some(text) = self.take("Expiration")? else { return Ok(false) };
        let end: Timestamp = text.expose().parse().map_err(|_| InvalidCredentialsJson::NotATime)?;
        if end <= now { Err(InvalidCredentialsJson::Expired(end)) } else { Ok(true) }
    }

    fn take(&mut self, name: &'static str) -> Result<Option<Secret>, InvalidCredentialsJson> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => {
                let text = Secret::new(text);
                Ok(Some(text).filter(|text| !text.expose().trim().is_empty()))
            }
            Some(_) => Err(InvalidCredentialsJson::NotAText(name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cases: &str, read: fn(&[u8], Timestamp) -> Result<StaticCredentials, InvalidCredentialsJson>) {
        let now = "2026-11-22T14:30:05Z".parse().unwrap();
        let cases: Vec<Value> = serde_json::from_str(cases).unwrap();
        for case in &cases {
            let input = case["input"].as_str().map_or_else(|| case["input"].to_string(), str::to_owned);
            let expected = case["keys"].as_array().map(|keys| keys.iter().map(Value::as_str).collect());
            let found = read(input.as_bytes(), now);
            let shown = format!("{found:?}");
            let error = found.as_ref().err().map(ToString::to_string);
            let keys: Option<Vec<Option<&str>>> = found.as_ref().ok().map(|keys| {
                let token = keys.session_token.as_ref().map(Secret::expose);
                vec![Some(keys.access_key_id.as_str()), Some(keys.secret_access_key.expose()), token]
            });
            assert_eq!(keys, expected, "{}: {shown}", case["name"]);
            assert_eq!(error.as_deref(), case["error"].as_str(), "{}", case["name"]);
            assert!(!shown.contains("wJalr"), "{}: {shown}", case["name"]);
        }
    }

    #[test]
    fn what_a_process_prints_is_read_as_by_aws_tools() {
        check(include_str!("../cases/foreign-keys-process.json"), of_process);
    }

    #[test]
    fn what_an_endpoint_answers_is_read_as_by_aws_tools() {
        check(include_str!("../cases/foreign-keys-endpoint.json"), of_endpoint);
    }

    #[test]
    fn what_is_handed_out_as_json_can_be_read_again() {
        let session =
            crate::session::tests::session("ASIA1", r#"wJ"a\lr/+"#, "IQoJb==", Some("eu-west-1")).unwrap();
        let now = "2026-11-22T14:30:04Z".parse().unwrap();
        let keys = of_process(crate::json::render(&session).expose().as_bytes(), now).unwrap();
        assert_eq!(keys.secret_access_key.expose(), r#"wJ"a\lr/+"#);
    }
}
