//! One JSON object on one line. It is written by hand: a serializer leaves copies of the secrets in buffers that it has
//! outgrown. Separate from the formats, which choose the members.

use aws::Secret;

use crate::Session;

/// A session's credentials in the fields of AWS's formats, which differ in the name of the session token.
pub(crate) fn credentials(session: &Session, number: Option<(&str, u64)>, session_token: &str) -> Secret {
    let credentials = session.credentials();
    let expiration = credentials.expiration.to_string();
    let fields = [
        ("AccessKeyId", credentials.access_key_id.as_str()),
        ("SecretAccessKey", credentials.secret_access_key.expose()),
        (session_token, credentials.session_token.expose()),
        ("Expiration", &expiration),
        ("AccountId", session.account().as_str()),
    ];
    object(number, &fields)
}

/// An optional number, then strings.
pub(crate) fn object(number: Option<(&str, u64)>, texts: &[(&str, &str)]) -> Secret {
    // Allocated once for the worst case: the names, and values in which every character is escaped.
    let members: usize = texts.iter().map(|(name, value)| name.len() + value.len() * 2 + 6).sum();
    let mut text = String::with_capacity(members + 64);
    let mut separator = '{';
    if let Some((name, value)) = number {
        text.push_str(&format!("{{\"{name}\":{value}"));
        separator = ',';
    }
    for (name, value) in texts {
        text.push(separator);
        separator = ',';
        text.extend(["\"", name, "\":"]);
        push_quoted(&mut text, value);
    }
    text.push_str("}\n");
    Secret::new(text)
}

/// Only quotes and backslashes are escaped: no value holds control characters.
fn push_quoted(text: &mut String, value: &str) {
    text.push('"');
    let mut rest = value;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\')) {
        let (plain, from_it_on) = rest.split_at(at);
        let (escaped, after) = from_it_on.split_at(1);
        text.extend([plain, "\\", escaped]);
        rest = after;
    }
    text.push_str(rest);
    text.push('"');
}
