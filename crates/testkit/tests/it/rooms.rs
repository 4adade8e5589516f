//! The rooms of the binary's crate, `crates/cli/src`: which there are, and which may use which. Data is below its
//! readers, so a room may use only rooms that are listed before it, and no circle can come about.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Every room with the rooms that it uses. A room may use earlier ones only.
const ROOMS: [(&str, &[&str]); 16] = [
    ("io", &[]),
    ("ci", &["io"]),
    ("exchange", &["ci", "io"]),
    ("trust", &["io"]),
    ("credentials", &["exchange", "io"]),
    ("renewal", &["ci", "exchange", "io"]),
    ("sinks", &["credentials", "exchange", "io", "renewal"]),
    ("settings", &["ci", "exchange", "io", "renewal", "sinks", "trust"]),
    ("verify", &["credentials", "exchange", "io", "renewal", "sinks"]),
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
    ("preflight", &["credentials", "exchange", "failure", "io", "report", "settings", "sinks"]),
    (
        "commands",
        &[
            "args",
            "credentials",
            "exchange",
            "failure",
            "io",
            "preflight",
            "profiles",
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
            for (number, used) in rooms_used(&code, depth) {
                if used != room && !uses.contains(&used.as_str()) {
                    let line = code.lines().nth(number - 1).unwrap_or_default().trim();
                    wrong.push(format!("{}:{number}: {room} may not use {used}: {line}", file.display()));
                }
                seen.insert((room, used));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // `main` declares the rooms, and can name them without `crate::`.
    for (room, uses) in ROOMS.iter().filter(|(room, _)| *room != "main") {
        for used in *uses {
            assert!(seen.contains(&(*room, (*used).to_owned())), "{room} may use {used} and does not");
        }
    }
}

#[test]
fn the_search_finds_every_way_to_name_a_room_and_leaves_tests_out() {
    /// The code, the depth of its file, and the rooms with their lines.
    type Case = (&'static str, usize, &'static [(usize, &'static str)]);
    let cases: [Case; 9] = [
        ("use crate::failure::Failure;", 2, &[(1, "failure")]),
        ("fn f() {\n    crate::io::clock::now()\n}", 2, &[(2, "io")]),
        ("use crate::{\n    io::clock,\n    settings::{self, table},\n};", 2, &[(2, "io"), (3, "settings")]),
        ("use crate::{args, io};", 2, &[(1, "args"), (1, "io")]),
        ("use super::settings::table;", 1, &[(1, "settings")]),
        ("use super::super::settings::table;", 2, &[(1, "settings")]),
        ("use super::settings::table;", 2, &[]),
        ("// use crate::failure::Failure;\n/// [`crate::failure`]", 2, &[]),
        (
            "use crate::io::a;\n#[cfg(test)]\nmod tests {\n    use crate::args::b;\n}\nuse crate::sinks::c;",
            2,
            &[(1, "io"), (6, "sinks")],
        ),
    ];
    for (code, depth, expected) in cases {
        let expected: Vec<(usize, String)> =
            expected.iter().map(|(line, room)| (*line, (*room).to_owned())).collect();
        assert_eq!(rooms_used(code, depth), expected, "{code}");
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

/// The rooms that the code of a file names, each with its line. `depth` counts the parts of the file's path below
/// `src`: so many `super::` lead to the crate's root.
fn rooms_used(code: &str, depth: usize) -> Vec<(usize, String)> {
    let code = blanked(code);
    let mut starts: Vec<usize> = code.match_indices("crate::").map(|(at, it)| at + it.len()).collect();
    let to_root = "super::".repeat(depth);
    let at_root = |at: &usize| !code[..*at].ends_with("super::");
    let supers = code.match_indices(&to_root).map(|(at, _)| at).filter(at_root).map(|at| at + to_root.len());
    starts.extend(supers.filter(|at| !code[*at..].starts_with("super::")));
    let mut found = Vec::new();
    for start in starts {
        for (at, name) in first_names(&code, start) {
            if ROOMS.iter().any(|(room, _)| *room == name) {
                found.push((code[..at].matches('\n').count() + 1, name));
            }
        }
    }
    found.sort();
    found
}

/// The first part of each path that begins here: one, or those of a list in braces.
fn first_names(code: &str, start: usize) -> Vec<(usize, String)> {
    let name_at = |at: usize| {
        let name: String = code[at..].chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
        (at, name)
    };
    if !code[start..].starts_with('{') {
        return vec![name_at(start)];
    }
    let (mut depth, mut names, mut expects) = (0, Vec::new(), false);
    for (offset, character) in code[start..].char_indices() {
        match character {
            '{' => {
                depth += 1;
                expects = depth == 1;
            }
            '}' if depth == 1 => break,
            '}' => depth -= 1,
            ',' => expects = depth == 1,
            _ if character.is_whitespace() => {}
            _ => {
                if expects {
                    names.push(name_at(start + offset));
                }
                expects = false;
            }
        }
    }
    names
}

/// The code with comments and test items blanked, line by line, so that positions stay.
fn blanked(code: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    // Within a test item: how many braces are open, and whether its first one has come.
    let mut test_item: Option<(i32, bool)> = None;
    for line in code.lines() {
        let line = if line.trim_start().starts_with("//") { "" } else { line.split(" //").next().unwrap() };
        let starts_test = line.trim() == "#[cfg(test)]";
        let kept = if let Some((open, begun)) = &mut test_item {
            for character in line.chars() {
                match character {
                    '{' => (*open, *begun) = (*open + 1, true),
                    '}' => *open -= 1,
                    _ => {}
                }
            }
            let attribute = !*begun && line.trim_start().starts_with("#[");
            let ends = *open == 0 && !attribute && (*begun || line.trim_end().ends_with([';', ',']));
            if ends {
                test_item = None;
            }
            String::new()
        } else if starts_test {
            test_item = Some((0, false));
            String::new()
        } else {
            line.to_owned()
        };
        lines.push(kept);
    }
    lines.join("\n")
}
