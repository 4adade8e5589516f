//! What a claim's JSON value is to AWS: a text, a list of texts, or undocumented.

use serde_json::Value;

use crate::key_value::KeyValue;

/// The texts of a list; `None` for any other value.
pub(crate) fn texts(list: &Value) -> Option<Vec<String>> {
    list.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect()
}

/// The condition key's value. AWS does not document how it writes a boolean, a fraction or a list as a text.
pub(crate) fn key_value(value: &Value) -> KeyValue {
    match value {
        Value::String(text) => KeyValue::One(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => KeyValue::One(number.to_string()),
        _ => KeyValue::Unknown,
    }
}

pub(crate) fn depth(value: &Value) -> usize {
    let deepest = match value {
        Value::Array(list) => list.iter().map(depth).max(),
        Value::Object(object) => object.values().map(depth).max(),
        _ => return 0,
    };
    deepest.unwrap_or_default() + 1
}
