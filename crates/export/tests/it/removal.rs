//! Removal of credentials: the tables in `cases/`, and that all that was written is removed.

use aws::{Credentials, Secret};
use export::{Removal, Session, SharedFileError, credentials_file, dotenv};
use serde_json::Value;

#[test]
fn keys_leave_a_credentials_file_as_the_table_says() {
    for case in table(include_str!("../../cases/credentials-removal.json")) {
        compare(&case, credentials_file::remove(text(&case), &"ci".parse().unwrap()));
    }
}

#[test]
fn keys_leave_an_env_file_as_the_table_says() {
    for case in table(include_str!("../../cases/dotenv-removal.json")) {
        compare(&case, Ok(dotenv::remove(text(&case))));
    }
}

#[test]
fn what_was_written_is_taken_out_byte_for_byte() {
    for existing in ["", "[a]\nx = 1\n", "# mine\n[ci]\nregion = x\n", "[ci]\r\nx=1\r\n\r\n[b]\r\n"] {
        let profile = "ci".parse().unwrap();
        let written = credentials_file::edit(existing, [(&profile, &session())]).unwrap();
        let left = credentials_file::remove(written.expose(), &profile);
        assert_eq!(left, Ok(Removal::Without(Secret::new(existing.to_owned()))), "{existing:?}");
    }
    for existing in ["", "A=1\n", "# mine\r\nA=1\r\n"] {
        let written = dotenv::edit(existing, &session()).unwrap();
        let left = Removal::Without(Secret::new(existing.to_owned()));
        assert_eq!(dotenv::remove(written.expose()), left, "{existing:?}");
    }
}

fn compare(case: &Value, removal: Result<Removal, SharedFileError>) {
    let (key, found) = match removal {
        Ok(Removal::Without(text)) => ("output", text.expose().to_owned()),
        Ok(Removal::NotOurs) => ("answer", "not ours".to_owned()),
        Ok(Removal::Nothing) => ("answer", "nothing".to_owned()),
        Err(error) => ("error", error.to_string()),
    };
    assert_eq!(case[key].as_str(), Some(found.as_str()), "{}", case["name"]);
}

fn table(json: &str) -> Vec<Value> {
    serde_json::from_str(json).unwrap()
}

fn text(case: &Value) -> &str {
    case["input"].as_str().unwrap()
}

fn session() -> Session {
    let credentials = Credentials {
        access_key_id: "ASIA1".to_owned(),
        secret_access_key: Secret::new("secret".to_owned()),
        session_token: Secret::new("token".to_owned()),
        expiration: "2026-11-22T14:30:05Z".parse().unwrap(),
    };
    let arn = "arn:aws:sts::123456789012:assumed-role/deploy/ci".to_owned();
    Session::new(credentials, arn, "123456789012".parse().unwrap(), None).unwrap()
}
