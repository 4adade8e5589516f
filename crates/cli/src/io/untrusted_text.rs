//! What other programs say about a failure, fit for a log: one line, and no word that could be a secret. Apart, as
//! processes and endpoints are quoted by the same rule.

/// More words than this are no message.
const MOST_WORDS: usize = 30;

/// No word of a message is longer.
const LONGEST_WORD: usize = 60;

/// A secret key of AWS's has 40 characters, of which capitals and small letters are always some. Paths may be as long.
const SHORTEST_SECRET: usize = 32;

/// The first line that says something; empty where none does.
pub(crate) fn first_line(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let words: Vec<String> = line.split_whitespace().take(MOST_WORDS).map(without_secrets).collect();
    words.join(" ")
}

/// The word with every part left out that could be a secret: quotes, colons and the like end a part.
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
        text.push_str(if is_like_a_secret(part) { "…" } else { part });
        rest = after;
    }
    if text.chars().count() > LONGEST_WORD { "…".to_owned() } else { text }
}

fn is_like_a_secret(part: &str) -> bool {
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
