//! A text that must not be shown. It has no `Display`, its `Debug` says nothing, and its memory is cleared.

use std::fmt;
use zeroize::Zeroizing;

/// A secret text, cleared from memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over; the caller keeps no copy.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text with a mark in place of each copy of the secret. A secret of a few characters is a part of many words: to
    /// mark those would tell what it is, and spoil the text.
    pub fn withheld_from(&self, text: &str, mark: &str) -> String {
        withhold(text, self.expose(), mark)
    }

    /// The only way out. Every use can be found by this name.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Shorter texts are no secrets that an issuer makes; the shortest token with three segments has 8 characters.
const SHORTEST_WITHHELD: usize = 8;

/// The same for a secret that is borrowed.
pub fn withhold(text: &str, secret: &str, mark: &str) -> String {
    if secret.len() < SHORTEST_WITHHELD { text.to_owned() } else { text.replace(secret, mark) }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_withheld_where_it_is_long_enough_to_mean_something() {
        for (secret, text, shown) in [
            ("wJalrXUt", "no such key: wJalrXUt", "no such key: …"),
            ("wJalrXUt", "wJalrXU", "wJalrXU"),
            ("a", "access denied", "access denied"),
            ("", "access denied", "access denied"),
        ] {
            assert_eq!(Secret::new(secret.to_owned()).withheld_from(text, "…"), shown, "{secret}");
        }
    }

    #[test]
    fn debug_does_not_show_the_text() {
        assert_eq!(format!("{:?}", Secret::new("wJalr".to_owned())), "<redacted>");
    }
}
