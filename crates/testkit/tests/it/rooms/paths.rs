//! Which rooms the code of a file names.

use super::ROOMS;

/// The rooms that the code of a file names, each with its line. `depth` counts the parts of the file's path below
/// `src`: so many `super::` lead to the crate's root.
/// `bare`: in the crate's root, where a room needs no prefix.
pub(super) fn rooms_used(code: &str, depth: usize, bare: bool) -> Vec<(usize, String)> {
    let code = blanked(code);
    let mut starts: Vec<usize> = code.match_indices("crate::").map(|(at, it)| at + it.len()).collect();
    let to_root = "super::".repeat(depth);
    let at_root = |at: &usize| !code[..*at].ends_with("super::");
    let supers = code.match_indices(&to_root).map(|(at, _)| at).filter(at_root).map(|at| at + to_root.len());
    starts.extend(supers.filter(|at| !code[*at..].starts_with("super::")));
    if bare {
        let before = |at: &usize| code[..*at].chars().next_back();
        let is_first = |at: &usize| before(at).is_none_or(|it| !it.is_alphanumeric() && !"_:".contains(it));
        let prefixes = ROOMS.iter().map(|(room, _)| format!("{room}::"));
        starts.extend(
            prefixes.flat_map(|it| {
                code.match_indices(&it).map(|(at, _)| at).filter(is_first).collect::<Vec<_>>()
            }),
        );
    }
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

/// The lines with a path of which this test cannot tell to which room it leads: everything of the crate at once, the
/// crate by another name, `super` in a list or in a module within a file.
pub(super) fn unclear_paths(code: &str) -> Vec<usize> {
    let code = blanked(code);
    let squeezed: String = code.split_whitespace().collect::<Vec<_>>().join(" ");
    let in_lists = ["{ super::", "{super::", ", super::"];
    let hides = |(at, line): &(usize, &str)| {
        let line = line.trim();
        let module =
            line.split_once("mod ").is_some_and(|(before, _)| before.is_empty() || before.ends_with(' '));
        ["crate::*", "crate as ", "crate::{self"].iter().any(|it| line.contains(it))
            || in_lists.iter().any(|it| line.contains(it))
            || (module && line.ends_with('{') && code.lines().skip(*at).any(|line| line.contains("super::")))
    };
    let mut lines: Vec<usize> = code.lines().enumerate().filter(hides).map(|(at, _)| at + 1).collect();
    // In a list over several lines.
    if lines.is_empty() && in_lists.iter().any(|it| squeezed.contains(it)) {
        lines.push(1);
    }
    lines
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
        let starts_test = ["#[cfg(test)]", "#[cfg(all(test,"].iter().any(|it| line.trim().starts_with(it));
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
        assert_eq!(rooms_used(code, depth, false), expected, "{code}");
    }
}

#[test]
fn in_main_a_room_needs_no_prefix() {
    let code =
        "mod failure;\nuse crate::io::a;\nfn f() {\n    io::b(crate::args::c());\n    ::failure::d()\n}";
    let expected = [(2, "io"), (4, "args"), (4, "io")].map(|(line, room)| (line, room.to_owned()));
    assert_eq!(rooms_used(code, 1, true), expected);
}

#[test]
fn a_path_that_hides_its_room_is_found() {
    for code in [
        "use crate::*;",
        "use crate as root;",
        "use crate::{self as root};",
        "use super::{super::failure::Failure, a};",
        "use super::{\n    a,\n    super::failure::Failure,\n};",
        "mod q {\n    use super::super::super::failure::Failure;\n}",
    ] {
        assert!(!unclear_paths(code).is_empty(), "{code}");
    }
    for code in [
        "use crate::{args, io};",
        "use super::{a, b};",
        "mod a;",
        "pub(crate) mod a;",
        "#[cfg(test)]\nmod tests {\n    use crate::*;\n}",
    ] {
        assert!(unclear_paths(code).is_empty(), "{code}");
    }
}
