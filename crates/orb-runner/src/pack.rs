//! From a source tree to one packed orb. Parsed, it equals the result of `circleci orb pack`.
//!
//! CircleCI has two generations of packers. A tree for which they differ is refused, so that either of them can publish the
//! orb.

mod error;
mod include;
mod pins;
mod tree;

use std::path::Path;

pub use error::PackError;
pub use pins::Pins;

use crate::yaml::{Map, Value};

/// Packs the orb at `source`, with `pins` in place of its own.
pub fn pack(source: &Path, pins: &Pins) -> Result<Value, PackError> {
    let mut orb = tree::read_root(source)?;
    let mut includes = include::Includes::new(source, pins);
    for section in tree::SECTIONS {
        let mut elements = Map::new();
        for (name, file, element) in tree::read_section(source, section)? {
            let element = match section {
                "examples" => with_version_as_text(element),
                _ => includes.resolve(element, &file)?,
            };
            elements.insert(name, element);
        }
        if !elements.is_empty() {
            orb.insert(section.to_owned(), Value::Map(elements));
        }
    }
    includes.finish()?;
    Ok(Value::Map(orb))
}

/// The pins file of the orb at `source` with `pins` in place of its own, as text.
pub fn pins_text(source: &Path, pins: &Pins) -> Result<String, PackError> {
    let path = source.join(pins::PINS_FILE);
    match std::fs::read_to_string(&path) {
        Ok(own) => Ok(pins.replace_in(&own)),
        Err(source) => Err(PackError::Unreadable { path, source }),
    }
}

/// An example as CircleCI's packer writes it: the version of its config becomes text, and `<<` stays as it is.
fn with_version_as_text(mut example: Value) -> Value {
    if let Value::Map(example) = &mut example
        && let Some(Value::Map(usage)) = example.get_mut("usage")
        && let Some(version) = usage.get_mut("version")
        && let Some(text) = version.to_text()
    {
        *version = Value::Text(text);
    }
    example
}
