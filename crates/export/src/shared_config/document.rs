//! An AWS shared file, parsed into sections, keys and their lines by the rules of Python's `configparser`, which botocore
//! and the AWS CLI use. This file does not know what a key means.

use std::collections::BTreeMap;

use super::SharedFileError;
use crate::lines::{self, Line};

/// Enough for a thousand profiles with session tokens of 4 KB.
const MAX_BYTES: usize = 8 << 20;

/// Python's reader gives this section's keys to all others. It may occur in a file more than once.
pub(super) const DEFAULTS: &str = "DEFAULT";

/// The whole file. Its lines may hold secrets, so there is no `Debug`.
pub(super) struct Document<'a> {
    /// All lines, unchanged.
    pub(super) lines: Vec<Line<'a>>,
    /// In the file's order.
    pub(super) sections: Vec<Section<'a>>,
}

/// A header and the keys up to the next one.
pub(super) struct Section<'a> {
    /// The text in the brackets, with its spaces.
    pub(super) name: &'a str,
    /// The header's index among the lines.
    pub(super) header: usize,
    /// The spaces and tabs before the header. Some people indent a whole file, and all AWS clients read it.
    pub(super) indentation: &'a str,
    /// The next header, if it is indented deeper: below a new key it would continue the key's value.
    pub(super) deeper_header: Option<usize>,
    /// Indented comments before the first key.
    pub(super) indented_comments: Vec<usize>,
    /// In the file's order.
    pub(super) keys: Vec<Key<'a>>,
}

/// A key with all indented lines below it.
pub(super) struct Key<'a> {
    /// In lower case: keys are not case-sensitive.
    pub(super) name: String,
    /// The first line's value, trimmed.
    pub(super) value: &'a str,
    /// The whole of the first line.
    pub(super) text: &'a str,
    /// Its index among the lines.
    pub(super) line: usize,
    /// Whether the key itself is indented deeper than its section's header.
    pub(super) is_indented: bool,
    /// Lines that continue the value.
    pub(super) continuation: Vec<usize>,
    /// Comments that botocore skips and other clients read as part of the value.
    pub(super) indented_comments: Vec<usize>,
}

impl<'a> Key<'a> {
    /// The spaces and tabs before its name.
    pub(super) fn indentation(&self) -> &'a str {
        self.text.split_once(|character: char| !character.is_whitespace()).map_or("", |(before, _)| before)
    }

    /// The last line that a client could read as part of it.
    pub(super) fn last_line(&self) -> usize {
        self.continuation.iter().chain(&self.indented_comments).copied().max().unwrap_or(self.line)
    }
}

impl<'a> Document<'a> {
    /// Parses `text`, or returns why Python's reader would fail.
    pub(super) fn parse(text: &'a str) -> Result<Self, SharedFileError> {
        if text.len() > MAX_BYTES {
            return Err(SharedFileError::TooLarge { bytes: text.len() });
        }
        if text.starts_with('\u{feff}') {
            return Err(SharedFileError::ByteOrderMark);
        }
        let lines = lines::split(text);
        let mut reader = Reader::default();
        for (index, line) in lines.iter().enumerate() {
            if line.text.chars().any(|character| character.is_control() && character != '\t') {
                return Err(SharedFileError::ControlCharacter { line: index + 1 });
            }
            reader.read(index, line.text)?;
        }
        Ok(Self { lines, sections: reader.sections })
    }
}

/// The state of the parser after each line.
#[derive(Default)]
struct Reader<'a> {
    sections: Vec<Section<'a>>,
    /// The indentation of the last key: deeper lines continue its value. Headers start no value.
    indentation: usize,
    headers: BTreeMap<&'a str, usize>,
    keys: BTreeMap<(&'a str, String), usize>,
}

impl<'a> Reader<'a> {
    fn read(&mut self, index: usize, text: &'a str) -> Result<(), SharedFileError> {
        let content = text.trim();
        let spaces = text.chars().take_while(|character| character.is_whitespace());
        if spaces.clone().any(|space| !matches!(space, ' ' | '\t')) {
            return Err(SharedFileError::OddSpace { line: index + 1 });
        }
        let indentation = spaces.count();
        if content.is_empty() {
            Ok(())
        } else if content.starts_with(['#', ';']) {
            self.comment(index, indentation);
            Ok(())
        } else if content.starts_with('[') {
            if self.open_key().is_some() && indentation > self.indentation {
                return Err(SharedFileError::IndentedHeader { line: index + 1 });
            }
            self.header(index, text, content)
        } else if let Some(key) = self.open_key().filter(|_| indentation > self.indentation) {
            // If the first line has no value, the indented lines are a block of keys with values.
            if key.value.is_empty() && !content.contains('=') {
                return Err(SharedFileError::NotAKeyLine { line: index + 1 });
            }
            if let Some(key) = self.open_key_mut() {
                key.continuation.push(index);
            }
            Ok(())
        } else {
            self.indentation = indentation;
            let of_header = self.sections.last().map_or(0, |section| section.indentation.len());
            self.key(index, text, indentation > of_header)
        }
    }

