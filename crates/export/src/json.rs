//! One line of JSON in the shape that AWS's `credential_process` reads (facts/aws.md 7), for `--to json`.

use aws::Secret;

use crate::{Session, json_line};

/// The session as one line: version, credentials, expiration and account. It has only AWS's own fields.
pub fn render(session: &Session) -> Secret {
    // Clients compare with the number 1: a string would be another version.
    json_line::credentials(session, Some(("Version", 1)), "SessionToken")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::session;
    use serde_json::{Value, json};

    #[test]
    fn the_line_is_that_of_credential_process() {
        let session = session("ASIA1", "wJalr/+", "IQoJb==", Some("eu-west-1")).unwrap();
        assert_eq!(
            render(&session).expose(),
            "{\"Version\":1,\"AccessKeyId\":\"ASIA1\",\"SecretAccessKey\":\"wJalr/+\",\
             \"SessionToken\":\"IQoJb==\",\"Expiration\":\"2026-11-22T14:30:05Z\",\
             \"AccountId\":\"123456789012\"}\n"
        );
    }

    #[test]
    fn whatever_a_value_holds_comes_back_from_a_parser() {
        for value in [r#"a"b"#, r"a\", r#"\""#, "$(x)", "'", "</script>", "é\u{2028}😀", r"\u0041", " a "]
        {
            let session = session("ASIA1", value, value, None).unwrap();
            let parsed: Value = serde_json::from_str(render(&session).expose()).unwrap();
            assert_eq!(
                parsed,
                json!({"Version": 1, "AccessKeyId": "ASIA1", "SecretAccessKey": value, "SessionToken": value,
                    "Expiration": "2026-11-22T14:30:05Z", "AccountId": "123456789012"}),
                "{value}"
            );
        }
    }
}
