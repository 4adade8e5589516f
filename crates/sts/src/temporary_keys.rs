//! Credentials that STS narrows: temporary ones only. A user's long-term access key is refused here, because which error
//! STS has for it is not documented (facts/aws-2026.md 1.6).

use crate::signature::SigningKeys;

/// Signing keys with a session token, of a key that is not a long-term one.
#[derive(Debug, Clone, Copy)]
pub struct TemporaryKeys<'a>(SigningKeys<'a>);

/// Why keys are not temporary.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotTemporary {
    /// `AKIA…`: an IAM user's or the account root's.
    #[error("the access key ID `{0}` is long-term: STS narrows temporary credentials only")]
    LongTermKey(String),
    /// No session token.
    #[error(
        "the credentials of the access key ID `{0}` have no session token: STS narrows temporary credentials only"
    )]
    NoSessionToken(String),
}

impl NotTemporary {
    /// The next action.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::LongTermKey(_) => {
                "in CI, assume a role with the job's token and narrow its session; an IAM user gets a session from \
                 `aws sts get-session-token`"
            }
            Self::NoSessionToken(_) => "set the session token that was issued with this access key ID",
        }
    }
}

impl<'a> TryFrom<SigningKeys<'a>> for TemporaryKeys<'a> {
    type Error = NotTemporary;

    fn try_from(keys: SigningKeys<'a>) -> Result<Self, NotTemporary> {
        let id = || keys.access_key_id.escape_debug().to_string();
        if keys.access_key_id.starts_with("AKIA") {
            return Err(NotTemporary::LongTermKey(id()));
        }
        if keys.session_token.is_none_or(|token| token.expose().is_empty()) {
            return Err(NotTemporary::NoSessionToken(id()));
        }
        Ok(Self(keys))
    }
}

impl<'a> From<TemporaryKeys<'a>> for SigningKeys<'a> {
    fn from(keys: TemporaryKeys<'a>) -> Self {
        keys.0
    }
}

#[cfg(test)]
mod tests {
    use aws::Secret;

    use super::*;

    #[test]
    fn a_session_has_a_token_and_a_key_that_is_not_a_users() {
        let [secret, token, blank] = ["secret", "token", ""].map(|text| Secret::new(text.to_owned()));
        let long_term = |id: &str| Err(NotTemporary::LongTermKey(id.to_owned()));
        let no_token = |id: &str| Err(NotTemporary::NoSessionToken(id.to_owned()));
        for (access_key_id, session_token, expected) in [
            ("ASIAEXAMPLEEXAMPLE12", Some(&token), Ok(())),
            // Other servers than AWS's give keys of another form.
            ("minio-temporary-key", Some(&token), Ok(())),
            ("AKIAEXAMPLEEXAMPLE12", None, long_term("AKIAEXAMPLEEXAMPLE12")),
            // The token of other credentials does not make a user's key temporary.
            ("AKIAEXAMPLEEXAMPLE12", Some(&token), long_term("AKIAEXAMPLEEXAMPLE12")),
            ("ASIAEXAMPLEEXAMPLE12", None, no_token("ASIAEXAMPLEEXAMPLE12")),
            ("ASIAEXAMPLEEXAMPLE12", Some(&blank), no_token("ASIAEXAMPLEEXAMPLE12")),
        ] {
            let keys = SigningKeys { access_key_id, secret_access_key: &secret, session_token };
            assert_eq!(TemporaryKeys::try_from(keys).map(|_| ()), expected, "{access_key_id}");
        }
        for (error, words) in [(long_term(""), "assume a role"), (no_token(""), "set the session token")] {
            assert!(error.unwrap_err().hint().contains(words), "{words}");
        }
    }
}
