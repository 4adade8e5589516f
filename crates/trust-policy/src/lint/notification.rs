//! What SARIF says of files and parts of files that were not checked.

use serde_json::{Value, json};

use super::sarif::uri;

/// A file, or a part of one, that the findings do not cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// The file, as it was given.
    pub file: String,
    /// Counted from 1; `None` for the whole file.
    pub line: Option<usize>,
    /// Where it begins in the line, counted from 1 in Unicode code points, if that is known.
    pub column: Option<usize>,
    /// What was not checked, and why.
    pub text: String,
    /// Whether the file could not be read at all.
    pub is_error: bool,
}

/// The run: it did not succeed if a file could not be read.
pub(super) fn invocation(unchecked: &[Notification]) -> Value {
    json!({
        "executionSuccessful": !unchecked.iter().any(|notification| notification.is_error),
        "toolExecutionNotifications": unchecked.iter().map(notification).collect::<Vec<_>>(),
    })
}

fn notification(notification: &Notification) -> Value {
    let mut location = json!({"artifactLocation": {"uri": uri(&notification.file)}});
    if let (Some(line), Some(location)) = (notification.line, location.as_object_mut()) {
        let mut region = json!({"startLine": line});
        if let (Some(column), Some(region)) = (notification.column, region.as_object_mut()) {
            region.insert("startColumn".to_owned(), json!(column));
        }
        location.insert("region".to_owned(), region);
    }
    json!({
        "level": if notification.is_error { "error" } else { "warning" },
        "message": {"text": notification.text},
        "locations": [{"physicalLocation": location}],
    })
}
