//! The names of condition keys, what a request holds under one, and what a condition finds there.

pub(crate) const SESSION_NAME: &str = "sts:rolesessionname";
pub(crate) const SOURCE_IDENTITY: &str = "sts:sourceidentity";
/// Before the key of a tag.
pub(crate) const REQUEST_TAG: &str = "aws:requesttag/";
pub(crate) const TAG_KEYS: &str = "aws:tagkeys";
pub(crate) const TRANSITIVE_TAG_KEYS: &str = "sts:transitivetagkeys";
pub(crate) const EXTERNAL_ID: &str = "sts:externalid";

/// What is under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeyValue {
    One(String),
    /// The values of a key that can have many.
    Many(Vec<String>),
    /// Something, or nothing: AWS doesn't say.
    Unknown,
}

/// What a policy finds under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lookup<'a> {
    /// The value of the request.
    Present(&'a str),
    /// The values of a key that can have many; an empty list is an absent key.
    List(&'a [String]),
    /// The request has no such key.
    Absent,
    /// The request may have it: it isn't made of what is known.
    Unknown,
}

/// Whether a key is the one whose form as a text AWS does not document.
pub(crate) fn is_current_time(key: &str) -> bool {
    key.eq_ignore_ascii_case("aws:CurrentTime")
}
