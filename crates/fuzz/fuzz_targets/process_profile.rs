//! A profile of the config file that gets its credentials from a process: whatever the file holds, only this
//! profile's line and Region are set, and the line can be removed again, alone or by writing credentials instead.

#![no_main]

use export::config_file::{edit, remove_process, set_process};
use export::{Platform, ProcessLine, Removal};
use fuzz::{REGION, SectionEdit, SharedFile, is_printable};
use libfuzzer_sys::fuzz_target;

const KEY: &str = "credential_process";
/// Of other credentials.
const ACCOUNT: &str = "aws_account_id";

fuzz_target!(|input: &str| {
    let SharedFile { profile, text } = SharedFile::of(input);
    let line =
        ProcessLine::new("/opt/my tools/circleci-aws-oidc", ["--tag", "a=$b"], Platform::Posix).unwrap();
    let region = REGION.parse().ok();
    if let Ok(Removal::Without(left)) = remove_process(text, &profile) {
        assert_gone(left.expose(), |text| remove_process(text, &profile).ok());
    }
    let set = match set_process(text, &profile, &line, region.as_ref()) {
        Ok(set) => set,
        Err(error) => {
            assert!(is_printable(&error.to_string()), "{error:?} breaks its line");
            return;
        }
    };
    let again = set_process(&set, &profile, &line, region.as_ref());
    assert_eq!(again.as_ref(), Ok(&set), "the second edit changed it");
    let prefixed = format!("profile {profile}");
    let sections: &[&str] =
        if profile.as_str() == "default" { &["default", &prefixed] } else { &[&prefixed] };
    let checked = SectionEdit {
        before: text,
        after: &set,
        sections,
        set: &[(KEY, line.as_str()), ("region", REGION)],
        set_if_there: &[],
        removed: &[ACCOUNT],
    };
    checked.check();

    let with_keys = edit(&set, [(&profile, None)]).expect("keys can't come in the place of our line");
    SectionEdit { before: &set, after: &with_keys, set: &[], removed: &[KEY, ACCOUNT], ..checked }.check();

    let alone = set_process(text, &profile, &line, None).unwrap();
    let Ok(Removal::Without(left)) = remove_process(&alone, &profile) else {
        panic!("our line can't be taken out again")
    };
    assert_gone(left.expose(), |text| remove_process(text, &profile).ok());
    if is_restored(text, sections) {
        assert_eq!(left.expose(), text, "the file is not as it was");
    }
});

fn assert_gone(left: &str, remove: impl Fn(&str) -> Option<Removal>) {
    assert!(!matches!(remove(left), Some(Removal::Without(_))), "one of our lines is left");
}

/// Whether only the line is added to the file, and only the line removed from it: the section holds another line, or
/// there is no section and no trailing blank line.
fn is_restored(text: &str, sections: &[&str]) -> bool {
    let is_whole = text.is_empty() || text.ends_with('\n');
    let lines: Vec<&str> = text.lines().collect();
    let is_header =
        |line: &str| sections.iter().any(|name| line.trim_start().starts_with(&format!("[{name}]")));
    let headers: Vec<usize> = (0..lines.len()).filter(|&index| is_header(lines[index])).collect();
    let is_apart = match headers.as_slice() {
        [] => lines.last().is_none_or(|last| !last.trim().is_empty()),
        [header] => lines
            .get(header + 1)
            .is_some_and(|line| !line.trim().is_empty() && !line.trim_start().starts_with('[')),
        _ => false,
    };
    is_whole && is_apart && ![KEY, ACCOUNT].iter().any(|key| text.to_lowercase().contains(key))
}
