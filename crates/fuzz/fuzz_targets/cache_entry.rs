//! The cache of `credential-process`: an entry that is accepted is the same session when it is written again, and is
//! printed as JSON that holds it.

#![no_main]

use export::{cache_entry, json};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|text: &str| {
    let Some((session, obtained)) = cache_entry::parse(text) else { return };
    let line = cache_entry::render(&session, obtained);
    assert_eq!(line.expose().lines().count(), 1, "an entry is one line");
    let (again, since) = cache_entry::parse(line.expose()).expect("it was written so");
    assert_eq!(since, obtained);
    assert_eq!(again.role_session_arn(), session.role_session_arn());
    let printed = json::render(&session);
    assert_eq!(json::render(&again).expose(), printed.expose(), "writing it changed the session");
    let printed: Value = serde_json::from_str(printed.expose()).expect("it is printed as JSON");
    assert_eq!(printed["AccessKeyId"], session.credentials().access_key_id.as_str());
    assert_eq!(printed["SecretAccessKey"], session.credentials().secret_access_key.expose());
    assert_eq!(printed["SessionToken"], session.credentials().session_token.expose());
});
