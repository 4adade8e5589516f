//! The credentials in an env file, as [`edit`](super::edit) writes them.

use aws::Secret;

use super::entry::Entry;
use crate::lines;
use crate::{StaticCredentials, variables::KEYS};

/// The credentials of a session; `None` if one of its variables is missing, set twice, or written in another way than this
/// program's.
pub fn credentials(existing: &str) -> Option<StaticCredentials> {
    let all = lines::split(existing);
    let mut values: [Option<&str>; 3] = [None; 3];
    let mut rest = all.as_slice();
    while let Some((entry, after)) = Entry::first_of(rest) {
        rest = after;
        let key = KEYS.iter().position(|key| entry.name == Some(key));
        let Some(value) = key.and_then(|at| values.get_mut(at)) else { continue };
        if value.replace(entry.plain_value()?).is_some() {
            return None;
        }
    }
    let [access_key_id, secret_access_key, session_token] = values;
    Some(StaticCredentials {
        access_key_id: access_key_id?.to_owned(),
        secret_access_key: Secret::new(secret_access_key?.to_owned()),
        session_token: Some(Secret::new(session_token?.to_owned())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dotenv::edit;
    use crate::session::tests::session;

    #[test]
    fn what_is_written_is_read() {
        let session = session("ASIA1", "secret", "token==", Some("eu-west-1")).unwrap();
        for existing in ["", "A=1\n", "export AWS_SESSION_TOKEN=old\nB='\n'\n"] {
            let found = credentials(edit(existing, &session).unwrap().expose()).unwrap();
            let token = found.session_token.unwrap();
            assert_eq!(
                (found.access_key_id.as_str(), found.secret_access_key.expose(), token.expose()),
                ("ASIA1", "secret", "token==")
            );
        }
    }

    #[test]
    fn what_others_write_is_not_taken_for_it() {
        let whole = "AWS_ACCESS_KEY_ID=ASIA1\nAWS_SECRET_ACCESS_KEY=s\nAWS_SESSION_TOKEN=t\n";
        assert!(credentials(whole).is_some());
        for (from, to) in [
            ("AWS_SESSION_TOKEN=t\n", ""),
            ("=t", "="),
            ("=t", "='t'"),
            ("=t", "=$T"),
            ("=t", "=t # x"),
            ("AWS_SESSION_TOKEN=t\n", "AWS_SESSION_TOKEN=t\nAWS_ACCESS_KEY_ID=ASIA2\n"),
            ("AWS_ACCESS_KEY_ID=", "AWS_ACCESS_KEY_ID: "),
        ] {
            assert_eq!(credentials(&whole.replace(from, to)), None, "{to}");
        }
    }
}
