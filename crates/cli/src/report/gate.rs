//! What every text for people passes before it is printed: no secret, and no character that a terminal acts on.

use std::borrow::Cow;

use crate::io::secrets;

/// What is printed in place of a secret.
const WITHHELD: &str = "[withheld]";

/// The text without secrets.
pub(crate) fn without_secrets(text: &str) -> Cow<'_, str> {
    let ranges = secrets::find(text);
    if ranges.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut printed = String::with_capacity(text.len());
    let mut end = 0;
    for range in ranges {
        printed.push_str(text.get(end..range.start).unwrap_or_default());
        printed.push_str(WITHHELD);
        end = range.end;
    }
    printed.push_str(text.get(end..).unwrap_or_default());
    Cow::Owned(printed)
}

/// One line without secrets. Control characters, which untrusted text such as a branch name can contain, are replaced;
/// those that change the order of what is read, or that are not seen, are escaped. Colors are added afterwards.
pub(crate) fn printable(text: &str) -> String {
    let mut printed = String::with_capacity(text.len());
    for character in without_secrets(text).chars() {
        match character {
            character if character.is_control() => printed.push('\u{fffd}'),
            character if is_invisible(character) => printed.extend(character.escape_unicode()),
            character => printed.push(character),
        }
    }
    printed
}

/// Characters without a shape of their own: bidirectional controls, line and paragraph separators, joiners, tags.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_acts_on_or_does_not_show_is_not_printed() {
        for (text, printed) in [
            ("a\u{1b}[2Jb\r\n", "a\u{fffd}[2Jb\u{fffd}\u{fffd}"),
            ("main\u{202e}nimda", r"main\u{202e}nimda"),
            ("a\u{2066}b\u{2069}", r"a\u{2066}b\u{2069}"),
            ("a\u{2028}error: b\u{2029}", r"a\u{2028}error: b\u{2029}"),
            ("a\u{200b}b\u{feff}\u{e0041}", r"a\u{200b}b\u{feff}\u{e0041}"),
            ("é 日本 — …", "é 日本 — …"),
        ] {
            assert_eq!(printable(text), printed);
        }
    }

    #[test]
    fn a_secret_is_withheld_and_the_rest_stays() {
        let key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        assert_eq!(printable(&format!("invalid Region `{key}`; x")), "invalid Region `[withheld]`; x");
        assert_eq!(without_secrets("nothing"), "nothing");
    }
}
