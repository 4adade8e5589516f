//! Role ARNs: the parts of an accepted one give the same ARN again, and an error is printable.

#![no_main]

use aws::RoleArn;
use fuzz::is_printable;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let role = match text.parse::<RoleArn>() {
        Ok(role) => role,
        Err(error) => {
            assert!(is_printable(&error.to_string()), "{error:?} breaks its line");
            return;
        }
    };
    assert_eq!(role.as_str(), text);
    assert!(text.bytes().all(|byte| byte.is_ascii_graphic()), "a form or a header could not carry it");
    let start = format!("arn:{}:iam::{}:role/", role.partition_name(), role.account());
    let path_and_name = text.strip_prefix(&start).expect("the parts are those of the text");
    let path = path_and_name.strip_suffix(role.role_name()).expect("the name ends the text");
    assert!(path.is_empty() || path.ends_with('/'), "`{path}` is not a path");
    assert!((1..=64).contains(&role.role_name().len()) && !role.role_name().contains('/'));
    assert_eq!(role.account().as_str().len(), 12);
    assert!(role.partition().is_none_or(|partition| partition.name == role.partition_name()));

    let without_path: RoleArn =
        format!("{start}{}", role.role_name()).parse().expect("the path can be left out");
    assert_eq!(without_path.role_name(), role.role_name());
});
