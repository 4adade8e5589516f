//! The claim with which a token asks for session tags, in its two forms. Apart from `claims`, because no other
//! claim has a shape of its own.

use serde_json::{Map, Value};

use crate::{claim_value::texts, one_line::one_line};

/// The claim, and the beginning of its flat form.
pub(crate) const NAME: &str = "https://aws.amazon.com/tags";

/// The tags that a token asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tags {
    /// Key and value.
    pub(crate) pairs: Vec<(String, String)>,
    /// The keys of those that chained sessions inherit.
    pub(crate) transitive: Vec<String>,
}

/// Which part of the claim isn't as AWS wants it.
#[derive(Debug, thiserror::Error)]
pub enum InvalidTags {
    /// Not a list of one text.
    #[error("the tag `{}` needs a list of one text as its value", one_line(.0))]
    Value(String),
    /// Not a list of texts.
    #[error("`transitive_tag_keys` needs a list of texts")]
    TransitiveKeys,
    /// Neither of the two forms.
    #[error("it needs an object with `principal_tags`")]
    Shape,
}

/// Reads the claim from among all others.
pub(crate) fn read(all: &Map<String, Value>) -> Result<Tags, InvalidTags> {
    let mut tags = Tags::default();
    if let Some(claim) = all.get(NAME) {
        let object = claim.as_object().ok_or(InvalidTags::Shape)?;
        let pairs = object.get("principal_tags").and_then(Value::as_object).ok_or(InvalidTags::Shape)?;
        for (key, value) in pairs {
            tags.pairs.push(pair(key, value)?);
        }
        if let Some(keys) = object.get("transitive_tag_keys") {
            tags.transitive = texts(keys).ok_or(InvalidTags::TransitiveKeys)?;
        }
    }
    for (name, value) in all {
        let Some(part) = name.strip_prefix(NAME) else { continue };
        if let Some(key) = part.strip_prefix("/principal_tags/") {
            tags.pairs.push(pair(key, value)?);
        } else if part == "/transitive_tag_keys" {
            tags.transitive.extend(texts(value).ok_or(InvalidTags::TransitiveKeys)?);
        }
    }
    Ok(tags)
}

fn pair(key: &str, value: &Value) -> Result<(String, String), InvalidTags> {
    match value.as_array().map(Vec::as_slice) {
        Some([Value::String(text)]) => Ok((key.to_owned(), text.clone())),
        _ => Err(InvalidTags::Value(key.to_owned())),
    }
}
