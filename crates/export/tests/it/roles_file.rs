//! The reader of declared roles, by its table: what it accepts, and every line that it refuses.

use export::roles_file::{RoleProfile, RolesFileError, read};
use serde_json::Value;

#[test]
fn files_of_roles_are_read_as_the_table_says() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../../cases/roles-file.json")).unwrap();
    for case in cases {
        let name = &case["name"];
        match read(case["text"].as_str().unwrap()) {
            Ok(roles) => {
                let profiles: Vec<String> = roles.profiles.iter().map(in_words).collect();
                assert_eq!(Value::from(profiles), case["profiles"], "{name}");
                let ignored: Vec<String> =
                    roles.ignored.iter().map(|key| format!("{} {}", key.line, key.value)).collect();
                let expected = case.get("ignored").cloned().unwrap_or_else(|| Value::Array(Vec::new()));
                assert_eq!(Value::from(ignored), expected, "{name}");
            }
            Err(flaws) => {
                let said: Vec<String> = flaws.iter().map(ToString::to_string).collect();
                assert!(!said.concat().contains("wJalrSecret"), "{name}");
                assert_eq!(Value::from(said), case["error"], "{name}");
            }
        }
    }
}

#[test]
fn a_thousand_profiles_are_read_and_one_more_is_not() {
    let roles = |count: usize| -> String {
        (0..count)
            .map(|n| format!("[profile p{n}]\nrole_arn = arn:aws:iam::111111111111:role/r{n}\n"))
            .collect()
    };
    assert_eq!(read(&roles(1000)).unwrap().profiles.len(), 1000);
    assert_eq!(read(&roles(1001)), Err(vec![RolesFileError::TooMany { count: 1001, most: 1000 }]));
}

#[test]
fn a_file_of_one_mebibyte_is_the_largest() {
    let role = "[profile a]\nrole_arn = arn:aws:iam::111111111111:role/a\n";
    let filled = |bytes: usize| format!("{role}{}", "#".repeat(bytes - role.len()));
    assert!(read(&filled(1 << 20)).is_ok());
    assert_eq!(read(&filled((1 << 20) + 1)), Err(vec![RolesFileError::TooLarge { bytes: (1 << 20) + 1 }]));
}

fn in_words(profile: &RoleProfile) -> String {
    let mut words = format!("{} {} {}", profile.name.line, profile.name.value, profile.role);
    if let Some(source) = &profile.source {
        words.push_str(&format!(" from {} {}", source.line, source.value));
    }
    if let Some(id) = &profile.external_id {
        words.push_str(&format!(" external id {}", id.as_str()));
    }
    if let Some(duration) = &profile.duration {
        words.push_str(&format!(" {} {}", duration.line, duration.value));
    }
    if let Some(region) = &profile.region {
        words.push_str(&format!(" {} {}", region.line, region.value));
    }
    if let Some(name) = &profile.session_name {
        words.push_str(&format!(" {} as {}", name.line, name.value));
    }
    if let Some(policy) = &profile.scope_policy {
        words.push_str(&format!(" {} scope {}", policy.line, policy.value));
    }
    if let Some(duration) = &profile.scope_duration {
        words.push_str(&format!(" {} for {}", duration.line, duration.value));
    }
    words
}
