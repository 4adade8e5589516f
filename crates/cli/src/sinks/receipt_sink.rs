//! The file of `--receipt`. It holds no secret, but its path may lead anywhere, so it is judged and replaced as a file with
//! credentials is. Mode 0600: what uploads a job's artifacts is the job's own user.

use std::path::{Path, PathBuf};

use aws::Secret;

use crate::io::files::transaction::FileTransaction;
use crate::sinks::{EditSink, SinkError};

/// What every receipt of any version begins with; the rest of the line is the version of its schema.
const MARK: &str = "\"$schema\": \"";
/// The file's name in the URL of a schema.
const SCHEMA_NAME: &str = "/receipt-";

/// The file, checked.
pub(crate) struct ReceiptSink(PathBuf);

impl ReceiptSink {
    /// Checks that the file can be replaced, and that nothing but a receipt is lost.
    pub(crate) fn open(path: &Path) -> Result<Self, SinkError> {
        let file = EditSink::open(path)?;
        check(&file.text()?, path)?;
        Ok(Self(path.to_owned()))
    }

    /// Replaces the file. It may be replaced again, by the receipt of a later failure.
    pub(crate) fn write(&self, text: &str, transaction: &mut FileTransaction) -> Result<(), SinkError> {
        let edit = |existing: &str| {
            check(existing, &self.0)?;
            Ok(Secret::new(text.to_owned()))
        };
        EditSink::open(&self.0)?.write(edit, transaction)
    }
}

/// Refuses to replace another text: a user may have named a file of the project, or of another destination.
fn check(existing: &str, path: &Path) -> Result<(), SinkError> {
    if is_replaceable(existing) { Ok(()) } else { Err(SinkError::NotReceipt { path: path.to_owned() }) }
}

fn is_replaceable(existing: &str) -> bool {
    let first = existing.trim_start().strip_prefix('{').map(str::trim_start);
    let schema = first.and_then(|rest| rest.strip_prefix(MARK)).and_then(|rest| rest.split('"').next());
    existing.trim().is_empty() || schema.is_some_and(|url| url.contains(SCHEMA_NAME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_receipt_or_nothing_is_replaced() {
        for (existing, replaced) in [
            ("", true),
            ("\n", true),
            ("{\n  \"$schema\": \"https://example/docs/receipt-1.schema.json\",\n", true),
            ("{\"$schema\": \"https://example/other.json\"}", false),
            ("{\"a\": \"$schema\", \"b\": \"/receipt-\"}", false),
            ("[default]\naws_access_key_id = AKIA\n", false),
            ("export A=1\n", false),
        ] {
            assert_eq!(is_replaceable(existing), replaced, "{existing}");
        }
    }
}
