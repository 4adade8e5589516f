//! The variables that are set for a session and those that are unset. A process, a shell and an env file need the same two
//! lists, so they are separate from all three.

use std::fmt;

use aws::Region;

/// One variable to set. Its `Debug` shows the name only: most values are secrets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Variable<'a> {
    /// As AWS clients spell it.
    pub name: &'static str,
    /// Not empty, without control characters.
    pub value: &'a str,
}

impl fmt::Debug for Variable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Variable").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Both names of the Region, if there is one.
pub(crate) fn of_region(region: Option<&Region>) -> impl Iterator<Item = Variable<'_>> + Clone {
    // AWS CLI v1 and boto3 read only the second name (facts/orb-testing.md 0.6).
    region.into_iter().flat_map(|region| REGIONS.map(|name| Variable { name, value: region.as_str() }))
}

pub(crate) const REGIONS: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];

/// The variables of a session's credentials; a user's long-term keys do not have the last one.
pub(crate) const KEYS: [&str; 3] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/// Variables of other credentials that could win over the new ones or be used together with them; each destination unsets
/// them.
pub const STALE_VARIABLES: [&str; 8] = [
    // botocore reads this older name before AWS_SESSION_TOKEN, so every call would fail (facts/aws.md 6.1).
    "AWS_SECURITY_TOKEN",
    // With a profile set the JavaScript SDK skips the key variables (facts/aws.md 6.2); of the two names,
    // CLI v1 and v2 prefer different ones (6.1).
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    // botocore would read it as the expiration of the new credentials (facts/aws.md 6.1).
    "AWS_CREDENTIAL_EXPIRATION",
    // AWS tools ignore them while the new keys are set, and use them silently afterwards (facts/aws.md 6.2 and 8.1).
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::session;

    #[test]
    fn no_name_is_both_set_and_unset() {
        let session = session("ASIA1", "secret", "token", Some("eu-west-1")).unwrap();
        assert!(session.variables().all(|variable| !STALE_VARIABLES.contains(&variable.name)));
    }

    #[test]
    fn debug_shows_the_name_only() {
        let text = format!("{:?}", Variable { name: "AWS_SESSION_TOKEN", value: "IQoJb" });
        assert_eq!(text, r#"Variable { name: "AWS_SESSION_TOKEN", .. }"#);
    }
}
