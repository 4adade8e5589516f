//! Removal of the credentials from an env file.

use aws::Secret;

use super::entry::Entry;
use crate::variables::KEYS;
use crate::{Removal, lines};

/// The file without its credentials. A Region stays: it is not a secret, and it may have been there before.
pub fn remove(existing: &str) -> Removal {
    let all = lines::split(existing);
    let mut text = String::with_capacity(existing.len());
    let mut found = [false; KEYS.len()];
    let mut rest = all.as_slice();
    while let Some((entry, after)) = Entry::first_of(rest) {
        rest = after;
        let name = entry.name.filter(|_| entry.has_value());
        match KEYS.iter().zip(&mut found).find(|(key, _)| name == Some(**key)) {
            Some((_, found)) => *found = true,
            None => entry.lines.iter().for_each(|line| text.extend([line.text, line.ending])),
        }
    }
    match found {
        [false, false, false] => Removal::Nothing,
        [_, _, false] => Removal::NotOurs,
        _ => Removal::Without(Secret::new(text)),
    }
}
