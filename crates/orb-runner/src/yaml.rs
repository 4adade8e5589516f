//! YAML as the orb's tools need it: plain values with text keys, read strictly and written in one style.
//!
//! Separate from the stages because all of them use documents. Anchors, tags and merge keys are refused: the packers of
//! CircleCI's two command-line tools differ on them, and its review reads each step separately.

mod reader;
mod scalar;
mod writer;

use std::collections::BTreeMap;

pub use reader::{YamlError, parse};
pub use scalar::BareWords;
pub use writer::render;

/// A mapping, sorted by key as CircleCI's packer sorts it.
pub type Map = BTreeMap<String, Value>;

/// One node of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// An empty value, or `null`.
    Null,
    /// `true` or `false`, and YAML 1.1's other words for them.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction, as it was written: `2.1` must not become `2.10`.
    Decimal(String),
    /// Text.
    Text(String),
    /// A sequence.
    List(Vec<Self>),
    /// A mapping.
    Map(Map),
}

impl Value {
    /// The mapping, if this is one.
    pub fn as_map(&self) -> Option<&Map> {
        if let Self::Map(map) = self { Some(map) } else { None }
    }

    /// The sequence, if this is one.
    pub fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(list) = self { Some(list) } else { None }
    }

    /// The text, if this is text; numbers and booleans are not.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The node at the end of a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.as_map()?.get(*key))
    }

    /// A scalar as text; `None` for collections and null.
    pub fn to_text(&self) -> Option<String> {
        match self {
            Self::Boolean(value) => Some(value.to_string()),
            Self::Integer(value) => Some(value.to_string()),
            Self::Decimal(text) | Self::Text(text) => Some(text.clone()),
            Self::Null | Self::List(_) | Self::Map(_) => None,
        }
    }
}
