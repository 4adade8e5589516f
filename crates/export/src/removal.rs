//! What comes of taking credentials out of a text: the same three answers for every format.

use aws::Secret;

/// Whether the text holds credentials that `assume` may have written, and how it reads without them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removal {
    /// There are none.
    Nothing,
    /// There are keys, but no session token: STS gives none without, so somebody else has put them there. Or there is
    /// a process that is another program.
    NotOurs,
    /// The text without them, all other lines byte for byte.
    Without(Secret),
}
