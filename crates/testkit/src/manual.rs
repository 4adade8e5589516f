//! The manual, README.md and docs/: its fenced blocks, and the parts of its pages that are made from the code.

use std::env;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The variable with which a test writes what it would otherwise compare.
const SWITCH: &str = "DOCS";

/// A fenced block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block<'t> {
    /// What follows the fence: `yaml`, or nothing.
    pub language: &'t str,
    /// The lines between the fences.
    pub text: &'t str,
}

/// Why a generated part of a page is not as it should be.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// The page cannot be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, #[source] io::Error),
    /// It has no place for the part.
    #[error("{0} has no line `<!-- {1}: begin` before a line `<!-- {1}: end -->`")]
    NoPlace(PathBuf, String),
    /// It differs.
    #[error("{0}: the part `{1}` differs from the code; run this test with {SWITCH}=overwrite")]
    Differs(PathBuf, String),
}

/// The checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).map(Path::to_owned).unwrap_or_default()
}

/// The fenced blocks of a page, in order.
pub fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    let mut at = 0;
    for line in page.split_inclusive('\n') {
        let after = at + line.len();
        if let Some(language) = line.strip_prefix("```") {
            open = match open {
                None => Some((language.trim_end(), after)),
                Some((language, start)) => {
                    blocks.push(Block { language, text: page.get(start..at).unwrap_or_default() });
                    None
                }
            };
        }
        at = after;
    }
    blocks
}

/// Compares a generated part of a page, between its two comments, with what the code says. With `DOCS=overwrite` it is
/// written instead.
pub fn check_part(page: &str, part: &str, expected: &str) -> Result<(), PartError> {
    let path = root().join(page);
    let text = fs::read_to_string(&path).map_err(|error| PartError::File(path.clone(), error))?;
    let (start, end) =
        place_of(&text, part).ok_or_else(|| PartError::NoPlace(path.clone(), part.to_owned()))?;
    let (before, rest) = text.split_at(start);
    let (present, after) = rest.split_at(end - start);
    if present == expected {
        return Ok(());
    }
    if !overwrites() {
        return Err(PartError::Differs(path, part.to_owned()));
    }
    let whole = [before, expected, after].concat();
    let written = File::create(&path).and_then(|mut file| file.write_all(whole.as_bytes()));
    written.map_err(|error| PartError::File(path, error))
}

/// Where the lines between the two comments begin and end.
fn place_of(text: &str, part: &str) -> Option<(usize, usize)> {
    let comment = text.find(&format!("<!-- {part}: begin"))?;
    let start = comment + text.get(comment..)?.find('\n')? + 1;
    let end = start + text.get(start..)?.find(&format!("<!-- {part}: end -->"))?;
    Some((start, end))
}

#[expect(clippy::disallowed_methods, reason = "a switch of the tests, which the product does not have")]
fn overwrites() -> bool {
    env::var_os(SWITCH).is_some_and(|value| value == "overwrite")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_found_with_their_language() {
        let page = "a\n```sh\nls\n\ncd\n```\n`x`\n```\nplain\n```\n```json\n";
        let expected = [("sh", "ls\n\ncd\n"), ("", "plain\n")];
        assert_eq!(blocks(page), expected.map(|(language, text)| Block { language, text }));
    }

    #[test]
    fn a_part_is_between_its_comments() {
        let page = "x\n<!-- one: begin. Made. -->\nA\nB\n<!-- one: end -->\ny";
        let (start, end) = place_of(page, "one").unwrap();
        assert_eq!(&page[start..end], "A\nB\n");
        assert_eq!(place_of(page, "two"), None);
        assert_eq!(place_of("<!-- one: end -->\n<!-- one: begin -->\n", "one"), None);
    }

    #[test]
    fn a_page_without_the_part_is_a_fault() {
        let fault = check_part("docs/style.md", "absent", "").unwrap_err();
        assert!(matches!(fault, PartError::NoPlace(..)), "{fault}");
    }
}
