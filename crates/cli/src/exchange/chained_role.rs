//! Role chaining: the request for each role after the first one.

use aws::{ExternalId, RoleArn, SessionDuration, SessionName, SessionPolicies, SessionTags, SourceIdentity};
use sts::AssumeRole;

/// One role of a chain, assumed with the credentials of the role before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChainedRole {
    /// The role.
    pub(crate) role: RoleArn,
    /// How long the credentials are valid.
    pub(crate) duration: SessionDuration,
    /// The external ID that the role's trust policy requires.
    pub(crate) external_id: Option<ExternalId>,
    /// The session's tags.
    pub(crate) tags: SessionTags,
    /// The source identity; later roles of the chain inherit it.
    pub(crate) source_identity: Option<SourceIdentity>,
    /// The session policies.
    pub(crate) policies: SessionPolicies,
}

impl ChainedRole {
    /// The request to STS. All roles of the chain have the same session name.
    pub(crate) fn request<'a>(&'a self, session_name: &'a SessionName) -> AssumeRole<'a> {
        AssumeRole {
            role: &self.role,
            session_name,
            duration: self.duration,
            external_id: self.external_id.as_ref(),
            tags: &self.tags,
            source_identity: self.source_identity.as_ref(),
            policies: &self.policies,
        }
    }
}
