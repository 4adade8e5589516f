//! `$NAME` in values: filled in once, by nothing but the rules of `expand`.

#![no_main]

// The binary has no library; this file does not depend on the rest of it.
#[path = "../../cli/src/settings/expansion.rs"]
mod expansion;

use expansion::{ExpandError, Expanded, expand};
use libfuzzer_sys::fuzz_target;

/// A character that stands for a filled-in value.
const MARK: &str = "\u{1}";
/// A value that would change if anything looked at it again.
const TRICKY: &str = "$A ${B:-c} $$D $(id) `id` } \\";

fuzz_target!(|value: &str| {
    if value.contains(MARK) {
        return;
    }
    let marked = expand(value, &|_| Some(MARK));
    let tricky = expand(value, &|_| Some(TRICKY));
    match (&marked, &tricky) {
        (Ok(marked), Ok(tricky)) => {
            assert_eq!(marked.text.replace(MARK, TRICKY), tricky.text, "a value was expanded again");
            assert_eq!(marked.changed, tricky.changed);
            assert!(marked.changed || !marked.text.contains(MARK), "a change was not told");
        }
        _ => assert_eq!(marked, tricky, "a variable's value decides whether there is an error"),
    }
    match expand(value, &|_| None) {
        Err(ExpandError::Unset(name)) => {
            assert!(value.contains(&name) && !name.is_empty(), "`{name}` is no variable of the text");
            assert!(name.chars().all(|character| character.is_alphanumeric() || character == '_'));
        }
        Err(ExpandError::Unclosed(inside)) => assert!(value.contains(&format!("${{{inside}"))),
        Err(ExpandError::UnknownForm(form)) => assert!(value.contains(&format!("${{{form}}}"))),
        Ok(_) => {}
    }
    let unchanged = Expanded { text: value.to_owned(), changed: false };
    if !value.contains('$') {
        assert_eq!(marked.as_ref(), Ok(&unchanged), "a text without variables changed");
    }
    assert_eq!(expand(&value.replace('$', "$$"), &|_| None), Ok(unchanged), "a doubled $ is a literal one");
});
