//! A document as a tree, which is written as JSON, HCL or YAML: so all formats have the same content. Unlike the
//! objects of `serde_json`, these keep their order.

/// One value of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Text(String),
    Number(u32),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl Node {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn object<K: Into<String>>(pairs: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Object(pairs.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    pub(super) fn list(texts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::List(texts.into_iter().map(Self::text).collect())
    }

    /// One text, or a list of several. IAM treats a text like a list of one.
    pub(super) fn one_or_many(mut texts: Vec<String>) -> Self {
        match texts.pop() {
            Some(only) if texts.is_empty() => Self::Text(only),
            Some(last) => Self::list(texts.into_iter().chain([last])),
            None => Self::List(Vec::new()),
        }
    }
}

/// A text in JSON's quotes, which YAML supports too.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Whether a name needs no quotes as a key of HCL or YAML.
pub(super) fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_texts_keep_their_order() {
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        assert_eq!(Node::one_or_many(texts(&["a"])), Node::text("a"));
        assert_eq!(Node::one_or_many(texts(&["a", "b", "c"])), Node::list(["a", "b", "c"]));
    }
}
