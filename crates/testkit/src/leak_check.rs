//! The search for secrets in a program's output. Separate because every end-to-end test ends with it. A secret counts as
//! leaked in clear text and in the forms that it has in logs, URLs and JSON.

use std::fmt;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

/// A shorter text is found by chance, and an empty one everywhere.
const SHORTEST_SECRET: usize = 8;

/// One place where one secret was found. It prints labels and the place, never the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// Which secret.
    pub secret: String,
    /// Which text holds it.
    pub text: String,
    /// The byte at which it begins.
    pub offset: usize,
    /// Its form: `as it is`, `base64`, `percent-encoded` or `JSON-escaped`.
    pub form: &'static str,
}

/// The first place of each form of each secret in each text. Secrets and texts come with a label.
///
/// # Panics
/// When a secret is shorter than eight bytes: a search for it proves nothing.
pub fn find_leaks(secrets: &[(&str, &str)], texts: &[(&str, &[u8])]) -> Vec<Leak> {
    let mut leaks = Vec::new();
    for &(text, bytes) in texts {
        let percent_decoded = decoded(bytes, percent_escape);
        let json_unescaped = decoded(bytes, json_escape);
        for &(secret, value) in secrets {
            assert!(value.len() >= SHORTEST_SECRET, "secret `{secret}` is too short to be searched for");
            let mut found = |form, offset| {
                leaks.push(Leak { secret: secret.to_owned(), text: text.to_owned(), offset, form });
            };
            let clear = position(bytes, value.as_bytes());
            if let Some(offset) = clear {
                found("as it is", offset);
            }
            if let Some(offset) = base64_forms(value).iter().find_map(|form| position(bytes, form.as_bytes()))
            {
                found("base64", offset);
            }
            // A text without escapes decodes to itself: that leak is already reported.
            for (form, view) in [("percent-encoded", &percent_decoded), ("JSON-escaped", &json_unescaped)] {
                let offset = view.find(value.as_bytes());
                if offset.is_some() && offset != clear {
                    found(form, offset.unwrap_or_default());
                }
            }
        }
    }
    leaks
}

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is in `{}` at byte {}, {}", self.secret, self.text, self.offset, self.form)
    }
}

/// The bytes of an escape at the start of a text, and the escape's length.
type Unescaped = (Vec<u8>, usize);

/// A decoded text with the offset of each byte in the original.
struct Decoded {
    bytes: Vec<u8>,
    offsets: Vec<usize>,
}

impl Decoded {
    fn find(&self, needle: &[u8]) -> Option<usize> {
        position(&self.bytes, needle).and_then(|at| self.offsets.get(at).copied())
    }
}

fn decoded(text: &[u8], escape: fn(&[u8]) -> Option<Unescaped>) -> Decoded {
    let mut view = Decoded { bytes: Vec::new(), offsets: Vec::new() };
    let mut at = 0;
    while let Some((&first, _)) = text.get(at..).and_then(<[u8]>::split_first) {
        let (decoded, length) = escape(text.get(at..).unwrap_or_default()).unwrap_or((vec![first], 1));
        view.offsets.extend(decoded.iter().map(|_| at));
        view.bytes.extend(decoded);
        at += length;
    }
    view
}

/// `%2F` → `/`.
fn percent_escape(text: &[u8]) -> Option<Unescaped> {
    match text {
        [b'%', digits @ ..] => Some((vec![u8::try_from(hex(digits.get(..2)?)?).ok()?], 3)),
        _ => None,
    }
}

/// `\/` → `/`, `\u002f` → `/`.
fn json_escape(text: &[u8]) -> Option<Unescaped> {
    match text {
        [b'\\', b'u', digits @ ..] => {
            let character = char::from_u32(hex(digits.get(..4)?)?)?;
            Some((character.to_string().into_bytes(), 6))
        }
        [b'\\', b'n', ..] => Some((vec![b'\n'], 2)),
        [b'\\', b'r', ..] => Some((vec![b'\r'], 2)),
        [b'\\', b't', ..] => Some((vec![b'\t'], 2)),
        [b'\\', byte @ (b'"' | b'\\' | b'/'), ..] => Some((vec![*byte], 2)),
        _ => None,
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// A secret inside a longer base64 text begins at one of three positions of a group. The characters at both ends depend on
/// the neighbours, so each form omits them.
fn base64_forms(value: &str) -> Vec<String> {
    let mut forms = Vec::new();
    for lead in 0..3 {
        let mut bytes = vec![0; lead];
        bytes.extend(value.as_bytes());
        let whole_groups = bytes.len() / 3 * 4;
        let first_own = [0, 2, 3].get(lead).copied().unwrap_or_default();
        for text in [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)] {
            forms.extend(text.get(first_own..whole_groups).map(str::to_owned));
        }
    }
    forms
}

fn position(text: &[u8], needle: &[u8]) -> Option<usize> {
    text.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    const SECRET: &str = "wJalr+UtnF/K7\"MDENG";

    fn forms(text: &[u8]) -> Vec<(&'static str, usize)> {
        let leaks = find_leaks(&[("secret key", SECRET)], &[("log", text)]);
        leaks.into_iter().map(|leak| (leak.form, leak.offset)).collect()
    }

    #[test]
    fn every_form_is_found_where_it_begins() {
        let cases: [(&str, String, (&str, usize)); 8] = [
            ("clear", format!("key={SECRET}!"), ("as it is", 4)),
            ("form body", "key=wJalr%2BUtnF%2FK7%22MDENG".to_owned(), ("percent-encoded", 4)),
            ("lower-case digits", "wJalr%2bUtnF%2fK7%22MDENG".to_owned(), ("percent-encoded", 0)),
            (
                "every byte encoded",
                SECRET.bytes().map(|b| format!("%{b:02X}")).collect(),
                ("percent-encoded", 0),
            ),
            ("JSON", r#"{"k":"wJalr+UtnF/K7\"MDENG"}"#.to_owned(), ("JSON-escaped", 6)),
            ("JSON by code point", r#""wJalr\u002bUtnF\/K7\u0022MDENG""#.to_owned(), ("JSON-escaped", 1)),
            ("base64", STANDARD.encode(SECRET), ("base64", 0)),
            ("URL-safe base64", URL_SAFE_NO_PAD.encode(SECRET), ("base64", 0)),
        ];
        for (name, text, expected) in cases {
            assert_eq!(forms(text.as_bytes()), [expected], "{name}");
        }
    }

    #[test]
    fn base64_of_a_longer_text_is_found_at_any_shift() {
        for lead in ["", "a", "ab", "abc"] {
            let text = STANDARD.encode(format!("{lead}{SECRET}tail"));
            assert!(forms(text.as_bytes()).iter().any(|(form, _)| *form == "base64"), "after `{lead}`");
        }
    }

    #[test]
    fn a_clean_text_has_no_leak() {
        assert_eq!(forms(b"100% of \\u00 and wJalr+UtnF/K7 and %zz"), []);
        assert_eq!(forms(b""), []);
    }

    #[test]
    fn a_leak_prints_its_place_and_not_the_secret() {
        let text = format!("x{SECRET}");
        let leaks = find_leaks(&[("secret key", SECRET)], &[("stderr", text.as_bytes())]);
        assert_eq!(leaks[0].to_string(), "`secret key` is in `stderr` at byte 1, as it is");
        assert!(!format!("{leaks:?}").contains(SECRET));
    }

    #[test]
    #[should_panic(expected = "too short")]
    fn an_empty_secret_is_no_search() {
        find_leaks(&[("token", "")], &[("log", b"text")]);
    }
}
