//! The names of condition keys, the value of a key, and the result of a lookup.

pub(crate) const SESSION_NAME: &str = "sts:rolesessionname";
pub(crate) const SOURCE_IDENTITY: &str = "sts:sourceidentity";
/// The prefix before a tag's key.
pub(crate) const REQUEST_TAG: &str = "aws:requesttag/";
pub(crate) const TAG_KEYS: &str = "aws:tagkeys";
pub(crate) const TRANSITIVE_TAG_KEYS: &str = "sts:transitivetagkeys";
pub(crate) const EXTERNAL_ID: &str = "sts:externalid";

/// The value of a condition key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeyValue {
    One(String),
    /// The values of a key that can have many.
    Many(Vec<String>),
    /// AWS does not document whether the key is present, or its value.
    Unknown,
}

/// The result of a lookup of a key in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lookup<'a> {
    /// The value of the request.
    Present(&'a str),
    /// The values of a key that can have many; an empty list is an absent key.
    List(&'a [String]),
    /// The request has no such key.
    Absent,
    /// Whether the request has the key is not known.
    Unknown,
}

/// Whether a key is the one whose form as a text AWS does not document.
pub(crate) fn is_current_time(key: &str) -> bool {
    key.eq_ignore_ascii_case("aws:CurrentTime")
}
