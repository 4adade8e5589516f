//! One object of JSON on one line. Written by hand: a serializer would leave copies of the secrets in buffers that it
//! outgrew. Apart from those who say which members there are.

use aws::Secret;

/// A number, if there is one, then texts.
pub(crate) fn object(number: Option<(&str, u64)>, texts: &[(&str, &str)]) -> Secret {
    // Room for the worst case from the start: the names, and values of which every character is escaped.
    let members: usize = texts.iter().map(|(name, value)| name.len() + value.len() * 2 + 6).sum();
    let mut text = String::with_capacity(members + 64);
    let mut separator = '{';
    if let Some((name, value)) = number {
        text.push_str(&format!("{{\"{name}\":{value}"));
        separator = ',';
    }
    for (name, value) in texts {
        text.push(separator);
        separator = ',';
        text.extend(["\"", name, "\":"]);
        push_quoted(&mut text, value);
    }
    text.push_str("}\n");
    Secret::new(text)
}

/// Quotes and backslashes are all there is to escape: none of our values holds control characters.
fn push_quoted(text: &mut String, value: &str) {
    text.push('"');
    for character in value.chars() {
        if matches!(character, '"' | '\\') {
            text.push('\\');
        }
        text.push(character);
    }
    text.push('"');
}
