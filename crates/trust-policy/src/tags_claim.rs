//! The claim by which a token requests session tags, in its two forms. Separate from `claims`, because no other
//! claim has a structure.

use serde_json::{Map, Value};

use crate::{claim_value::texts, one_line::one_line};

/// The claim, and the beginning of its flat form.
pub(crate) const NAME: &str = "https://aws.amazon.com/tags";

/// The session tags that a token requests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tags {
    /// Key and value.
    pub(crate) pairs: Vec<(String, String)>,
    /// The keys of the transitive session tags.
    pub(crate) transitive: Vec<String>,
}

/// Which part of the claim is not in AWS's form.
#[derive(Debug, thiserror::Error)]
pub enum InvalidTags {
    /// Not a list of one string.
    #[error("the value of the tag `{}` must be a list of one string", one_line(.0))]
    Value(String),
    /// Not a list of strings.
    #[error("`transitive_tag_keys` must be a list of strings")]
    TransitiveKeys,
    /// Neither of the two forms.
    #[error("it must be an object with `principal_tags`")]
    Shape,
}

/// Reads the claim, among all claims of the token.
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
