//! The shared credentials file: whatever it holds, an edit changes one profile only, and nothing when repeated.

#![no_main]

use export::Removal;
use export::credentials_file::{check, edit, remove};
use fuzz::{KEYS, REGION, SectionEdit, SharedFile, is_printable, session};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let SharedFile { profile, text } = SharedFile::of(input);
    let session = session();
    let edited = edit(text, [(&profile, &session)]);
    assert_eq!(
        check(text, [&profile]).err(),
        edited.as_ref().err().cloned(),
        "the check and the edit disagree"
    );
    let edited = match edited {
        Ok(edited) => edited,
        Err(error) => {
            assert!(is_printable(&error.to_string()), "{error:?} breaks its line");
            return;
        }
    };
    let again = edit(edited.expose(), [(&profile, &session)]);
    assert_eq!(again.as_ref(), Ok(&edited), "the second edit changed it");
    let Ok(Removal::Without(left)) = remove(edited.expose(), &profile) else {
        panic!("the keys are not found again")
    };
    for (_, value) in KEYS.iter().filter(|(_, value)| !text.contains(value)) {
        assert!(!left.expose().contains(value), "`{value}` is left");
    }
    assert_eq!(remove(left.expose(), &profile), Ok(Removal::Nothing), "a second removal found more");
    SectionEdit {
        before: text,
        after: edited.expose(),
        sections: &[profile.as_str()],
        set: &KEYS,
        set_if_there: &[("region", REGION)],
        removed: &["aws_security_token", "aws_account_id"],
    }
    .check();
});
