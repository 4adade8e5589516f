//! How many requests of a run are open at once, each over its own connection.

use std::cell::Cell;

/// At the start.
const FIRST: usize = 64;

/// After as many answers. Measured in one series with 500 roles and 50 ms per response, as multiples of one role's time: 7.4
/// with 64 connections, 5.5 with 96, 5.6 with 128 or 192, 7.0 with 256, when opening them takes longer than they save. 128
/// from the start is 5.1, and is not what a server that throttles should meet first.
const MOST: usize = 128;

/// A number that grows with each answer, until a request has to be retried: what STS, a proxy or the job's network had
/// not refused before is what it then goes back to.
pub(super) struct Window {
    size: Cell<usize>,
    most: Cell<usize>,
}

impl Window {
    /// Before the first request.
    pub(super) fn start() -> Self {
        Self { size: Cell::new(FIRST), most: Cell::new(MOST) }
    }

    /// How many requests may be open.
    pub(super) fn size(&self) -> usize {
        self.size.get()
    }

    /// A request has its answer.
    pub(super) fn answered(&self) {
        self.size.set(self.size.get().saturating_add(1).min(self.most.get()));
    }

    /// A request failed and is going to be retried.
    pub(super) fn refused(&self) {
        self.most.set(FIRST);
        self.size.set(FIRST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_with_each_answer_until_a_request_is_retried() {
        let window = Window::start();
        assert_eq!(window.size(), FIRST);
        window.answered();
        assert_eq!(window.size(), FIRST + 1);
        (0..MOST).for_each(|_| window.answered());
        assert_eq!(window.size(), MOST);
        window.refused();
        assert_eq!(window.size(), FIRST);
        (0..MOST).for_each(|_| window.answered());
        assert_eq!(window.size(), FIRST, "it grows again after a refusal");
    }
}
