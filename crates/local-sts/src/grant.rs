//! Credentials given out, as the tests see them and as the server remembers them.

use std::fmt;

use crate::{arn::RoleArn, caller_identity::CallerIdentity, random};

/// What one successful exchange gave out, so that tests can look for it in places where it must not be.
#[derive(Clone, PartialEq, Eq)]
pub struct GrantedCredentials {
    /// The role that was asked for.
    pub role_arn: String,
    /// The session's name.
    pub session_name: String,
    /// `ASIA…`.
    pub access_key_id: String,
    /// 40 characters.
    pub secret_access_key: String,
    /// About a thousand characters.
    pub session_token: String,
    /// Seconds since 1970.
    pub expires_at: i64,
}

/// Credentials with what the server knows of their session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) credentials: GrantedCredentials,
    pub(crate) identity: CallerIdentity,
    pub(crate) passed_on: PassedOn,
    pub(crate) told: Told,
}

/// What a session hands to those that it assumes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PassedOn {
    pub(crate) source_identity: Option<String>,
    pub(crate) transitive_tags: Vec<(String, String)>,
}

/// What the answer says besides: each operation tells something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    /// Of the token.
    WebIdentity { provider_arn: String, audience: String, subject: String },
    /// Of policies and tags: the share of their limit that they use, where there are any.
    Role { packed_policy_size: Option<usize> },
}

impl GrantedCredentials {
    /// New credentials for a session of `role`.
    pub(crate) fn new(role: &RoleArn, session_name: &str, expires_at: i64) -> Self {
        Self {
            role_arn: role.text.clone(),
            session_name: session_name.to_owned(),
            access_key_id: random::access_key_id(),
            secret_access_key: random::secret_access_key(),
            session_token: random::session_token(),
            expires_at,
        }
    }
}

impl fmt::Debug for GrantedCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GrantedCredentials")
            .field("role_arn", &self.role_arn)
            .field("session_name", &self.session_name)
            .field("access_key_id", &self.access_key_id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let role = "arn:aws:iam::123456789012:role/deploy".parse().unwrap();
        let granted = GrantedCredentials::new(&role, "ci", 0);
        let printed = format!("{granted:?}");
        assert!(printed.contains(&granted.access_key_id));
        assert!(!printed.contains(&granted.secret_access_key) && !printed.contains(&granted.session_token));
    }
}
