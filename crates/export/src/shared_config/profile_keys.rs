//! The keys that a profile can hold, and what each means for its credentials. The editors and the readers share this
//! file, so that each key is spelled in one place.

use super::document::Key;
use super::process_line;

pub(super) const ACCESS_KEY_ID: &str = "aws_access_key_id";
pub(super) const SECRET_ACCESS_KEY: &str = "aws_secret_access_key";
pub(super) const SESSION_TOKEN: &str = "aws_session_token";
/// The older name of the session token. botocore reads it first (facts/aws.md 6.1).
pub(super) const OLDER_TOKEN: &str = "aws_security_token";
pub(super) const ACCOUNT_ID: &str = "aws_account_id";
pub(super) const REGION: &str = "region";
pub(super) const PROCESS: &str = "credential_process";

/// The access key, which users and sessions have.
pub(super) const ACCESS_KEY: [&str; 2] = [ACCESS_KEY_ID, SECRET_ACCESS_KEY];
/// The token under both names. A session has one, a user's long-term access key has none.
pub(super) const TOKENS: [&str; 2] = [SESSION_TOKEN, OLDER_TOKEN];

/// Other kinds of credentials. botocore takes a role, a web identity and `sso_` keys before static credentials of
/// the same profile (facts/aws.md 6.2); the Rust SDK takes all of these before them.
const OTHER_SOURCES: [&str; 6] =
    ["role_arn", "source_profile", "credential_source", "web_identity_token_file", PROCESS, "login_session"];

/// Whether the key is part of static credentials.
pub(super) fn is_static(name: &str) -> bool {
    ACCESS_KEY.contains(&name) || TOKENS.contains(&name)
}

/// Whether the key leads to another kind of credentials than static ones.
pub(super) fn is_other_source(name: &str) -> bool {
    OTHER_SOURCES.contains(&name) || name.starts_with("sso_")
}

/// Whether the key is a `credential_process` that runs this program. This program writes it on one line, so a value that
/// continues below is not one.
pub(super) fn is_our_process(key: &Key<'_>) -> bool {
    key.name == PROCESS && !key.is_indented && key.continuation.is_empty() && process_line::is_ours(key.value)
}
