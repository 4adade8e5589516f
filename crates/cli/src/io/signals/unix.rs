//! By handlers that the first hold installs. Without a hold they do what the system would do.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{
    SIGALRM, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU, SIGXFSZ,
};
use signal_hook::flag;
use signal_hook::low_level::emulate_default_handler;

/// Each signal that ends a process by default and that another process, a terminal or a limit sends. SIGPIPE is ignored by
/// the standard library; what the program itself causes cannot wait.
const SIGNALS: [(i32, &str); 10] = [
    (SIGHUP, "SIGHUP"),
    (SIGINT, "SIGINT"),
    (SIGTERM, "SIGTERM"),
    (SIGQUIT, "SIGQUIT"),
    (SIGALRM, "SIGALRM"),
    (SIGUSR1, "SIGUSR1"),
    (SIGUSR2, "SIGUSR2"),
    (SIGXCPU, "SIGXCPU"),
    (SIGVTALRM, "SIGVTALRM"),
    (SIGPROF, "SIGPROF"),
];

static INSTALLED: Once = Once::new();
/// How many holds there are, and for the handlers whether there is none.
static HOLDS: AtomicUsize = AtomicUsize::new(0);
static NO_HOLD: AtomicBool = AtomicBool::new(true);
/// The signal that came during a hold; 0 if none did.
static PENDING: AtomicUsize = AtomicUsize::new(0);
/// Whether the signals are another program's.
static HANDED_OVER: AtomicBool = AtomicBool::new(false);
/// Where a write meets the limit on the size of files; nothing reads it.
static TOO_LARGE: AtomicUsize = AtomicUsize::new(0);

/// Signals wait until it is dropped. If one came, the process then ends by it, as a shell expects.
pub(crate) struct Hold(());

impl Hold {
    /// Holds signals off from now on.
    pub(crate) fn start() -> Self {
        HOLDS.fetch_add(1, Ordering::SeqCst);
        NO_HOLD.store(false, Ordering::SeqCst);
        INSTALLED.call_once(install);
        Self(())
    }
}

impl Default for Hold {
    fn default() -> Self {
        Self::start()
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if HOLDS.fetch_sub(1, Ordering::SeqCst) > 1 {
            return;
        }
        NO_HOLD.store(true, Ordering::SeqCst);
        if let Ok(signal) = i32::try_from(PENDING.load(Ordering::SeqCst))
            && signal != 0
        {
            // Does not return for these signals.
            let _ = emulate_default_handler(signal);
        }
    }
}

/// From now on signals are for a program below this one: none ends this process or waits for it.
pub(crate) fn hand_over() {
    HOLDS.fetch_add(1, Ordering::SeqCst);
    NO_HOLD.store(false, Ordering::SeqCst);
    HANDED_OVER.store(true, Ordering::SeqCst);
}

/// Whether this process was started with a signal ignored.
pub(crate) fn is_ignored(signal: i32) -> bool {
    is_in(ignored_signals(), signal)
}

/// The name of the signal that came during a hold.
pub(crate) fn pending() -> Option<&'static str> {
    if HANDED_OVER.load(Ordering::SeqCst) {
        return None;
    }
    let came = PENDING.load(Ordering::SeqCst);
    SIGNALS.into_iter().find(|(signal, _)| usize::try_from(*signal) == Ok(came)).map(|(_, name)| name)
}

/// A signal that cannot be handled keeps the system's default.
fn install() {
    // With a handler the write fails, like one on a full disk.
    let _ = flag::register_usize(SIGXFSZ, &TOO_LARGE, 1);
    let ignored = ignored_signals();
    for (signal, _) in SIGNALS {
        let (Ok(number), false) = (usize::try_from(signal), is_in(ignored, signal)) else { continue };
        // In this order: the first ends the process where nothing is held, and then the second is not reached.
        if flag::register_conditional_default(signal, &NO_HOLD).is_ok() {
            let _ = flag::register_usize(signal, &PENDING, number);
        }
    }
}

fn is_in(set: u64, signal: i32) -> bool {
    set >> (signal - 1) & 1 == 1
}

/// `nohup`, and a shell for its background processes, let a program ignore signals; a handler would undo that.
#[cfg(target_os = "linux")]
fn ignored_signals() -> u64 {
    use std::io::Read;
    // Longer than the file: its size is not known before, and in small pieces it would be read many times.
    let mut text = [0; 8 * 1024];
    let read =
        std::fs::File::open("/proc/self/status").and_then(|mut file| file.read(&mut text)).unwrap_or(0);
    let text = String::from_utf8_lossy(text.get(..read).unwrap_or_default());
    let set = text.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    set.and_then(|set| u64::from_str_radix(set.trim(), 16).ok()).unwrap_or(0)
}

/// Unknown there: what `nohup` and shells let a program ignore is not held off.
#[cfg(not(target_os = "linux"))]
fn ignored_signals() -> u64 {
    let bit = |signal: i32| 1 << (signal - 1);
    bit(SIGHUP) | bit(SIGINT) | bit(SIGQUIT)
}
