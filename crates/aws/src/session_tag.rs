//! Session tags: key and value pairs that policies can use as conditions (facts/aws.md 1.3). One tag
//! and the set of them are in one file, because the set's rules are about the tags' keys.

use std::str::FromStr;

/// One tag: key of 1 to 128 characters, value of 0 to 256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionTag {
    key: String,
    value: String,
}

/// Why a text, or a pair of texts, is not a tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSessionTag {
    /// No `=`.
    #[error("the tag `{0}` has no `=` between its key and its value")]
    NoValue(String),
    /// An empty key, or one over the limit.
    #[error("the tag key `{key}` has {length} characters; STS accepts 1 to 128")]
    KeyLength {
        /// The key, made printable.
        key: String,
        /// Its length in characters.
        length: usize,
    },
    /// A value over the limit.
    #[error("the value of the tag `{key}` has {length} characters; STS accepts at most 256")]
    ValueLength {
        /// The key of the value.
        key: String,
        /// Its length in characters.
        length: usize,
    },
    /// A character that STS does not accept, in the key or the value.
    #[error("the tag `{key}` holds `{found}`; STS accepts letters, digits, spaces and _.:/=+-@")]
    Character {
        /// The key, made printable.
        key: String,
        /// The first character that STS refuses, made printable.
        found: String,
    },
    /// A key that only AWS may set.
    #[error("the tag key `{0}` starts with `aws:`, which AWS reserves")]
    Reserved(String),
}

/// The tags of one session: at most 50; keys that differ only in case are the same key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionTags {
    tags: Vec<SessionTag>,
    transitive_keys: Vec<String>,
}

/// Why tags cannot be in one request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSessionTags {
    /// More than STS accepts.
    #[error("{0} session tags are too many; STS accepts at most 50")]
    TooMany(usize),
    /// Keys that differ in case only are one key to STS.
    #[error("the tag keys `{first}` and `{second}` are the same to STS, which ignores their case")]
    Twice {
        /// The key that came first.
        first: String,
        /// The same key again.
        second: String,
    },
    /// A transitive key without a tag.
    #[error("the transitive tag `{0}` is not among the session's tags")]
    NotATag(String),
}

impl SessionTag {
    /// Checks key and value, each on its own: a key may hold `=`.
    pub fn new(key: &str, value: &str) -> Result<Self, InvalidSessionTag> {
        let shown = || key.escape_debug().to_string();
        let length = key.chars().count();
        if !(1..=128).contains(&length) {
            return Err(InvalidSessionTag::KeyLength { key: shown(), length });
        }
        let length = value.chars().count();
        if length > 256 {
            return Err(InvalidSessionTag::ValueLength { key: shown(), length });
        }
        if let Some(found) = key.chars().chain(value.chars()).find(|character| !is_legal(*character)) {
            return Err(InvalidSessionTag::Character {
                key: shown(),
                found: found.escape_debug().to_string(),
            });
        }
        if key.to_lowercase().starts_with("aws:") {
            return Err(InvalidSessionTag::Reserved(shown()));
        }
        Ok(Self { key: key.to_owned(), value: value.to_owned() })
    }

    /// As it was given. STS ignores the case of keys.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// As it was given. It may be empty.
    pub fn value(&self) -> &str {
        &self.value
    }

    fn has_key(&self, key: &str) -> bool {
        self.key.to_lowercase() == key.to_lowercase()
    }
}

impl FromStr for SessionTag {
    type Err = InvalidSessionTag;

    /// Reads `KEY=VALUE`, where the first `=` ends the key.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (key, value) = text
            .split_once('=')
            .ok_or_else(|| InvalidSessionTag::NoValue(text.escape_debug().to_string()))?;
        Self::new(key, value)
    }
}

impl SessionTags {
    const MAX: usize = 50;

    /// Tags, and the keys of the transitive ones: the sessions of all later roles of a chain have those too.
    pub fn new(tags: Vec<SessionTag>, transitive: &[String]) -> Result<Self, InvalidSessionTags> {
        if tags.len() > Self::MAX {
            return Err(InvalidSessionTags::TooMany(tags.len()));
        }
        for (at, tag) in tags.iter().enumerate() {
            if let Some(first) = tags.iter().take(at).find(|other| other.has_key(&tag.key)) {
                return Err(InvalidSessionTags::Twice { first: first.key.clone(), second: tag.key.clone() });
            }
        }
        if let Some(key) = transitive.iter().find(|key| !tags.iter().any(|tag| tag.has_key(key))) {
            return Err(InvalidSessionTags::NotATag(key.escape_debug().to_string()));
        }
        let is_transitive = |tag: &&SessionTag| transitive.iter().any(|key| tag.has_key(key));
        let transitive_keys = tags.iter().filter(is_transitive).map(|tag| tag.key.clone()).collect();
        Ok(Self { tags, transitive_keys })
    }

