//! `<<include(path)>>` becomes the file's text.
//!
//! Only as a whole value and only from inside the orb, as both packers allow it.

use std::fs;
use std::path::{Path, PathBuf};

use super::PackError;
use super::pins::{PINS_FILE, Pins};
use crate::yaml::Value;

/// The includes of one orb, and whether its pins were among them.
pub(super) struct Includes<'a> {
    source: &'a Path,
    pins: &'a Pins,
    pins_were_included: bool,
}

impl<'a> Includes<'a> {
    /// Includes relative to the orb at `source`.
    pub(super) fn new(source: &'a Path, pins: &'a Pins) -> Self {
        Self { source, pins, pins_were_included: false }
    }

    /// The value with every include in it replaced; `file` is named in errors.
    pub(super) fn resolve(&mut self, value: Value, file: &Path) -> Result<Value, PackError> {
        match value {
            Value::Text(text) => self.resolve_text(text, file).map(Value::Text),
            Value::List(list) => list
                .into_iter()
                .map(|value| self.resolve(value, file))
                .collect::<Result<_, _>>()
                .map(Value::List),
            Value::Map(map) => map
                .into_iter()
                .map(|(key, value)| Ok((key, self.resolve(value, file)?)))
                .collect::<Result<_, _>>()
                .map(Value::Map),
            scalar => Ok(scalar),
        }
    }

    /// Fails if there are new pins and the orb has no place for them.
    pub(super) fn finish(self) -> Result<(), PackError> {
        let has_place = self.pins_were_included || !self.pins.replace_any();
        if has_place { Ok(()) } else { Err(PackError::NoPins { file: PINS_FILE }) }
    }

    fn resolve_text(&mut self, text: String, file: &Path) -> Result<String, PackError> {
        if !mentions_include(&text) {
            return Ok(text);
        }
        let Some(include) = whole_include(&text) else {
            let value = text.lines().next().unwrap_or_default().to_owned();
            return Err(PackError::IncludeNotWhole { path: file.to_owned(), value });
        };
        if include.starts_with('/') || include.split('/').any(|segment| segment == "..") {
            return Err(PackError::IncludeLeaves { path: file.to_owned(), include: include.to_owned() });
        }
        let path: PathBuf = self.source.join(include);
        let mut included =
            fs::read_to_string(&path).map_err(|source| PackError::Unreadable { path, source })?;
        if include == PINS_FILE {
            self.pins_were_included = true;
            included = self.pins.replace_in(&included);
        }
        // The compiler would read `<<` as a reference; a here-document holds it too.
        Ok(included.replace("<<", "\\<<"))
    }
}

fn mentions_include(text: &str) -> bool {
    text.split("<<").skip(1).any(|rest| rest.trim_start().starts_with("include("))
}

/// The path, if the text is one include and nothing else.
fn whole_include(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("<<")?.strip_suffix(">>")?.trim();
    let path = inside.strip_prefix("include(")?.strip_suffix(')')?;
    let is_path = |c: char| c.is_ascii_alphanumeric() || "-_/.".contains(c);
    (!path.is_empty() && path.chars().all(is_path)).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_include_is_the_whole_value_or_none() {
        let table = [
            ("<<include(scripts/a.sh)>>", true, Some("scripts/a.sh")),
            ("<< include(a-b_c.sh) >>", true, Some("a-b_c.sh")),
            ("<<include(a.sh)>>\n", true, None),
            ("echo <<include(a.sh)>>", true, None),
            ("<<include(a.sh)>> <<include(b.sh)>>", true, None),
            ("<<include(a b.sh)>>", true, None),
            ("<<include()>>", true, None),
            ("<< parameters.include >>", false, None),
            ("include(a.sh)", false, None),
        ];
        for (text, mentions, path) in table {
            assert_eq!(mentions_include(text), mentions, "{text:?}");
            assert_eq!(whole_include(text), path, "{text:?}");
        }
    }
}
