//! What stands behind a refusal by STS, decided before anything is rendered: possible causes from the catalogue; or, where
//! the user has the role's trust policy, what that policy says to the token, which replaces guesses.

use sts::{Explanation, RefusedRequest};
use trust_policy::{TokenClaims, Verdict};

use super::details::{Details, PossibleCause};
use crate::exchange::assume_role::{FailedRequest, RoleFailure};
use crate::trust::explanation;
use crate::trust::known_policy::KnownPolicy;

/// Few enough to be read in a log at night; the page of all causes is crates/sts/REFUSALS.md.
const MOST_CAUSES: usize = 3;

/// Further ones are for `trust test`.
const MOST_CONDITIONS: usize = 3;

/// The facts of an explanation, and its hint.
pub(super) fn explained(explanation: Explanation, request: &RefusedRequest<'_>) -> (Details, String) {
    let Explanation { provider, shows_keys, causes, ruled_out, hint, .. } = explanation;
    let causes = causes.into_iter().take(MOST_CAUSES);
    let details = Details {
        causes: causes.map(|cause| PossibleCause::new(cause.id, &cause.text)).collect(),
        ruled_out,
        provider,
        condition_keys: if shows_keys { condition_keys(request) } else { Vec::new() },
        ..Details::default()
    };
    (details, hint)
}

/// What a trust policy can compare; nothing where STS would not look at the token's claims.
fn condition_keys(request: &RefusedRequest<'_>) -> Vec<(String, String)> {
    let RefusedRequest::WithToken(with_token) = request else { return Vec::new() };
    let claims: Result<TokenClaims, _> = with_token.parameters.token.claims_json().parse();
    claims.map_or_else(|_| Vec::new(), |claims| claims.condition_keys())
}

/// What the role's trust policy says to a token that STS denied.
pub(super) enum PolicyVerdict {
    /// It denies the token.
    Denies {
        /// The sentence, and the conditions that fail.
        policy: String,
        failing_conditions: Vec<String>,
        hint: String,
    },
    /// It allows the token, so something else denies it.
    Allows { policy: String, hint: String },
    /// That cannot be known.
    Unknown { policy: String },
}

impl PolicyVerdict {
    /// Of a role that was requested with a token and denied; `None` for any other failure.
    pub(super) fn of(known: &KnownPolicy, failed: &RoleFailure<'_>) -> Option<Self> {
        let FailedRequest::WithToken { role, token, .. } = &failed.request else { return None };
        if !failed.error.is_access_denied() {
            return None;
        }
        let judged = known.judge_token(&token.token, role.role, role.session_name)?;
        let path = known.path.display();
        let nearest = judged.nearest.clone();
        Some(match &judged.verdict {
            Verdict::Denied { .. } => {
                let because = nearest.map(|nearest| format!(": {nearest}")).unwrap_or_default();
                let failing = explanation::failing_conditions(&judged);
                Self::Denies {
                    policy: format!("`{path}` does not allow this token{because}"),
                    failing_conditions: failing.into_iter().take(MOST_CONDITIONS).collect(),
                    hint: format!("`circleci-aws-oidc trust test --policy {path}` shows every part of it"),
                }
            }
            Verdict::Unknown { .. } => {
                let because = nearest.unwrap_or_else(|| "it cannot be judged from here".to_owned());
                Self::Unknown { policy: format!("`{path}`: {because}") }
            }
            Verdict::Allowed => Self::Allows {
                policy: format!("`{path}` allows this token, so something else denies it"),
                hint: format!(
                    "compare `{path}` with what `aws iam get-role` prints for the role; a change may take some \
                     seconds to count"
                ),
            },
        })
    }

    /// The facts with this one: what is certain replaces what is likely. The hint, if it has a better one.
    pub(super) fn decide(self, details: &mut Details) -> Option<String> {
        let (policy, failing_conditions, causes, hint) = match self {
            Self::Unknown { policy } => {
                details.policy = Some(policy);
                return None;
            }
            Self::Denies { policy, failing_conditions, hint } => {
                (policy, failing_conditions, Vec::new(), hint)
            }
            Self::Allows { policy, hint } => (policy, Vec::new(), causes_beside_the_policy(), hint),
        };
        *details = Details {
            policy: Some(policy),
            failing_conditions,
            causes,
            token: details.token.take(),
            provider: details.provider.take(),
            ..Details::default()
        };
        Some(hint)
    }
}

fn causes_beside_the_policy() -> Vec<PossibleCause> {
    vec![
        PossibleCause::new("policy-not-deployed", "the role's policy in IAM differs from the file"),
        PossibleCause::new("role-missing", "there is no role of this name in the account"),
        PossibleCause::new("another-policy", "a service or resource control policy denies the call"),
    ]
}
