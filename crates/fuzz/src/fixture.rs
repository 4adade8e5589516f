//! The session that the editors write. Its values are fixed; only the files vary.

use aws::{Credentials, Secret};
use export::Session;

/// The Region of the session.
pub const REGION: &str = "eu-west-1";

/// The session's credentials, by their names in the credentials file.
pub const KEYS: [(&str, &str); 3] = [
    ("aws_access_key_id", "ASIAEXAMPLEEXAMPLE12"),
    ("aws_secret_access_key", "example/secret+key="),
    ("aws_session_token", "example+session/token=="),
];

/// A session in [`REGION`] with the values of [`KEYS`].
pub fn session() -> Session {
    let [(_, id), (_, secret), (_, token)] = KEYS;
    let credentials = Credentials {
        access_key_id: id.to_owned(),
        secret_access_key: Secret::new(secret.to_owned()),
        session_token: Secret::new(token.to_owned()),
        expiration: "2026-11-22T15:30:00Z".parse().unwrap(),
    };
    let arn = "arn:aws:sts::123456789012:assumed-role/deploy/job-1".to_owned();
    Session::new(credentials, arn, "123456789012".parse().unwrap(), REGION.parse().ok()).unwrap()
}
