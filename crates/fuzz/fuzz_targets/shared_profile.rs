//! Reading a profile of the shared files: never a panic, an error in one line, and what the editor wrote is what
//! the reader finds.

#![no_main]

use export::{config_file, credentials_file};
use fuzz::{REGION, SharedFile, is_printable, session};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let SharedFile { profile, text } = SharedFile::of(input);
    for read in [credentials_file::read(text), config_file::read(text)] {
        if let Err(error) = read.and_then(|profiles| profiles.profile(&profile)) {
            assert!(is_printable(&error.to_string()), "{error:?} breaks its line");
        }
    }
    let session = session();
    if let Ok(edited) = credentials_file::edit(text, [(&profile, &session)])
        && let Ok(profiles) = credentials_file::read(edited.expose())
        && let Ok(read) = profiles.profile(&profile)
    {
        let keys = read.and_then(|read| read.keys).expect("keys that were written");
        let written = session.credentials();
        assert_eq!(keys.access_key_id, written.access_key_id);
        assert_eq!(keys.secret_access_key, written.secret_access_key);
        assert_eq!(keys.session_token.as_ref(), Some(&written.session_token));
    }
    if let Ok(edited) = config_file::edit(text, [(&profile, session.region())])
        && let Ok(profiles) = config_file::read(&edited)
        && let Ok(Some(read)) = profiles.profile(&profile)
    {
        assert_eq!(read.region.as_deref(), Some(REGION));
    }
});
