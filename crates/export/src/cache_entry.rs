//! A session as `credential-process` caches it for the next call: one line of JSON with the credentials, the role session
//! and the time of the exchange. It is a format of its own, so that the output for AWS clients can change without it.

use aws::{Credentials, Secret, Timestamp};
use serde_json::{Map, Value};

use crate::{Session, json_line};

/// The value of `Format`. Entries of another version are ignored.
const FORMAT: u64 = 1;

/// The line that [`parse`] reads.
///
/// `{"Format":1,"Obtained":"…","RoleSessionArn":"…","AccountId":"…","AccessKeyId":"…","SecretAccessKey":"…",
/// "SessionToken":"…","Expiration":"…"}`
pub fn render(session: &Session, obtained: Timestamp) -> Secret {
    let credentials = session.credentials();
    let (obtained, expiration) = (obtained.to_string(), credentials.expiration.to_string());
    json_line::object(
        Some(("Format", FORMAT)),
        &[
            ("Obtained", &obtained),
            ("RoleSessionArn", session.role_session_arn()),
            ("AccountId", session.account().as_str()),
            ("AccessKeyId", &credentials.access_key_id),
            ("SecretAccessKey", credentials.secret_access_key.expose()),
            ("SessionToken", credentials.session_token.expose()),
            ("Expiration", &expiration),
        ],
    )
}

/// The session, without a Region, and the time of its exchange. `None` for text that [`render`] has not written: every
/// caller would request a new session.
pub fn parse(text: &str) -> Option<(Session, Timestamp)> {
    let Ok(Value::Object(fields)) = serde_json::from_str(text) else { return None };
    if fields.get("Format").and_then(Value::as_u64) != Some(FORMAT) {
        return None;
    }
    let mut fields = Texts::of(fields);
    let obtained = fields.take("Obtained")?.expose().parse().ok()?;
    let role_session_arn = fields.take("RoleSessionArn")?.expose().to_owned();
    let account = fields.take("AccountId")?.expose().parse().ok()?;
    let credentials = Credentials {
        access_key_id: fields.take("AccessKeyId")?.expose().to_owned(),
        secret_access_key: fields.take("SecretAccessKey")?,
        session_token: fields.take("SessionToken")?,
        expiration: fields.take("Expiration")?.expose().parse().ok()?,
    };
    let session = Session::new(credentials, role_session_arn, account, None).ok()?;
    Some((session, obtained))
}

/// All texts of the object. They are cleared from memory whether they are taken or not.
struct Texts(Vec<(String, Secret)>);

impl Texts {
    fn of(fields: Map<String, Value>) -> Self {
        let texts = fields.into_iter().filter_map(|(name, value)| match value {
            Value::String(text) => Some((name, Secret::new(text))),
            _ => None,
        });
        Self(texts.collect())
    }

    fn take(&mut self, name: &str) -> Option<Secret> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.swap_remove(at).1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::session;

    const ENTRY: &str = r#"{"Format":1,"Obtained":"2026-11-22T13:30:05Z","RoleSessionArn":"arn:aws:sts::123456789012:assumed-role/deploy/ci","AccountId":"123456789012","AccessKeyId":"ASIA1","SecretAccessKey":"wJalr/+","SessionToken":"IQoJb==","Expiration":"2026-11-22T14:30:05Z"}"#;

    fn obtained() -> Timestamp {
        "2026-11-22T13:30:05Z".parse().unwrap()
    }

    #[test]
    fn the_line_is_the_documented_one() {
        let session = session("ASIA1", "wJalr/+", "IQoJb==", None).unwrap();
        assert_eq!(render(&session, obtained()).expose(), format!("{ENTRY}\n"));
    }

    #[test]
    fn what_is_kept_comes_back_whatever_it_holds() {
        for value in [r#"a"b"#, r"a\", "$(x)", "é\u{2028}😀", r"\u0041", " a "] {
            let kept = session("ASIA1", value, value, None).unwrap();
            let line = render(&kept, obtained());
            let (back, since) = parse(line.expose()).unwrap();
            assert_eq!(crate::json::render(&back).expose(), crate::json::render(&kept).expose(), "{value}");
            assert_eq!((back.role_session_arn(), since), (kept.role_session_arn(), obtained()));
        }
    }

    #[test]
    fn anything_else_is_no_entry() {
        assert!(parse(ENTRY).is_some());
        let end = ENTRY.len() - 1;
        let mut others = vec![String::new(), "null".to_owned(), "[]".to_owned(), format!("{ENTRY}x")];
        others.extend((0..=end).map(|cut| ENTRY[..cut].to_owned()));
        for (from, to) in [
            (r#""Format":1"#, r#""Format":2"#),
            (r#""Format":1"#, r#""Format":"1""#),
            ("Obtained", "obtained"),
            ("2026-11-22T13", "yesterday"),
            ("2026-11-22T14", "tomorrow"),
            (r#""wJalr/+""#, "null"),
            ("wJalr/+", ""),
            ("IQoJb==", r"a\nb"),
            (r#""123456789012""#, r#""12""#),
        ] {
            let text = ENTRY.replacen(from, to, 1);
            assert_ne!(text, ENTRY, "{from}");
            others.push(text);
        }
        for text in others {
            assert!(parse(&text).is_none(), "{text}");
        }
    }
}
