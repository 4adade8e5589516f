//! Keys as JSON from a process or an endpoint: whole keys or an error in one line that shows nothing of the text.
//!
//! `@SECRET@` stands for a secret, wherever it turns up.

#![no_main]

use aws::{Secret, Timestamp};
use export::StaticCredentials;
use export::credentials_json::{InvalidCredentialsJson, of_endpoint, of_process};
use fuzz::is_printable;
use libfuzzer_sys::fuzz_target;

type Reader = fn(&[u8], Timestamp) -> Result<StaticCredentials, InvalidCredentialsJson>;

fuzz_target!(|input: &str| {
    let readers: [Reader; 2] = [of_process, of_endpoint];
    for read in readers {
        // As long as each other, so that nothing but their letters can tell them apart.
        let shown = ["wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "xKbmsYVuoGFNJ/L8NEFOH/cQySgjDZFYBNQMFLFZ"]
            .map(|secret| shown(read, &input.replace("@SECRET@", secret)));
        assert_eq!(shown[0], shown[1], "what is shown tells of which secret it is");
    }
});

/// What a log could get to see.
fn shown(read: Reader, input: &str) -> Option<String> {
    let now = Timestamp::from_unix_seconds(1_795_357_805).expect("a moment of this century");
    match read(input.as_bytes(), now) {
        Ok(keys) => {
            let StaticCredentials { access_key_id, secret_access_key, session_token } = &keys;
            let texts = [Some(access_key_id.as_str()), Some(secret_access_key.expose())];
            for text in texts.into_iter().chain([session_token.as_ref().map(Secret::expose)]).flatten() {
                assert!(!text.trim().is_empty(), "a blank value counts as keys");
            }
            None
        }
        Err(error) => {
            let text = format!("{error} {error:?}");
            assert!(is_printable(&text), "{text:?} breaks its line");
            if let InvalidCredentialsJson::Expired(end) = error {
                assert!(end <= now);
            }
            Some(text)
        }
    }
}
