//! Session tags: what is accepted is unchanged, within STS's limits, and no key occurs twice.

#![no_main]

use std::collections::BTreeSet;

use aws::{SessionTag, SessionTags};
use fuzz::is_printable;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut tags = Vec::new();
    for line in text.split('\n') {
        match line.parse::<SessionTag>() {
            Ok(tag) => {
                assert_eq!(format!("{}={}", tag.key(), tag.value()), line, "a tag was changed");
                assert!((1..=128).contains(&tag.key().chars().count()), "a key of another length");
                assert!(tag.value().chars().count() <= 256, "a value that is too long");
                assert!(is_printable(line), "a control character in a tag");
                tags.push(tag);
            }
            Err(error) => assert!(is_printable(&error.to_string()), "{error:?} breaks its line"),
        }
    }
    let transitive: Vec<String> = tags.iter().take(2).map(|tag| tag.key().to_uppercase()).collect();
    match SessionTags::new(tags.clone(), &transitive) {
        Ok(set) => {
            assert_eq!(set.as_slice(), tags);
            let keys: BTreeSet<String> = tags.iter().map(|tag| tag.key().to_lowercase()).collect();
            assert_eq!(keys.len(), tags.len(), "STS would find a key twice");
            assert!(tags.len() <= 50, "more tags than STS takes");
            let passed_on = set.transitive_keys();
            assert!(passed_on.iter().all(|key| tags.iter().any(|tag| tag.key() == key)));
        }
        Err(error) => assert!(is_printable(&error.to_string()), "{error:?} breaks its line"),
    }
});
