//! What an error may hold: it is printed as one line, to a log that a terminal shows.

/// Whether the text is one line without control sequences. A section's name may hold a tab.
pub fn is_printable(text: &str) -> bool {
    !text.chars().any(|character| character.is_control() && character != '\t')
}
