//! Whether a line is of this program. Separate from how it is written: a line in a file can come from any program.

use super::{COMMAND, InvalidProcessLine, PROGRAM, Platform};

/// Refuses a path that clients could not start from any directory, or by which [`is_ours`] could not identify the line.
pub(super) fn check_program(path: &str, platform: Platform) -> Result<(), InvalidProcessLine> {
    let is_absolute = match platform {
        Platform::Posix => path.starts_with('/'),
        Platform::Windows => path.starts_with(r"\\") || has_drive(path),
    };
    if !is_absolute {
        return Err(InvalidProcessLine::NotAbsolute);
    }
    if !is_our_program(path) {
        return Err(InvalidProcessLine::OtherName { expected: PROGRAM });
    }
    Ok(())
}

/// Whether a value of `credential_process` runs this program for credentials, in any directory.
pub(in crate::shared_config) fn is_ours(value: &str) -> bool {
    let (program, rest) = first_word(value);
    let (command, _) = first_word(rest);
    is_our_program(&program) && command == COMMAND
}

/// Both kinds of slashes: the file can come from another platform.
fn is_our_program(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = name.split_at_checked(PROGRAM.len());
    stem.is_some_and(|(stem, end)| stem == PROGRAM && (end.is_empty() || end.eq_ignore_ascii_case(".exe")))
}

fn has_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [drive, b':', b'\\', ..] if drive.is_ascii_alphabetic())
}

/// The first word without its quotes, and what follows it. A backslash is part of a path here, as in all lines of
/// this program.
fn first_word(text: &str) -> (String, &str) {
    let text = text.trim_start_matches([' ', '\t']);
    let mut word = String::new();
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match quote {
            Some(open) if character == open => quote = None,
            None if matches!(character, '"' | '\'') => quote = Some(character),
            None if matches!(character, ' ' | '\t') => {
                return (word, text.get(at..).unwrap_or_default());
            }
            _ => word.push(character),
        }
    }
    (word, "")
}
