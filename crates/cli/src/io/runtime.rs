//! The runtime of all asynchronous code: this thread only.

use std::io;
use std::mem;

use tokio::runtime::{self, Builder};

/// In polls of the program's future: a server that sends without pause keeps each busy, and only between them is a limit
/// of time seen. The library's 61 took longer than a deadline.
const POLLS_UNTIL_TIMERS: u32 = 1;

/// A single-threaded runtime.
pub(crate) struct Runtime(runtime::Runtime);

impl Runtime {
    /// With network and time.
    pub(crate) fn new() -> io::Result<Self> {
        Builder::new_current_thread().enable_all().event_interval(POLLS_UNTIL_TIMERS).build().map(Self)
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

#[cfg(test)]
mod tests {
    use std::future;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::Poll;
    use std::time::Duration;

    use super::*;
    use crate::io::clock::{self, Stopwatch};

    const ONE_POLL: Duration = Duration::from_millis(5);

    #[test]
    fn a_busy_task_does_not_delay_a_limit_of_time() {
        let polls = Arc::new(AtomicU32::new(0));
        let seen = Arc::clone(&polls);
        // As a connection does whose server sends without pause.
        let busy = future::poll_fn(move |context| -> Poll<()> {
            let begun = Stopwatch::start();
            while begun.elapsed() < ONE_POLL {}
            seen.fetch_add(1, Ordering::Relaxed);
            context.waker().wake_by_ref();
            Poll::Pending
        });
        Runtime::new().unwrap().block_on(async {
            let _running = tokio::spawn(busy);
            clock::pause(4 * ONE_POLL).await;
        });
        let polls = polls.load(Ordering::Relaxed);
        assert!((1..20).contains(&polls), "{polls} polls before the limit was seen");
    }
}
