//! The file in `BASH_ENV`: whatever others have written, our block leaves it byte for byte, and no removal leaves
//! a line for the next one.

#![no_main]

use export::{Removal, bash_env};
use fuzz::session;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    // No editor makes such breaks, and a line that ends in one becomes another without it.
    if text.contains("\r\r") {
        return;
    }
    if let Removal::Without(left) = bash_env::remove(text) {
        assert_eq!(bash_env::remove(left.expose()), Removal::Nothing, "a second removal found more");
        let mut lines = text.split_inclusive('\n').map(str::trim_end);
        for line in left.expose().split_inclusive('\n').map(str::trim_end) {
            assert!(line.is_empty() || lines.any(|old| old == line), "{line:?} is new, or not where it was");
        }
        return;
    }
    // A comment of ours in a last line without its break becomes one by what is appended.
    if bash_env::remove(&format!("{text}\n")) != Removal::Nothing {
        return;
    }
    let with_block = format!("{text}{}", bash_env::render(&session()).expose());
    let Removal::Without(left) = bash_env::remove(&with_block) else {
        panic!("the block is not found again")
    };
    assert_eq!(left.expose(), text);
});
