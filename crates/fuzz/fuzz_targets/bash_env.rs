//! The file in `BASH_ENV`: whatever else it holds, adding and removing our block leaves it unchanged byte for byte, and a
//! second removal finds nothing.

#![no_main]

use export::Removal;
use export::bash_env::{self, BlockId};
use fuzz::session;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    // No editor writes such line ends, and a line without one of them is another line.
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
    // A last line without its line end can become a comment of ours when text is appended.
    if bash_env::remove(&format!("{text}\n")) != Removal::Nothing {
        return;
    }
    let id = BlockId::new([0xab; 8]);
    let with_block = format!("{text}{}", bash_env::render(&session(), &id).expose());
    assert!(bash_env::blocks(&with_block).ends_with(&id.to_string()), "the block's id is not found");
    let Removal::Without(left) = bash_env::remove(&with_block) else {
        panic!("the block is not found again")
    };
    assert_eq!(left.expose(), text);
});
