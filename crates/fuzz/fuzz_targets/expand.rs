//! `$NAME` in values: filled in once, by nothing but the rules of `expand`.

#![no_main]

// The binary has no library; this file does not depend on the rest of it.
#[expect(dead_code, reason = "who reads a policy asks how its text was written")]
#[path = "../../cli/src/settings/expansion.rs"]
mod expansion;

use expansion::{ExpandError, Expanded, Piece, Variables, expand};
use libfuzzer_sys::fuzz_target;

/// A character that stands for a filled-in value.
const MARK: &str = "\u{1}";
/// A value that would change if anything looked at it again.
const TRICKY: &str = "$A ${B:-c} $$D $(id) `id` } \\";

fn expanded(
    value: &str,
    lookup: &'static dyn Fn(&str) -> Option<&'static str>,
) -> Result<Expanded, ExpandError> {
    expand(value, Variables { holder: "", lookup })
}

/// How the author's text and the variables' follow each other, without what the variables hold.
fn structure(expanded: &Expanded) -> Vec<Option<&str>> {
    fn written(piece: &Piece) -> Option<&str> {
        match piece {
            Piece::Written(text) => Some(text.as_str()),
            Piece::Filled { .. } => None,
        }
    }
    expanded.0.iter().map(written).collect()
}

fuzz_target!(|value: &str| {
    if value.contains(MARK) {
        return;
    }
    let marked = expanded(value, &|_| Some(MARK));
    let tricky = expanded(value, &|_| Some(TRICKY));
    match (&marked, &tricky) {
        (Ok(marked), Ok(tricky)) => {
            assert_eq!(marked.text().replace(MARK, TRICKY), tricky.text(), "a value was expanded again");
            assert_eq!(structure(marked), structure(tricky), "a value changed what the author wrote");
            assert!(marked.has_variables() || !marked.text().contains(MARK), "a change was not told");
        }
        _ => assert_eq!(marked, tricky, "a variable's value decides whether there is an error"),
    }
    match expanded(value, &|_| None) {
        Err(ExpandError::Unset(name)) => {
            assert!(value.contains(&name) && !name.is_empty(), "`{name}` is no variable of the text");
            assert!(name.chars().all(|character| character.is_alphanumeric() || character == '_'));
        }
        Err(ExpandError::Unclosed(inside)) => assert!(value.contains(&format!("${{{inside}"))),
        Err(
            ExpandError::UnknownForm(form)
            | ExpandError::Nested(form)
            | ExpandError::VariableAsAlternative(form),
        ) => {
            assert!(value.contains(&format!("${{{form}}}")));
        }
        Err(ExpandError::NamesItself(name)) => panic!("`{name}` holds the value"),
        Ok(_) => {}
    }
    let unchanged = Expanded::written(value);
    if !value.contains('$') {
        assert_eq!(marked.as_ref(), Ok(&unchanged), "a text without variables changed");
    }
    assert_eq!(expanded(&value.replace('$', "$$"), &|_| None), Ok(unchanged), "a doubled $ is a literal one");
});
