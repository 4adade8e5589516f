//! The tables in `cases/`: a text before, and the text after or the error.

use aws::{Credentials, Region, Secret};
use export::{NotPlain, ProfileName, Session, SharedFileError, config_file, credentials_file, dotenv};
use serde_json::Value;

#[test]
fn dotenv_files_are_edited_as_the_table_says() {
    for case in table(include_str!("../../cases/dotenv.json")) {
        let edited = dotenv::edit(text(&case), &session(&case));
        compare(&case, &edited.map(|text| exposed(&text)).map_err(|error| error.to_string()));
    }
}

#[test]
fn credentials_files_are_edited_as_the_table_says() {
    for case in table(include_str!("../../cases/credentials-file.json")) {
        let edited = credentials_file::edit(text(&case), [(&profile(&case), &session(&case))]);
        compare(&case, &edited.map(|text| exposed(&text)).map_err(|error| error.to_string()));
    }
}

#[test]
fn the_check_refuses_what_the_edit_would_refuse() {
    for case in table(include_str!("../../cases/credentials-file.json")) {
        let checked = credentials_file::check(text(&case), [&profile(&case)]);
        assert_eq!(
            checked.err().map(|e| e.to_string()).as_deref(),
            case["error"].as_str(),
            "{}",
            case["name"]
        );
    }
}

#[test]
fn a_value_that_a_file_can_not_hold_bare_is_refused() {
    for value in ["a b", "#a", "a;b", "\"a\"", "a\\"] {
        let error = credentials_file::edit("", [(&"ci".parse().unwrap(), &session_of(value, None))]);
        assert_eq!(
            error.unwrap_err(),
            SharedFileError::NotPlain(NotPlain { variable: "AWS_SECRET_ACCESS_KEY" }),
            "{value}"
        );
    }
}

#[test]
fn config_files_are_edited_as_the_table_says() {
    for case in table(include_str!("../../cases/config-file.json")) {
        let edited = config_file::edit(text(&case), [(&profile(&case), session(&case).region())]);
        compare(&case, &edited.map_err(|error| error.to_string()));
    }
}

#[test]
fn a_config_file_passes_the_check_unless_its_profile_is_spoilt() {
    for (text, passes) in [
        ("[profile ci]\n  output = json\n", true),
        ("[profile b]\nrole_arn = x\n", true),
        ("[profile ci]\nrole_arn = x\n", false),
        ("[DEFAULT]\naws_access_key_id = x\n", false),
        ("[profile b]\n[profile b]\n", false),
        ("[profile 'ci']\n", false),
    ] {
        assert_eq!(config_file::check(text, &"ci".parse().unwrap()).is_ok(), passes, "{text:?}");
    }
}

#[test]
fn no_error_shows_a_value() {
    for case in table(include_str!("../../cases/credentials-file.json")) {
        assert!(!case["error"].as_str().unwrap_or_default().contains("wJalrSecret"), "{}", case["name"]);
    }
}

fn compare(case: &Value, edited: &Result<String, String>) {
    let name = &case["name"];
    match (case["output"].as_str(), case["error"].as_str()) {
        (Some(output), None) => assert_eq!(edited, &Ok(output.to_owned()), "{name}"),
        (None, Some(error)) => assert_eq!(edited, &Err(error.to_owned()), "{name}"),
        _ => panic!("{name} has to have either an output or an error"),
    }
}

fn table(json: &str) -> Vec<Value> {
    serde_json::from_str(json).unwrap()
}

fn text(case: &Value) -> &str {
    case["input"].as_str().unwrap()
}

fn profile(case: &Value) -> ProfileName {
    case["profile"].as_str().unwrap_or("ci").parse().unwrap()
}

/// Keys as in the tables. The region is `eu-west-1` unless the case says `null`.
fn session(case: &Value) -> Session {
    let region = case.get("region").is_none().then(|| "eu-west-1".parse().unwrap());
    session_of("new/secret", region)
}

fn session_of(secret: &str, region: Option<Region>) -> Session {
    let credentials = Credentials {
        access_key_id: "ASIA1".to_owned(),
        secret_access_key: Secret::new(secret.to_owned()),
        session_token: Secret::new("new+token==".to_owned()),
        expiration: "2026-11-22T14:30:05Z".parse().unwrap(),
    };
    let arn = "arn:aws:sts::123456789012:assumed-role/deploy/ci".to_owned();
    Session::new(credentials, arn, "123456789012".parse().unwrap(), region).unwrap()
}

fn exposed(text: &Secret) -> String {
    text.expose().to_owned()
}
