//! Session names: STS accepts what is accepted here, and what was made legal is legal.

#![no_main]

use aws::SessionName;
use fuzz::is_printable;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match text.parse::<SessionName>() {
        Ok(name) => {
            assert_eq!(name.as_str(), text);
            assert!(is_legal(text), "STS would refuse `{text}`");
            assert_eq!(SessionName::made_valid(text), Some(name), "a valid name was changed");
        }
        Err(error) => {
            assert!(!is_legal(text), "STS would take `{text}`");
            assert!(is_printable(&error.to_string()), "{error:?} breaks its line");
        }
    }
    match SessionName::made_valid(text) {
        Some(name) => {
            assert!(is_legal(name.as_str()), "STS would refuse `{name}`");
            assert_eq!(name.as_str().parse().as_ref(), Ok(&name));
            assert_eq!(SessionName::made_valid(name.as_str()), Some(name), "a second call changed it");
        }
        None => assert!(text.chars().filter(|c| is_of_alphabet(*c)).count() < 2, "`{text}` has a name in it"),
    }
});

fn is_legal(text: &str) -> bool {
    (2..=64).contains(&text.chars().count()) && text.chars().all(is_of_alphabet)
}

fn is_of_alphabet(character: char) -> bool {
    matches!(character, 'A'..='Z' | 'a'..='z' | '0'..='9' | '_' | '+' | '=' | ',' | '.' | '@' | '-')
}
