//! What keeps `credential-process` from printing, beside what stops `assume` too.

use std::time::Duration;

use super::{ExitStatus, Failure};

impl Failure {
    /// Another process has the lock.
    pub(crate) fn of_waiting(limit: Duration) -> Self {
        let message = format!(
            "another `credential-process` has been asking for the same credentials for {} s",
            limit.as_secs()
        );
        Self::found(ExitStatus::Local, &message).hint("if it hangs, end that process; its lock ends with it")
    }

    /// Whether it is a refusal of our own, which old credentials must not get around.
    pub(crate) fn is_of_a_guard(&self) -> bool {
        self.status == ExitStatus::Guard
    }
}
