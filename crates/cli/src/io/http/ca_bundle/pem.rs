//! The PEM blocks of a file, as OpenSSL reads them. The file is bytes and not text: a comment may have any encoding.
//! A label is printed, so nothing else may pass for one: the file may hold a private key.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What stands between a `BEGIN` line and its `END` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// The line with `BEGIN`; the first line is 1.
    pub(super) line: usize,
    /// For example `CERTIFICATE`.
    pub(super) label: String,
    /// The decoded content; `None` if it is not base64, or has no `END` line.
    pub(super) content: Option<Vec<u8>>,
}

/// Every block, in the order of the file.
pub(super) fn blocks(file: &[u8]) -> Vec<Block> {
    // A file of an old Mac has no line feed.
    let separator = if file.contains(&b'\n') { b'\n' } else { b'\r' };
    let mut blocks = Vec::new();
    let mut open: Option<(Block, Vec<&[u8]>)> = None;
    for (line, text) in (1..).zip(file.split(|byte| *byte == separator)) {
        let text = without_byte_order_mark(text).trim_ascii_end();
        if let Some(label) = label_of(text, b"-----BEGIN ") {
            blocks.extend(open.take().map(|(block, _)| block));
            open = Some((Block { line, label, content: None }, Vec::new()));
        } else if let Some(label) = label_of(text, b"-----END ") {
            if let Some((block, lines)) = open.take() {
                let content = if block.label == label { decoded(&lines) } else { None };
                blocks.push(Block { content, ..block });
            }
        } else if let Some((_, lines)) = &mut open {
            lines.push(text);
        }
    }
    blocks.extend(open.map(|(block, _)| block));
    blocks
}

/// Whether a `BEGIN` line has spaces before it, as in a file that was indented. No reader takes it for one.
pub(super) fn is_indented(file: &[u8]) -> bool {
    let is_begin = |line: &[u8]| {
        let text = line.trim_ascii();
        text.len() < line.len() && label_of(text, b"-----BEGIN ").is_some()
    };
    file.split(|byte| matches!(byte, b'\n' | b'\r')).any(is_begin)
}

/// Editors put the mark before a file's first line, and `cat` leaves it before later ones.
fn without_byte_order_mark(line: &[u8]) -> &[u8] {
    line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line)
}

fn label_of(line: &[u8], start: &[u8]) -> Option<String> {
    label(line.strip_prefix(start)?.strip_suffix(b"-----")?)
}

/// `PKCS #7 SIGNED DATA` has the longest name of OpenSSL's, with 19 characters.
const LONGEST_LABEL: usize = 64;

/// The text if it is a label: a narrower set than that of RFC 7468 (3), which allows every text without `--`. Base64 of a
/// key has lower-case letters.
pub(super) fn label(text: &[u8]) -> Option<String> {
    let is_of_label =
        |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b" #./".contains(byte);
    let is_label = (1..=LONGEST_LABEL).contains(&text.len()) && text.iter().all(is_of_label);
    is_label.then(|| String::from_utf8_lossy(text).into_owned())
}

fn decoded(lines: &[&[u8]]) -> Option<Vec<u8>> {
    // Headers, as of an encrypted block, end with an empty line.
    let has_headers = lines.first().is_some_and(|line| line.contains(&b':'));
    let body = if has_headers { lines.iter().position(|line| line.is_empty())? } else { 0 };
    let digits: Vec<u8> =
        lines.get(body..)?.concat().into_iter().filter(|byte| !byte.is_ascii_whitespace()).collect();
    STANDARD.decode(digits).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &[u8]) -> Vec<(usize, String, Option<Vec<u8>>)> {
        blocks(file).into_iter().map(|block| (block.line, block.label, block.content)).collect()
    }

    #[test]
    fn comments_marks_and_line_ends_make_no_difference() {
        let plain = "-----BEGIN CERTIFICATE-----\nAQID\nBA==\n-----END CERTIFICATE-----\n";
        let files: [Vec<u8>; 7] = [
            plain.into(),
            plain.replace('\n', "\r\n").into(),
            plain.replace('\n', "\r").into(),
            plain.replace('\n', "  \n").into(),
            plain.trim_end().into(),
            [b"\xef\xbb\xbf", plain.as_bytes()].concat(),
            plain.replace("BA==", " B A\n==").into(),
        ];
        for file in &files {
            assert_eq!(read(file), [(1, "CERTIFICATE".to_owned(), Some(vec![1, 2, 3, 4]))], "{file:?}");
        }
        let commented = [b"Subject: CN=M\xfcller\n\n\xef\xbb\xbf", plain.as_bytes(), b"\xff\xfe\n"].concat();
        assert_eq!(read(&commented), [(3, "CERTIFICATE".to_owned(), Some(vec![1, 2, 3, 4]))]);
    }

    #[test]
    fn a_damaged_block_ends_at_the_next_one() {
        let good = "-----BEGIN X-----\nAQ==\n-----END X-----\n";
        for bad in [
            "-----BEGIN X-----\nAQ==\n",
            "-----BEGIN X-----\nA!==\n-----END X-----\n",
            "-----BEGIN X-----\nAQ==\n-----END Y-----\n",
        ] {
            let found: Vec<bool> =
                blocks(format!("{bad}{good}").as_bytes()).iter().map(|it| it.content.is_some()).collect();
            assert_eq!(found, [false, true], "{bad}");
        }
        assert_eq!(blocks(b"-----END X-----\n"), []);
    }

    #[test]
    fn only_a_label_is_between_the_dashes_of_a_block() {
        for text in ["CERTIFICATE", "X509 CERTIFICATE", "PKCS #7 SIGNED DATA", "X9.42 DH PARAMETERS"] {
            assert_eq!(label(text.as_bytes()), Some(text.to_owned()));
        }
        let content = "MC4CAQAwBQYDK2VwBCIEIA";
        for text in [
            String::new(),
            content.to_owned(),
            format!("PRIVATE KEY----- {content} -----END PRIVATE KEY"),
            format!("PRIVATE KEY-----\\n{content}\\n-----END PRIVATE KEY"),
            format!("PRIVATE KEY-----{}-----END PRIVATE KEY", "ABCD"),
            "CERTIFICATE----------BEGIN CERTIFICATE".to_owned(),
            "A".repeat(65),
            "K\u{c4}Y".to_owned(),
            "A\tB".to_owned(),
        ] {
            assert_eq!(label(text.as_bytes()), None, "{text}");
            let file = format!("-----BEGIN {text}-----\nAQ==\n-----END {text}-----\n");
            assert_eq!(blocks(file.as_bytes()), [], "{text}");
            // Nor does such a line end a block.
            let file = format!("-----BEGIN X-----\nAQ==\n-----END {text}-----\n");
            let found = Block { line: 1, label: "X".to_owned(), content: None };
            assert_eq!(blocks(file.as_bytes()), [found], "{text}");
        }
    }

    #[test]
    fn an_indented_block_is_found_out_but_not_read() {
        let indented = b"  -----BEGIN X-----\n  AQ==\n  -----END X-----\n";
        assert_eq!((blocks(indented), is_indented(indented)), (vec![], true));
        assert!(!is_indented(b"-----BEGIN X-----\r\nAQ==\r\n-----END X-----\r\n"));
    }
}
