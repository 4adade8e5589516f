//! The shapes of CircleCI's `sub`, for the rules that compare a pattern with them (`Language::of_shape`).

/// `sub` of the V1 token, and of both tokens if a custom webhook started the job.
pub(super) const V1: &str = "org/#/project/#/user/#";
/// `sub` of the V2 token.
pub(super) const V2: &str = "org/#/project/#/user/#/vcs-origin/%/vcs-ref/refs/%";
/// `sub` of the token of audit-log streaming.
pub(super) const AUDIT_LOG: &str = "org/#/file-streaming/audit-logs";
