//! One line of JSON in the shape that AWS's `credential_process` reads (facts/aws.md 7), for `--to json`.

use aws::Secret;

use crate::Session;

/// The session as one line: version, keys, expiration and account, and no field beyond AWS's own.
///
/// Written by hand: a serializer would leave copies of the secrets in buffers that it outgrew.
pub fn render(session: &Session) -> Secret {
    let credentials = session.credentials();
    let expiration = credentials.expiration.to_string();
    let fields = [
        ("AccessKeyId", credentials.access_key_id.as_str()),
        ("SecretAccessKey", credentials.secret_access_key.expose()),
        ("SessionToken", credentials.session_token.expose()),
        ("Expiration", &expiration),
        ("AccountId", session.account().as_str()),
    ];
    // Clients compare with the number 1: a text would be another version to them.
    object(r#""Version":1"#, &fields)
}

/// One line: a member that is written out, then these.
pub(crate) fn object(first: &str, fields: &[(&str, &str)]) -> Secret {
    let values: usize = fields.iter().map(|(_, value)| value.len() * 2).sum();
    let mut text = String::with_capacity(values + 256);
    text.push('{');
    text.push_str(first);
    for (name, value) in fields {
        text.push_str(",\"");
        text.push_str(name);
        text.push_str("\":");
        push_quoted(&mut text, value);
    }
    text.push_str("}\n");
    Secret::new(text)
}

/// Quotes and backslashes are all there is to escape: a [`Session`] holds no control characters.
pub(crate) fn push_quoted(text: &mut String, value: &str) {
    text.push('"');
    for character in value.chars() {
        if matches!(character, '"' | '\\') {
            text.push('\\');
        }
        text.push(character);
    }
    text.push('"');
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
