//! One word of the line: which words are refused, and how the others are quoted.

use super::InvalidProcessLine;

/// Why a word is refused, without its position.
pub(super) enum InvalidWord {
    /// No quoting can hold it.
    ControlCharacter(char),
    /// It follows a space, so some clients start a comment there.
    Comment(char),
    /// It would need quotes, which Windows clients do not share.
    NotPlain(char),
    /// The same.
    Empty,
}

impl InvalidWord {
    /// As an error about the word at `position`.
    pub(super) fn at(self, position: String) -> InvalidProcessLine {
        let shown = |found: char| found.escape_debug().to_string();
        match self {
            Self::ControlCharacter(found) => {
                InvalidProcessLine::ControlCharacter { position, found: shown(found) }
            }
            Self::Comment(found) => InvalidProcessLine::Comment { position, found },
            Self::NotPlain(found) => InvalidProcessLine::NotPlain { position, found: shown(found) },
            Self::Empty => InvalidProcessLine::Empty { position },
        }
    }
}

/// The position for a message: the flag before a value identifies it. The value's text is not shown.
pub(super) fn position(before: Option<&str>, word: &str) -> String {
    let is_flag = |text: &str| {
        text.strip_prefix("--").is_some_and(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
    };
    let Some(before) = before else { return "the program's path".to_owned() };
    let own = word.split_once('=').map(|(flag, _)| flag);
    match own.into_iter().chain([before]).find(|text| is_flag(text)) {
        Some(flag) => format!("the value of `{flag}`"),
        None => "an argument of the program".to_owned(),
    }
}

/// Refuses a word that no quoting can hold for all readers of the file.
pub(super) fn check_word(word: &str) -> Result<(), InvalidWord> {
    let mut is_after_space = false;
    for character in word.chars() {
        if character.is_control() {
            return Err(InvalidWord::ControlCharacter(character));
        }
        if is_after_space && matches!(character, '#' | ';') {
            return Err(InvalidWord::Comment(character));
        }
        // JavaScript reads a byte order mark as a space.
        is_after_space = character.is_whitespace() || character == '\u{feff}';
    }
    Ok(())
}

/// Whether nothing in the word is special for a shell or another reader.
pub(super) fn is_bare(word: &str) -> bool {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&byte);
    !word.is_empty() && word.bytes().all(is_bare)
}

/// Appends the word without quotes where nothing in it is special, else in double quotes, else in single quotes.
pub(super) fn push_quoted(line: &mut String, word: &str) {
    if is_bare(word) {
        line.push_str(word);
    } else if !word.contains(['"', '$', '`', '\\', '!']) {
        line.extend(["\"", word, "\""]);
    } else {
        // A single quote can only be inside double quotes, so it is written between two parts in single quotes.
        line.extend(["'", &word.replace('\'', r#"'"'"'"#), "'"]);
    }
}

/// Appends a word in which no client on Windows reads anything special; other words are refused.
pub(super) fn push_plain(line: &mut String, word: &str, is_program: bool) -> Result<(), InvalidWord> {
    // For `cmd.exe` a slash, a comma or `=` can end the program's name.
    let others: &[u8] = if is_program { br"_.:\~-" } else { br"_.:\~-/@+=," };
    let is_plain = |c: char| u8::try_from(c).is_ok_and(|b| b.is_ascii_alphanumeric() || others.contains(&b));
    match word.chars().find(|&character| !is_plain(character)) {
        Some(found) => Err(InvalidWord::NotPlain(found)),
        None if word.is_empty() => Err(InvalidWord::Empty),
        None => {
            line.push_str(word);
            Ok(())
        }
    }
}
