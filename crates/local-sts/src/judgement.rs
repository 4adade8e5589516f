//! What a trust policy says of a token, in more detail than a response of STS: AWS has one message for a policy that
//! denies, a role that does not exist, and a condition that nothing decides.

use trust_policy::Verdict;

use crate::{assume_role_with_web_identity, form::Form, state::ServerState};

/// The outcome for one token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// The trust policy allows the token.
    Allowed,
    /// The trust policy denies the token.
    Denied,
    /// The policy depends on what no token and no call here shows, such as the caller's address.
    Undecided,
    /// The call was refused before the policy was evaluated: AWS's code and text.
    Refused {
        /// AWS's error code.
        code: &'static str,
        /// AWS's text.
        message: String,
    },
}

/// Judges a call with the default duration.
pub(crate) fn judge(
    state: &ServerState,
    role_arn: &str,
    session_name: &str,
    token: &str,
    now: i64,
) -> Judgement {
    let form = [("RoleArn", role_arn), ("RoleSessionName", session_name), ("WebIdentityToken", token)];
    let form = Form(form.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
    match assume_role_with_web_identity::verdict(state, &form, now) {
        Ok(Verdict::Allowed) => Judgement::Allowed,
        Ok(Verdict::Denied { .. }) => Judgement::Denied,
        Ok(Verdict::Unknown { .. }) => Judgement::Undecided,
        Err(refusal) => Judgement::Refused {
            code: refusal.status_and_code().1,
            message: refusal.message().unwrap_or_default(),
        },
    }
}
