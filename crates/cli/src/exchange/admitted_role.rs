//! Credentials that passed the guards. Only an exchange makes one, and a session is made of nothing else.

use aws::Region;
use export::{InvalidSessionValue, Session};
use sts::Granted;

/// The third step of an [exchange](super::acquisition): credentials of an account that is not refused.
#[derive(Clone)]
pub(crate) struct AdmittedRole {
    pub(super) granted: Granted,
    /// The same with the credentials for the user, where a scope limits them. The next role is assumed with the others.
    pub(super) scoped: Option<Granted>,
}

impl AdmittedRole {
    /// The session to export, with this Region.
    pub(crate) fn into_session(self, region: Option<Region>) -> Result<Session, InvalidSessionValue> {
        let Self { granted, scoped } = self;
        let granted = scoped.unwrap_or(granted);
        let account = granted.role_session_arn.account().clone();
        Session::new(granted.credentials, granted.role_session_arn.to_string(), account, region)
    }
}
