//! The shared config file: whatever it holds, an edit sets only one profile's region, removes a process line of ours, and
//! changes nothing when repeated.

#![no_main]

use export::config_file::{check, edit};
use fuzz::{REGION, SectionEdit, SharedFile, is_printable};
use libfuzzer_sys::fuzz_target;

/// Refused unless the line is ours.
const KEY: &str = "credential_process";

fuzz_target!(|input: &str| {
    let SharedFile { profile, text } = SharedFile::of(input);
    let region = REGION.parse().ok();
    let checked = check(text, &profile);
    let removed = [KEY, "aws_account_id"];
    if !removed.iter().any(|key| text.to_lowercase().contains(key)) {
        let kept = checked.clone().map(|()| text.to_owned());
        assert_eq!(edit(text, [(&profile, None)]), kept, "without a region the file changed");
    }

    let edited = match edit(text, [(&profile, region.as_ref())]) {
        Ok(edited) => edited,
        Err(error) => {
            assert!(is_printable(&error.to_string()), "{error:?} breaks its line");
            return;
        }
    };
    assert_eq!(checked, Ok(()), "the edit takes what the check refuses");
    let again = edit(&edited, [(&profile, region.as_ref())]);
    assert_eq!(again.as_ref(), Ok(&edited), "the second edit changed it");
    let prefixed = format!("profile {profile}");
    let sections: &[&str] =
        if profile.as_str() == "default" { &["default", &prefixed] } else { &[&prefixed] };
    SectionEdit {
        before: text,
        after: &edited,
        sections,
        set: &[("region", REGION)],
        set_if_there: &[],
        removed: &removed,
    }
    .check();
});
