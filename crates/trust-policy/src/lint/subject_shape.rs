//! The shapes of CircleCI's `sub`, for the rules that compare a pattern with them (`Language::of_shape`).

/// `sub` of the V1 token, and of both tokens if a custom webhook started the job.
pub(super) const V1: &str = "org/#/project/#/user/#";
/// `sub` of the V2 token.
pub(super) const V2: &str = "org/#/project/#/user/#/vcs-origin/%/vcs-ref/refs/%";
/// `sub` of the token of audit-log streaming.
pub(super) const AUDIT_LOG: &str = "org/#/file-streaming/audit-logs";

/// Refs with up to two slashes in their names. With more, a name could imitate a whole origin, which is another rule's
/// matter (`crafted-branch`).
const REFS: [&str; 5] = ["heads/#", "heads/#/#", "heads/#/#/#", "tags/#", "tags/#/#"];

/// `sub` of the V2 token with each of these origins.
pub(super) fn with_origins<'a>(origins: &'a [&'a str]) -> impl Iterator<Item = String> + 'a {
    origins.iter().flat_map(|origin| {
        REFS.iter().map(move |name| format!("org/#/project/#/user/#/vcs-origin/{origin}/vcs-ref/refs/{name}"))
    })
}
