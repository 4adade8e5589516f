//! How many requests of a run are open at once, each over its own connection.

use std::cell::Cell;

/// At the start. Measured in one series with 500 roles and 50 ms per response, as multiples of one role's time: 7.7 with 80
/// connections, 6.9 with 96, 6.7 with 112, 6.3 with 128 or 160, and 160 have 1.4 MiB more.
const MOST: usize = 128;

/// After a request that has to be retried.
const CAREFUL: usize = 64;

/// A number that falls for the rest of the run when a request has to be retried: STS, a proxy or the job's network may have
/// refused it because of the others.
pub(super) struct Window(Cell<usize>);

impl Window {
    /// Before the first request.
    pub(super) fn start() -> Self {
        Self(Cell::new(MOST))
    }

    /// How many requests may be open.
    pub(super) fn size(&self) -> usize {
        self.0.get()
    }

    /// A request failed and is going to be retried.
    pub(super) fn refused(&self) {
        self.0.set(CAREFUL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_smaller_once_a_request_is_retried() {
        let window = Window::start();
        assert_eq!(window.size(), MOST);
        for _ in 0..2 {
            window.refused();
            assert_eq!(window.size(), CAREFUL);
        }
    }
}
