//! Whose the keys in an env file are, as in AWS's shared files: STS returns none without a session token.

use super::entry::Entry;
use crate::lines;
use crate::variables::KEYS;

/// A user's own long-term keys, which are not replaced unless the user asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "line {line} sets `{variable}` without a session token: long-term keys are a user's own and are not replaced"
)]
pub struct OwnKeys {
    line: usize,
    variable: &'static str,
}

/// Refuses a file with a user's own keys.
pub fn refuse_own_keys(existing: &str) -> Result<(), OwnKeys> {
    let [.., token] = KEYS;
    let all = lines::split(existing);
    let mut first = None;
    let mut rest = all.as_slice();
    while let Some((entry, after)) = Entry::first_of(rest) {
        let line = all.len() - rest.len() + 1;
        rest = after;
        let name = entry.name.filter(|_| entry.has_value() && !entry.is_quoted_blank());
        match KEYS.into_iter().find(|key| name == Some(*key)) {
            Some(variable) if variable == token => return Ok(()),
            Some(variable) => first = first.or(Some(OwnKeys { line, variable })),
            None => {}
        }
    }
    first.map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_without_a_session_token_are_a_users_own() {
        for (text, refused) in [
            ("A=1\nAWS_ACCESS_KEY_ID=AKIA\nAWS_SECRET_ACCESS_KEY=s\n", Some((2, "AWS_ACCESS_KEY_ID"))),
            ("A='\n\n'\nexport AWS_SECRET_ACCESS_KEY=s", Some((4, "AWS_SECRET_ACCESS_KEY"))),
            ("AWS_ACCESS_KEY_ID: AKIA\nAWS_SESSION_TOKEN=\n", Some((1, "AWS_ACCESS_KEY_ID"))),
            ("AWS_SESSION_TOKEN=t\nAWS_ACCESS_KEY_ID=ASIA\nAWS_SECRET_ACCESS_KEY=s\n", None),
            ("AWS_ACCESS_KEY_ID=ASIA\nAWS_SECRET_ACCESS_KEY=s\nAWS_SESSION_TOKEN='t'\n", None),
            ("AWS_ACCESS_KEY_ID=\nAWS_SECRET_ACCESS_KEY=\"\"\n", None),
            ("AWS_ACCESS_KEY_ID\nAWS_SECRET_ACCESS_KEY\n", None),
            ("# AWS_ACCESS_KEY_ID=AKIA\nA='\nAWS_ACCESS_KEY_ID=AKIA\n'\n", None),
            ("", None),
        ] {
            let expected = refused.map_or(Ok(()), |(line, variable)| Err(OwnKeys { line, variable }));
            assert_eq!(refuse_own_keys(text), expected, "{text}");
        }
    }
}
