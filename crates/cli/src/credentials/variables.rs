//! The credentials in AWS's variables.

use aws::Secret;
use export::StaticCredentials;

use super::CredentialsError;
use crate::io::environment::{Environment, vars};

/// The variables' credentials; `None` if they are not set.
pub(super) fn read(
    environment: &Environment,
    notes: &mut Vec<String>,
) -> Result<Option<StaticCredentials>, CredentialsError> {
    let secret = environment.non_blank(vars::AWS_SECRET_ACCESS_KEY);
    let Some(id) = environment.non_blank(vars::AWS_ACCESS_KEY_ID) else {
        if secret.is_some() {
            notes.push("AWS_SECRET_ACCESS_KEY is ignored because AWS_ACCESS_KEY_ID is not set".to_owned());
        }
        return Ok(None);
    };
    let secret = secret.ok_or(CredentialsError::NoSecretKey)?;
    let older = environment.non_blank(vars::AWS_SECURITY_TOKEN);
    if older.is_some() {
        notes.push(
            "AWS_SECURITY_TOKEN is set and used as the session token, as in the AWS CLI and boto3; other AWS tools read \
             only AWS_SESSION_TOKEN"
                .to_owned(),
        );
    }
    let token = older.or_else(|| environment.non_blank(vars::AWS_SESSION_TOKEN));
    Ok(Some(StaticCredentials {
        access_key_id: id.to_owned(),
        secret_access_key: Secret::new(secret.to_owned()),
        session_token: token.map(|token| Secret::new(token.to_owned())),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_older_token_has_precedence_and_a_note() {
        let environment = Environment::from([
            ("AWS_ACCESS_KEY_ID", "A"),
            ("AWS_SECRET_ACCESS_KEY", "s"),
            ("AWS_SESSION_TOKEN", "new"),
            ("AWS_SECURITY_TOKEN", "old"),
        ]);
        let mut notes = Vec::new();
        let keys = read(&environment, &mut notes).unwrap().unwrap();
        assert_eq!(keys.session_token.unwrap().expose(), "old");
        assert!(notes[0].starts_with("AWS_SECURITY_TOKEN is set"), "{notes:?}");
    }

    #[test]
    fn a_secret_without_an_id_is_ignored_with_a_note() {
        let mut notes = Vec::new();
        let environment = Environment::from([("AWS_SECRET_ACCESS_KEY", "s"), ("AWS_ACCESS_KEY_ID", " ")]);
        assert!(read(&environment, &mut notes).unwrap().is_none());
        assert_eq!(notes.len(), 1);
    }

    #[test]
    fn an_id_without_a_secret_is_an_error() {
        let environment = Environment::from([("AWS_ACCESS_KEY_ID", "A"), ("AWS_SESSION_TOKEN", "t")]);
        assert!(matches!(read(&environment, &mut Vec::new()), Err(CredentialsError::NoSecretKey)));
    }
}
