//! `StringLike`: a slow and simple matcher agrees. The first line is the pattern, the rest the value.

#![no_main]

use libfuzzer_sys::fuzz_target;

/// The slow matcher's time grows with the product of both lengths.
const LONGEST: usize = 300;

fuzz_target!(|input: &str| {
    let (pattern, value) = input.split_once('\n').unwrap_or((input, ""));
    let outcome = trust_policy::matches(pattern, value);
    if !pattern.contains(['*', '?']) {
        assert_eq!(outcome, pattern == value, "without wildcards only the same text matches");
    }
    if pattern.len() <= LONGEST && value.len() <= LONGEST {
        assert_eq!(outcome, matches(pattern, value), "`{pattern}` on `{value}`");
    }
});

/// Row by row: `row[n]` says whether the pattern so far matches the first `n` units of the value.
fn matches(pattern: &str, value: &str) -> bool {
    let value: Vec<u16> = value.encode_utf16().collect();
    let mut row = vec![false; value.len() + 1];
    row[0] = true;
    for unit in pattern.encode_utf16() {
        let mut next = vec![false; row.len()];
        for length in 0..row.len() {
            next[length] = if unit == u16::from(b'*') {
                row[..=length].contains(&true)
            } else {
                length > 0 && row[length - 1] && (unit == u16::from(b'?') || unit == value[length - 1])
            };
        }
        row = next;
    }
    row[value.len()]
}
