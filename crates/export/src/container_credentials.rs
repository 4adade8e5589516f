//! The response of a container-credentials endpoint (facts/aws.md 8.1). Separate from [`json`](crate::json) because AWS
//! names the fields in another way, and clients of the one do not read the other.

use std::collections::BTreeMap;

use aws::{AccountId, Secret};

use crate::{Session, json_line};

/// The fields that every client requires; botocore fails where one is missing.
const REQUIRED: [&str; 4] = ["AccessKeyId", "SecretAccessKey", "Token", "Expiration"];

/// The session as one line of JSON: credentials, expiration and account.
pub fn render(session: &Session) -> Secret {
    json_line::credentials(session, None, "Token")
}

/// The account of the credentials in a response; `None` where [`render`] has not written it. Nothing is copied.
pub fn account_of(response: &[u8]) -> Option<AccountId> {
    let fields: BTreeMap<&str, &str> = serde_json::from_slice(response).ok()?;
    let has = |name| fields.get(name).is_some_and(|value| !value.is_empty());
    if !REQUIRED.into_iter().all(has) {
        return None;
    }
    fields.get("AccountId")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::session;
    use serde_json::{Value, json};

    #[test]
    fn the_line_has_the_names_of_a_container_endpoint() {
        let session = session("ASIA1", "wJalr/+", "IQoJb==", Some("eu-west-1")).unwrap();
        let text = render(&session);
        assert_eq!(
            text.expose(),
            "{\"AccessKeyId\":\"ASIA1\",\"SecretAccessKey\":\"wJalr/+\",\"Token\":\"IQoJb==\",\
             \"Expiration\":\"2026-11-22T14:30:05Z\",\"AccountId\":\"123456789012\"}\n"
        );
        assert_eq!(account_of(text.expose().as_bytes()).unwrap().as_str(), "123456789012");
    }

    #[test]
    fn whatever_a_value_holds_comes_back_from_a_parser() {
        for value in [r#"a"b"#, r"a\", "</script>", "é\u{2028}😀", " a "] {
            let session = session("ASIA1", value, value, None).unwrap();
            let parsed: Value = serde_json::from_str(render(&session).expose()).unwrap();
            assert_eq!(
                parsed,
                json!({"AccessKeyId": "ASIA1", "SecretAccessKey": value, "Token": value,
                    "Expiration": "2026-11-22T14:30:05Z", "AccountId": "123456789012"})
            );
        }
    }

    #[test]
    fn what_a_client_could_not_take_is_no_answer() {
        for text in [
            "",
            "{}",
            "[]",
            r#"{"code":"CredentialsExpired","message":"m"}"#,
            r#"{"AccessKeyId":"A","SecretAccessKey":"s","Token":"t","Expiration":"e"}"#,
            r#"{"AccessKeyId":"A","SecretAccessKey":"","Token":"t","Expiration":"e","AccountId":"123456789012"}"#,
            r#"{"AccessKeyId":"A","SecretAccessKey":"s","Token":"t","Expiration":"e","AccountId":"12"}"#,
        ] {
            assert_eq!(account_of(text.as_bytes()), None, "{text}");
        }
    }
}
