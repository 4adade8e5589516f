//! Texts of a policy or a token, made printable on one line.

/// The text with its control characters escaped.
pub(crate) fn one_line(text: &str) -> String {
    let escape = |character: char| {
        if character.is_control() { character.escape_default().to_string() } else { character.to_string() }
    };
    text.chars().map(escape).collect()
}
