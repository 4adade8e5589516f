//! Env files: an edit sets every variable once, keeps all other lines, and changes nothing when repeated.

#![no_main]

use export::{Removal, STALE_VARIABLES, dotenv};
use fuzz::{KEYS, session};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let session = session();
    let edited = dotenv::edit(text, &session).expect("the session's values are plain");
    assert_eq!(dotenv::edit(edited.expose(), &session).as_ref(), Ok(&edited), "the second edit changed it");

    let Removal::Without(left) = dotenv::remove(edited.expose()) else {
        panic!("the keys are not found again")
    };
    for (_, value) in KEYS.iter().filter(|(_, value)| !text.contains(value)) {
        assert!(!left.expose().contains(value), "`{value}` is left");
    }

    let before: Vec<&str> = lines(text);
    let after: Vec<&str> = lines(edited.expose());
    let written: Vec<String> =
        session.variables().map(|variable| format!("{}={}", variable.name, variable.value)).collect();
    for setting in &written {
        let sets = |line: &&&str| {
            let line = line.trim_start_matches('\u{feff}').trim_start();
            line.trim_start_matches("export").trim_start() == setting
        };
        assert!(after.iter().any(|line| sets(&line)), "`{setting}` is missing");
    }
    let mut rest = before.iter();
    for line in after.iter().filter(|line| !written.iter().any(|setting| line.ends_with(setting.as_str()))) {
        assert!(rest.any(|old| old == line), "{line:?} is new, or not where it was");
    }
    // A quote can make lines part of a removed value, so the rest is for files without quotes.
    if text.contains(['"', '\'', '`']) {
        return;
    }
    let names: Vec<&str> = session.variables().map(|variable| variable.name).chain(STALE_VARIABLES).collect();
    let is_foreign = |line: &&&str| names.iter().all(|name| !line.contains(name));
    let (kept, left) = (before.iter().filter(is_foreign), after.iter().filter(is_foreign));
    assert!(kept.eq(left), "another line changed");
    for name in names {
        let settings =
            after.iter().filter(|line| line.strip_prefix(name).is_some_and(|l| l.starts_with('=')));
        let count = settings.count();
        assert!(count <= usize::from(!STALE_VARIABLES.contains(&name)), "`{name}` is set {count} times");
    }
});

/// Without their line ends. A file may end in a lone CR, after which the editor adds a whole line end.
fn lines(text: &str) -> Vec<&str> {
    text.split_terminator('\n').map(|line| line.trim_end_matches('\r')).collect()
}
