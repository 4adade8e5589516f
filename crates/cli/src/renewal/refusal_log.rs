//! The requests that an endpoint has refused, between the thread of the endpoint and the one that prints. Any process of
//! this machine can send requests, so their number is limited.

use std::mem;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::io::clock::Stopwatch;

const PERIOD: Duration = Duration::from_secs(60);
/// Of one period. The others are counted.
const MOST_LINES: u32 = 20;

/// Lines that wait to be printed.
#[derive(Default)]
pub(crate) struct RefusalLog(Mutex<Lines>);

#[derive(Default)]
struct Lines {
    waiting: Vec<String>,
    period: Option<Stopwatch>,
    count: u32,
}

impl RefusalLog {
    /// Adds a line.
    pub(crate) fn add(&self, line: impl FnOnce() -> String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.period.is_none_or(|period| period.elapsed() >= PERIOD) {
            lines.begin_period();
        }
        lines.count = lines.count.saturating_add(1);
        if lines.count <= MOST_LINES {
            lines.waiting.push(line());
        }
    }

    /// The lines since the last call.
    pub(crate) fn take(&self) -> Vec<String> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.period.is_some_and(|period| period.elapsed() >= PERIOD) {
            lines.end_period();
        }
        mem::take(&mut lines.waiting)
    }

    /// The lines since the last call, and the number of those that were not printed: nothing comes after it.
    pub(crate) fn take_last(&self) -> Vec<String> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.end_period();
        mem::take(&mut lines.waiting)
    }
}

impl Lines {
    fn begin_period(&mut self) {
        self.end_period();
        self.period = Some(Stopwatch::start());
    }

    fn end_period(&mut self) {
        if let Some(more @ 1..) = self.count.checked_sub(MOST_LINES) {
            let seconds = PERIOD.as_secs();
            self.waiting.push(format!("refused {more} more requests within {seconds} s"));
        }
        (self.period, self.count) = (None, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_has_twenty_lines_and_its_number() {
        let log = RefusalLog::default();
        for number in 0..1000 {
            log.add(|| number.to_string());
        }
        let lines = log.take();
        assert_eq!((lines.len(), lines.last().unwrap().as_str()), (20, "19"));
        assert!(log.take().is_empty());
        log.0.lock().unwrap().begin_period();
        log.add(|| "next".to_owned());
        assert_eq!(log.take(), ["refused 980 more requests within 60 s", "next"]);
        for _ in 0..20 {
            log.add(|| "more".to_owned());
        }
        assert_eq!(log.take_last().last().unwrap(), "refused 1 more requests within 60 s");
    }
}
