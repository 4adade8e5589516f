//! The chapters in the order of the page, and every entry of them.

use super::entry::{Chapter, Entry};
use super::{by_operator, denied, of_request, of_scope, of_service, of_signature, of_token};

/// All chapters.
pub(super) static CHAPTERS: [Chapter; 7] = [
    denied::CHAPTER,
    of_token::CHAPTER,
    of_request::CHAPTER,
    of_scope::CHAPTER,
    of_signature::CHAPTER,
    by_operator::CHAPTER,
    of_service::CHAPTER,
];

/// All entries.
pub(crate) fn entries() -> impl Iterator<Item = &'static Entry> {
    CHAPTERS.iter().flat_map(|chapter| chapter.entries)
}
