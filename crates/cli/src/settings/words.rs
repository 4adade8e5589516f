//! The words of values whose readers are in other rooms, for who lists them.

use crate::exchange::token_source::TokenSource;
use crate::sinks::destination::Destination;

/// Of `--token-source`.
pub(crate) static TOKEN_SOURCES: [&str; 7] = TokenSource::WORDS;
/// Of `--to`.
pub(crate) static DESTINATIONS: [&str; 8] = Destination::WORDS;
