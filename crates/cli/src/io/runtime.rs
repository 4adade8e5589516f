//! The runtime of all asynchronous code: this thread only.

use std::io;
use std::mem;

use tokio::runtime::{self, Builder};

/// A single-threaded runtime.
pub(crate) struct Runtime(runtime::Runtime);

impl Runtime {
    /// With network and time.
    pub(crate) fn new() -> io::Result<Self> {
        Builder::new_current_thread().enable_all().build().map(Self)
    }

    /// Runs a future to its end, on this thread.
    pub(crate) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.0.block_on(future)
    }
}

impl Drop for Runtime {
    /// Closes connections without waiting for a DNS lookup that hangs in its own thread.
    fn drop(&mut self) {
        if let Ok(empty) = Builder::new_current_thread().build() {
            mem::replace(&mut self.0, empty).shutdown_background();
        }
    }
}
