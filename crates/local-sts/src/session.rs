//! Role sessions that the server has granted: the credentials that tests see, and what the server stores with them.

use std::fmt;

use crate::{arn::RoleArn, random, scope_policy::ScopePolicy};

/// The credentials of one session. Tests search for them in places where they must not be.
#[derive(Clone, PartialEq, Eq)]
pub struct GrantedCredentials {
    /// The role that was assumed.
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

/// Credentials with what the server knows about their session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GrantedSession {
    pub(crate) credentials: GrantedCredentials,
    pub(crate) identity: CallerIdentity,
    pub(crate) chain_attributes: ChainAttributes,
    /// The layers of `GetScopedCredentials`, each of which limits what these credentials may do. A role that they assume
    /// has none of them.
    pub(crate) scope_policies: Vec<ScopePolicy>,
    pub(crate) details: ResponseDetails,
}

/// What persists when a session assumes the next role (role chaining).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ChainAttributes {
    pub(crate) source_identity: Option<String>,
    pub(crate) transitive_tags: Vec<(String, String)>,
}

/// What the response holds besides the credentials, by operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ResponseDetails {
    /// What STS read in the token.
    WebIdentity { provider_arn: String, audience: String, subject: String, identity_context: bool },
    /// The percentage of their limit that policies and tags use, where there are any.
    AssumeRole { packed_policy_size: Option<usize> },
    /// The size is that of the session token.
    Scoped,
}

/// The three fields of GetCallerIdentity's response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CallerIdentity {
    pub(crate) arn: String,
    pub(crate) user_id: String,
    pub(crate) account: String,
}

impl CallerIdentity {
    /// The identity of a role's session.
    pub(crate) fn of_session(role: &RoleArn, role_id: &str, session_name: &str) -> Self {
        Self {
            arn: role.session(session_name),
            user_id: format!("{role_id}:{session_name}"),
            account: role.account.clone(),
        }
    }
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

impl GrantedCredentials {
    /// Further credentials of the same session.
    pub(crate) fn of_same_session(&self, token_length: usize, expires_at: i64) -> Self {
        Self {
            access_key_id: random::access_key_id(),
            secret_access_key: random::secret_access_key(),
            session_token: random::longer_session_token(token_length),
            expires_at,
            ..self.clone()
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
