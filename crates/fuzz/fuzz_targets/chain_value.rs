//! The other values of a signed request: accepted unchanged, in STS's character sets, or refused in one line.

#![no_main]

use std::fmt::{Debug, Display};
use std::str::FromStr;

use aws::{ExternalId, PolicyArn, SessionPolicy, SourceIdentity};
use fuzz::is_printable;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let name = |character: char| character.is_ascii_alphanumeric() || "_+=,.@-".contains(character);
    if let Some(id) = taken::<ExternalId>(text) {
        assert_eq!(id.as_str(), text);
        assert!((2..=1224).contains(&text.len()) && text.chars().all(|c| name(c) || ":/".contains(c)));
    }
    if let Some(identity) = taken::<SourceIdentity>(text) {
        assert_eq!(identity.as_str(), text);
        assert!((2..=256).contains(&text.len()) && text.chars().all(name) && !text.starts_with("aws:"));
    }
    if let Some(arn) = taken::<PolicyArn>(text) {
        assert_eq!(arn.as_str(), text);
        assert!(text.starts_with("arn:") && text.len() <= 2048 && text.contains(":policy/"));
    }
    if let Some(policy) = taken::<SessionPolicy>(text) {
        assert_eq!(policy.as_str(), text);
        assert!((1..=2048).contains(&text.chars().count()) && text.chars().all(|c| c <= '\u{ff}'));
    }
});

fn taken<T>(text: &str) -> Option<T>
where
    T: FromStr,
    T::Err: Debug + Display,
{
    text.parse()
        .inspect_err(|error: &T::Err| assert!(is_printable(&error.to_string()), "{error:?} breaks its line"))
        .ok()
}
