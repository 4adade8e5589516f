//! Text from another program about its failure, made safe for a log: one line, without words that could be secrets.
//! The same rule for processes and endpoints.

/// A message has no more words.
const MAX_WORDS: usize = 30;

/// A word of a message is not longer.
const LONGEST_WORD: usize = 60;

/// An AWS secret access key has 40 characters, with upper-case and lower-case letters. A path may be as long.
const SHORTEST_SECRET: usize = 32;

/// The first line that is not blank, else an empty text.
pub(crate) fn first_line(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let words: Vec<String> = line.split_whitespace().take(MAX_WORDS).map(without_secrets).collect();
    words.join(" ")
}

/// The word with every part replaced that could be a secret. Quotes, colons and the like separate parts.
fn without_secrets(word: &str) -> String {
    let is_inside = |character: char| character.is_ascii_alphanumeric() || "+/_-.%\\".contains(character);
    let mut text = String::new();
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let end = match rest.find(|character| !is_inside(character)) {
            Some(0) => first.len_utf8(),
            Some(end) => end,
            None => rest.len(),
        };
        let (part, after) = rest.split_at(end);
        text.push_str(if could_be_secret(part) { "…" } else { part });
        rest = after;
    }
    if text.chars().count() > LONGEST_WORD { "…".to_owned() } else { text }
}

fn could_be_secret(part: &str) -> bool {
    let has = |is: fn(&u8) -> bool| part.as_bytes().iter().any(is);
    part.len() > LONGEST_WORD
        || part.len() >= SHORTEST_SECRET && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_is_shown_and_no_word_that_could_be_a_secret() {
        let token = format!("{}.{}.c2ln", "e".repeat(40), "f".repeat(40));
        let key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        for (text, shown) in [
            ("", ""),
            ("\n \n", ""),
            ("\n Error: unknown command \"oidc\"\nUsage: …", "Error: unknown command \"oidc\""),
            (&*format!("got\t{token}"), "got …"),
            (&*format!("SecretAccessKey={key}, no"), "SecretAccessKey=…, no"),
            (&*format!("{{\"SecretAccessKey\":\"{key}\"}}"), "{\"SecretAccessKey\":\"…\"}"),
            (
                "sh: 1: /opt/company/lib/aws/credential-helper-for-ci: not found",
                "sh: 1: /opt/company/lib/aws/credential-helper-for-ci: not found",
            ),
            (&*format!("\"{}\"", key.replace('/', "\\/")), "\"…\""),
            (&*"é".repeat(61), "…"),
            (&*"a ".repeat(31), "a ".repeat(30).trim_end()),
        ] {
            assert_eq!(first_line(text.as_bytes()), shown);
        }
    }
}
