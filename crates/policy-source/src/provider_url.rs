//! What AWS makes of an identity provider's URL, for references to a provider of the same file.

use trust_policy::lint::HOLE;

/// The ARN, of an account and partition that the file does not name.
pub(crate) fn arn(url: &str) -> String {
    format!("arn:{HOLE}:iam::{HOLE}:oidc-provider/{}", without_scheme(url))
}

/// IAM stores the URL without its scheme, and condition keys begin so.
pub(crate) fn without_scheme(url: &str) -> &str {
    url.strip_prefix("https://").unwrap_or(url)
}
