//! The rooms of the binary's crate, `crates/cli/src`: which there are, and which may use which. Data is below its
//! readers, so a room may use only rooms that are listed before it, and no circle can come about.

mod paths;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use paths::{rooms_used, unclear_paths};

/// Every room with the rooms that it uses. A room may use earlier ones only.
const ROOMS: [(&str, &[&str]); 18] = [
    ("io", &[]),
    ("ci", &["io"]),
    ("exchange", &["ci", "io"]),
    ("trust", &["io"]),
    ("credentials", &["exchange", "io"]),
    ("renewal", &["ci", "exchange", "io"]),
    ("sinks", &["credentials", "exchange", "io", "renewal"]),
    ("settings", &["ci", "exchange", "io", "renewal", "sinks", "trust"]),
    ("verify", &["credentials", "exchange", "io", "renewal", "sinks"]),
    ("existing", &["credentials", "exchange", "io", "renewal", "sinks", "verify"]),
    ("profiles", &["credentials", "exchange", "io", "settings", "verify"]),
    ("args", &["settings"]),
    ("report", &["exchange", "io", "settings"]),
    (
        "failure",
        &[
            "ci",
            "credentials",
            "exchange",
            "io",
            "profiles",
            "renewal",
            "report",
            "settings",
            "sinks",
            "trust",
            "verify",
        ],
    ),
    ("receipt", &["exchange", "failure", "io", "profiles", "report", "settings", "sinks"]),
    (
        "preflight",
        &["credentials", "exchange", "failure", "io", "receipt", "renewal", "report", "settings", "sinks"],
    ),
    (
        "commands",
        &[
            "args",
            "credentials",
            "exchange",
            "existing",
            "failure",
            "io",
            "preflight",
            "profiles",
            "receipt",
            "renewal",
            "report",
            "settings",
            "sinks",
            "trust",
            "verify",
        ],
    ),
    ("main", &["args", "commands", "io", "report", "settings"]),
];

#[test]
fn a_newcomer_sees_the_architecture_from_ls() {
    let source = source();
    let names: BTreeSet<String> = fs::read_dir(&source)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let rooms: BTreeSet<String> = ROOMS.iter().map(|(room, _)| (*room).to_owned()).collect();
    assert_eq!(names, rooms);
}

#[test]
fn a_room_may_use_only_rooms_that_are_listed_before_it() {
    for (at, (room, uses)) in ROOMS.iter().enumerate() {
        for used in *uses {
            let earlier = ROOMS.iter().take(at).any(|(earlier, _)| earlier == used);
            assert!(earlier, "{room} uses {used}, which comes later: that would be a circle");
        }
    }
}

#[test]
fn each_room_uses_what_the_list_says_and_nothing_else() {
    let mut seen: BTreeSet<(&str, String)> = BTreeSet::new();
    let mut wrong = Vec::new();
    for (room, uses) in ROOMS {
        for file in files_of(room) {
            let code = fs::read_to_string(&file).unwrap();
            let depth = file.strip_prefix(source()).unwrap().components().count();
            let line = |number: usize| code.lines().nth(number - 1).unwrap_or_default().trim();
            for number in unclear_paths(&code) {
                let line = line(number);
                wrong.push(format!("{}:{number}: which room it uses must be seen: {line}", file.display()));
            }
            for (number, used) in rooms_used(&code, depth, room == "main") {
                if used != room && !uses.contains(&used.as_str()) {
                    let line = line(number);
                    wrong.push(format!("{}:{number}: {room} may not use {used}: {line}", file.display()));
                }
                seen.insert((room, used));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for (room, uses) in &ROOMS {
        for used in *uses {
            assert!(seen.contains(&(*room, (*used).to_owned())), "{room} may use {used} and does not");
        }
    }
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("cli/src")
}

/// The room's own file and all below its folder, without files of tests.
fn files_of(room: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut paths = vec![source().join(format!("{room}.rs")), source().join(room)];
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            paths.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.is_file() && !path.file_stem().unwrap().to_str().unwrap().ends_with("tests") {
            files.push(path);
        }
    }
    assert!(!files.is_empty(), "there is no room {room}");
    files
}
