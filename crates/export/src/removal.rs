//! The result of removing credentials from a text, the same for every format.

use aws::Secret;

/// Whether the text holds credentials that `assume` may have written, and the text without them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removal {
    /// It holds none.
    Nothing,
    /// It holds keys without a session token, which STS never returns, so a user or another program has written them. Or it
    /// holds a process that runs another program.
    NotOurs,
    /// The text without them; all other lines are unchanged.
    Without(Secret),
}