    fn open_key(&self) -> Option<&Key<'a>> {
        self.sections.last()?.keys.last()
    }

    fn open_key_mut(&mut self) -> Option<&mut Key<'a>> {
        self.sections.last_mut()?.keys.last_mut()
    }

    fn comment(&mut self, index: usize, indentation: usize) {
        let is_deeper = |section: &&mut Section<'a>| indentation > section.indentation.len();
        if let Some(section) = self.sections.last_mut().filter(is_deeper) {
            match section.keys.last_mut() {
                Some(key) => key.indented_comments.push(index),
                None => section.indented_comments.push(index),
            }
        }
    }

    fn header(&mut self, index: usize, text: &'a str, content: &'a str) -> Result<(), SharedFileError> {
        let line = index + 1;
        let indentation = text.split_once('[').map_or("", |(before, _)| before);
        // Up to Python 3.9 a name ends at the first bracket, later at the last one.
        let (name, after) = content
            .strip_prefix('[')
            .and_then(|inner| inner.split_once(']'))
            .filter(|(name, after)| !name.is_empty() && !after.contains(']'))
            .ok_or(SharedFileError::BrokenHeader { line })?;
        let after = after.trim_start();
        if !after.is_empty() && !after.starts_with(['#', ';']) {
            return Err(SharedFileError::BrokenHeader { line });
        }
        if let Some(first) = self.headers.insert(name, line).filter(|_| name != DEFAULTS) {
            return Err(SharedFileError::DuplicateSection { section: name.to_owned(), first, line });
        }
        if let Some(before) = self.sections.last_mut() {
            before.deeper_header = Some(index).filter(|_| indentation.len() > before.indentation.len());
        }
        self.sections.push(Section {
            name,
            header: index,
            indentation,
            deeper_header: None,
            indented_comments: Vec::new(),
            keys: Vec::new(),
        });
        Ok(())
    }

    fn key(&mut self, index: usize, text: &'a str, is_indented: bool) -> Result<(), SharedFileError> {
        let line = index + 1;
        let section = self.sections.last_mut().ok_or(SharedFileError::OutsideOfSections { line })?;
        // The first delimiter counts, so a value may hold both characters.
        let (name, value) = text.split_once(['=', ':']).ok_or(SharedFileError::NotAKeyLine { line })?;
        let name = name.trim().to_lowercase();
        if name.is_empty() {
            return Err(SharedFileError::NotAKeyLine { line });
        }
        if let Some(first) = self.keys.insert((section.name, name.clone()), line) {
            return Err(SharedFileError::DuplicateKey { section: section.name.to_owned(), first, line });
        }
        section.keys.push(Key {
            name,
            value: value.trim(),
            text,
            line: index,
            is_indented,
            continuation: Vec::new(),
            indented_comments: Vec::new(),
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_owns_what_is_indented_deeper_than_itself() {
        let document = Document::parse("[a]\n k = 1\n  more\n\n # note\n   last\n l : 2\n").unwrap();
        let keys = &document.sections[0].keys;
        assert_eq!((keys[0].name.as_str(), keys[0].value, keys[0].line), ("k", "1", 1));
        assert_eq!((&keys[0].continuation, &keys[0].indented_comments), (&vec![2, 5], &vec![4]));
        assert_eq!((keys[1].name.as_str(), keys[1].value, keys[1].text), ("l", "2", " l : 2"));
        assert_eq!(keys[0].last_line(), 5);
    }

    #[test]
    fn a_file_may_be_indented_as_a_whole() {
        let text = include_str!("../../cases/indented-config.ini");
        let document = Document::parse(text).unwrap();
        let names: Vec<&str> = document.sections.iter().map(|section| section.name).collect();
        assert_eq!(names, ["default", "profile x"]);
        assert!(document.sections.iter().all(|section| section.keys.iter().all(|key| !key.is_indented)));
        let deeper = Document::parse(" [a]\n k = 1\n  [b]\n").err();
        assert_eq!(deeper, Some(SharedFileError::IndentedHeader { line: 3 }));
    }

    #[test]
    fn keys_have_no_case_and_sections_have() {
        let document = Document::parse("[A]\nAWS_Access_Key_ID=x\n[a]\n").unwrap();
        assert_eq!(document.sections[0].keys[0].name, "aws_access_key_id");
        assert_eq!(document.sections[1].name, "a");
    }

    #[test]
    fn a_file_of_eight_mebibytes_is_the_largest() {
        let text = "#".repeat(MAX_BYTES);
        assert!(Document::parse(&text).is_ok());
        let error = Document::parse(&format!("{text}#")).err();
        assert_eq!(error, Some(SharedFileError::TooLarge { bytes: MAX_BYTES + 1 }));
    }
}
