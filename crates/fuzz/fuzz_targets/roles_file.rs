//! The file that declares roles: what is accepted means the same when it is written again, and every line number is one
//! of the file's.

#![no_main]

use std::collections::BTreeSet;

use export::roles_file::{RoleProfile, Roles, WithLine, read};
use fuzz::is_printable;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let roles = match read(input) {
        Ok(roles) => roles,
        Err(flaws) => {
            assert!(!flaws.is_empty(), "it is refused for nothing");
            for flaw in flaws {
                assert!(is_printable(&flaw.to_string()), "{flaw:?} breaks its line");
            }
            return;
        }
    };
    let lines: Vec<&str> = input.split('\n').collect();
    let mut names = BTreeSet::new();
    for profile in &roles.profiles {
        let name = profile.name.value.as_str();
        assert!(names.insert(name), "{name} comes twice");
        assert!(lines[profile.name.line - 1].contains(name), "{name} is not in its line");
        assert!(
            profile.external_id.is_none() || profile.source.is_some(),
            "{name} has an external id and no source profile"
        );
    }
    for key in &roles.ignored {
        assert!(lines[key.line - 1].contains(['=', ':']), "{} is not in its line", key.value);
    }
    let again = read(&written(&roles)).expect("what was read can't be read when written again");
    assert_eq!(without_lines(&roles), without_lines(&again), "it means something else when written again");
});

fn written(roles: &Roles) -> String {
    let mut text = String::new();
    for profile in &roles.profiles {
        text.push_str(&format!("[profile {}]\n", profile.name.value));
        for (key, value) in keys(profile) {
            text.push_str(&format!("{key} = {value}\n"));
        }
    }
    text
}

fn without_lines(roles: &Roles) -> Vec<(String, Vec<(&'static str, String)>)> {
    roles.profiles.iter().map(|profile| (profile.name.value.to_string(), keys(profile))).collect()
}

fn keys(profile: &RoleProfile) -> Vec<(&'static str, String)> {
    let text = |at: &Option<WithLine<String>>| at.as_ref().map(|at| at.value.clone());
    [
        ("role_arn", Some(profile.role.to_string())),
        ("source_profile", profile.source.as_ref().map(|at| at.value.to_string())),
        ("external_id", profile.external_id.as_ref().map(|id| id.as_str().to_owned())),
        ("duration_seconds", profile.duration.as_ref().map(|at| at.value.seconds().to_string())),
        ("region", profile.region.as_ref().map(|at| at.value.to_string())),
        ("role_session_name", text(&profile.session_name)),
        ("scope_policy", text(&profile.scope_policy)),
        ("scope_duration", text(&profile.scope_duration)),
    ]
    .into_iter()
    .filter_map(|(key, value)| Some((key, value?)))
    .collect()
}
