//! The endpoint descriptor, by which `serve` is found: what is accepted is on this machine, and is safe in a shell's line.

#![no_main]

use export::bash_env::{self, BlockId};
use export::{EndpointDescriptor, EndpointEnvironment, Removal};
use fuzz::{REGION, is_printable};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let found = match EndpointDescriptor::parse(text) {
        Ok(found) => found,
        Err(error) => {
            assert!(is_printable(&error.to_string()), "{error} breaks its line");
            return;
        }
    };
    assert_eq!(
        EndpointDescriptor::parse(found.render().expose()).as_ref(),
        Ok(&found),
        "it is not the same when read again"
    );
    assert!(found.uri().strip_prefix("http://127.0.0.1:").is_some_and(|rest| rest.ends_with("/credentials")));
    let authorization = found.authorization().expose();
    assert!(!authorization.is_empty() && authorization.bytes().all(|byte| byte.is_ascii_graphic()));
    assert!(!authorization.contains(['\'', '"', '$', '`', '\\']), "a shell could misread it");
    let region = REGION.parse().expect("a Region");
    let environment = EndpointEnvironment::new(&found, Some("/file"), Some(&region));
    let block = bash_env::render_endpoint(&environment, &BlockId::new([0; 8]));
    match bash_env::remove(block.expose()) {
        Removal::Without(rest) => assert_eq!(rest.expose(), "", "a part of the block is left"),
        other => panic!("the block is not found again: {other:?}"),
    }
});
