//! Credentials as JSON from a process or an endpoint: complete credentials, or an error in one line that shows none of the
//! text.
//!
//! `@SECRET@` is replaced by a secret.

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
        // Of the same length, so that they differ only in their letters.
        let shown = ["wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "xKbmsYVuoGFNJ/L8NEFOH/cQySgjDZFYBNQMFLFZ"]
            .map(|secret| shown(read, &input.replace("@SECRET@", secret)));
        assert_eq!(shown[0], shown[1], "the output depends on the secret");
    }
});

/// What a log could show.
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