    /// In the order in which they were given.
    pub fn as_slice(&self) -> &[SessionTag] {
        &self.tags
    }

    /// The keys of the transitive tags, spelled as in the tags.
    pub fn transitive_keys(&self) -> &[String] {
        &self.transitive_keys
    }
}

/// `[\p{L}\p{Z}\p{N}_.:/=+\-@]`. The standard library has no `\p{L}`: its letters are those and some marks
/// with them, which STS may refuse.
fn is_legal(character: char) -> bool {
    // Of the white space, only the separators are not control characters.
    let is_separator = character.is_whitespace() && !character.is_control();
    character.is_alphanumeric() || is_separator || "_.:/=+-@".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_equals_sign_ends_the_key() {
        for (text, key, value) in [
            ("project=shop", "project", "shop"),
            ("project=", "project", ""),
            ("url=https://a/b", "url", "https://a/b"),
            ("a=b=c", "a", "b=c"),
            ("Kosten stelle=Grün\u{a0}7 ²", "Kosten stelle", "Grün\u{a0}7 ²"),
            ("プロジェクト=店_.:/=+-@", "プロジェクト", "店_.:/=+-@"),
        ] {
            let tag: SessionTag = text.parse().unwrap();
            assert_eq!((tag.key(), tag.value()), (key, value), "{text}");
        }
        assert_eq!(SessionTag::new("a=b", "c").unwrap().key(), "a=b");
    }

    #[test]
    fn what_sts_would_refuse_is_refused_here() {
        let long = "é".repeat(257);
        for (key, value, message) in [
            ("", "v", "the tag key `` has 0 characters; STS accepts 1 to 128"),
            (&long[..258], "v", "has 129 characters; STS accepts 1 to 128"),
            ("k", &long, "the value of the tag `k` has 257 characters; STS accepts at most 256"),
            ("k", "a,b", "the tag `k` holds `,`; STS accepts"),
            ("k\n", "v", r"the tag `k\n` holds `\n`; STS accepts"),
            ("k", "\u{85}", r"holds `\u{85}`"),
            ("k", "tab\there", r"holds `\t`"),
            ("k", "😀", "holds `😀`"),
            ("AWS:k", "v", "the tag key `AWS:k` starts with `aws:`"),
        ] {
            let error = SessionTag::new(key, value).unwrap_err().to_string();
            assert!(error.contains(message), "{key} {value}: {error}");
        }
        assert!(SessionTag::new(&long[..256], &long[..512]).is_ok(), "128 and 256 characters");
        assert!(matches!("key".parse::<SessionTag>(), Err(InvalidSessionTag::NoValue(_))));
    }

    fn tags(keys: &[&str], transitive: &[&str]) -> Result<SessionTags, InvalidSessionTags> {
        let transitive: Vec<String> = transitive.iter().map(|&key| key.to_owned()).collect();
        SessionTags::new(keys.iter().map(|key| SessionTag::new(key, "v").unwrap()).collect(), &transitive)
    }

    #[test]
    fn a_key_is_there_once_whatever_its_case() {
        assert_eq!(
            tags(&["Team", "project", "TEAM"], &[]),
            Err(InvalidSessionTags::Twice { first: "Team".to_owned(), second: "TEAM".to_owned() })
        );
        assert_eq!(tags(&["team", "tea"], &[]).unwrap().as_slice().len(), 2);
    }

    #[test]
    fn fifty_tags_are_the_most() {
        let keys: Vec<String> = (0..51).map(|n| format!("key-{n}")).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        assert!(tags(&keys[..50], &[]).is_ok());
        assert_eq!(tags(&keys, &[]), Err(InvalidSessionTags::TooMany(51)));
    }

    #[test]
    fn a_transitive_key_names_a_tag() {
        assert_eq!(
            tags(&["Team", "project"], &["PROJECT", "project"]).unwrap().transitive_keys(),
            ["project"]
        );
        assert_eq!(tags(&["team"], &["job"]), Err(InvalidSessionTags::NotATag("job".to_owned())));
    }
}
