//! The STS actions that a trust policy allows, and which of them a statement covers.

use crate::{document::Statement, pattern};

/// The action of a web identity.
pub const ASSUME_ROLE_WITH_WEB_IDENTITY: &str = "sts:AssumeRoleWithWebIdentity";
/// The action of a role or a user.
pub(crate) const ASSUME_ROLE: &str = "sts:AssumeRole";
/// The action of a SAML identity.
pub(crate) const ASSUME_ROLE_WITH_SAML: &str = "sts:AssumeRoleWithSAML";
/// Needed beside the first action if the request has session tags.
pub(crate) const TAG_SESSION: &str = "sts:TagSession";
/// Needed beside the first action if the request has a source identity.
pub(crate) const SET_SOURCE_IDENTITY: &str = "sts:SetSourceIdentity";

/// Whether a statement covers `action`. IAM ignores the case of an action and supports wildcards in a policy's
/// names for it; `literal` replaces what isn't literal in them.
pub(crate) fn covers(statement: &Statement, action: &str, literal: impl Fn(&str) -> String) -> bool {
    let action = action.to_lowercase();
    let includes =
        |names: &[String]| names.iter().any(|name| pattern::matches(&literal(name).to_lowercase(), &action));
    if statement.excluded_actions.is_empty() {
        includes(&statement.actions)
    } else {
        !includes(&statement.excluded_actions)
    }
}
