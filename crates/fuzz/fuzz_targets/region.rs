//! Regions: what is accepted can be one label of a host name, in the partition of the Region.

#![no_main]

use aws::{Partition, Region};
use fuzz::is_printable;
use libfuzzer_sys::fuzz_target;

/// The longest label that DNS has.
const LONGEST_LABEL: usize = 63;

fuzz_target!(|text: &str| {
    let region = match text.parse::<Region>() {
        Ok(region) => region,
        Err(error) => {
            assert!(is_printable(&error.to_string()), "{error:?} breaks its line");
            return;
        }
    };
    assert_eq!(region.as_str(), text);
    assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "`{text}` is not a label");
    assert!(!text.starts_with('-') && !text.ends_with('-'), "`{text}` is not a label");
    assert!(text.len() <= LONGEST_LABEL, "`{text}` is longer than a label can be");
    let partition = region.partition();
    assert_eq!(Partition::named(partition.name), Some(partition));
    let implicit = Region::implicit(partition);
    assert_eq!(implicit.as_str().parse(), Ok(implicit), "a partition's own Region is not readable");
});
