//! The parts of a release agree: version, digests, the names by which users import the orb, and the pipeline that
//! publishes it.
//!
//! Separate from the orb's own tests because these facts are in many files of the repository.

mod inputs;
mod names;
mod pipeline;
mod script;

use std::fs;
use std::path::{Path, PathBuf};

use orb_runner::yaml::{BareWords, Value, parse};

/// The checkout.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The orb's namespace, from its only file.
pub(crate) fn namespace() -> String {
    fs::read_to_string(root().join("orb/namespace")).unwrap().trim_end().to_owned()
}

/// A YAML file as CircleCI reads it.
pub(crate) fn read_yaml(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    parse(&text, BareWords::AreBooleans).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every value of `key`, at any depth.
pub(crate) fn values_of<'a>(key: &str, value: &'a Value) -> Vec<&'a Value> {
    match value {
        Value::List(list) => list.iter().flat_map(|item| values_of(key, item)).collect(),
        Value::Map(map) => map
            .iter()
            .flat_map(|(name, item)| if name == key { vec![item] } else { values_of(key, item) })
            .collect(),
        _ => Vec::new(),
    }
}
