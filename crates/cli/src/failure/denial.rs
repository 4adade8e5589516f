//! The causes of a refusal by STS, decided before anything is rendered: likely causes from the catalogue; or, if
//! the user names the role's trust policy, its verdict on the token, which replaces them.

use sts::{Explanation, RankedCause, RefusedRequest};
use trust_policy::{TokenClaims, Verdict};

use super::details::{Details, PossibleCause};
use crate::exchange::assume_role::{FailedRequest, RoleFailure};
use crate::trust::explanation;
use crate::trust::known_policy::KnownPolicy;

/// A short list; `trust test` prints all.
const MOST_CONDITIONS: usize = 3;

/// The facts of an explanation, and its hint.
pub(super) fn details_and_hint(explanation: Explanation, request: &RefusedRequest<'_>) -> (Details, String) {
    let Explanation { provider, shows_keys, causes, ruled_out, hint, .. } = explanation;
    let details = Details {
        causes: causes.into_iter().map(possible_cause).collect(),
        ruled_out,
        provider,
        condition_keys: if shows_keys { condition_keys(request) } else { Vec::new() },
        ..Details::default()
    };
    (details, hint)
}

fn possible_cause(RankedCause { id, text, place }: RankedCause) -> PossibleCause {
    PossibleCause { place, ..PossibleCause::new(id, &text) }
}

/// The condition keys that a trust policy can compare; none for a request without a token.
fn condition_keys(request: &RefusedRequest<'_>) -> Vec<(String, String)> {
    let RefusedRequest::WithToken(with_token) = request else { return Vec::new() };
    let claims: Result<TokenClaims, _> = with_token.parameters.token.claims_json().parse();
    claims.map_or_else(|_| Vec::new(), |claims| claims.condition_keys())
}

/// The verdict of the role's trust policy on a token that STS denied.
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
    /// It cannot be known.
    Unknown { policy: String },
}

impl PolicyVerdict {
    /// The verdict, if the role was requested with a token and denied; `None` for any other failure.
    pub(super) fn of(known: &KnownPolicy, failed: &RoleFailure<'_>) -> Option<Self> {
        let FailedRequest::WithToken { role, token, .. } = &failed.request else { return None };
        if !failed.error.is_access_denied() {
            return None;
        }
        let explanation = known.judge_token(&token.token, role.role, role.session_name)?;
        let path = known.path.display();
        let nearest = explanation.nearest.clone();
        Some(match &explanation.verdict {
            Verdict::Denied { .. } => {
                let because = nearest.map(|nearest| format!(": {nearest}")).unwrap_or_default();
                let failing = explanation::failing_conditions(&explanation);
                Self::Denies {
                    policy: format!("`{path}` does not allow this token{because}"),
                    failing_conditions: failing.into_iter().take(MOST_CONDITIONS).collect(),
                    hint: format!(
                        "run `circleci-aws-oidc trust test --policy {path}` to see every condition"
                    ),
                }
            }
            Verdict::Unknown { .. } => {
                let because = nearest.unwrap_or_else(|| "whether it allows this token is unknown".to_owned());
                Self::Unknown { policy: format!("`{path}`: {because}") }
            }
            Verdict::Allowed => Self::Allows {
                policy: format!("`{path}` allows this token, so something else denies it"),
                hint: format!(
                    "compare `{path}` with what `aws iam get-role` prints for the role; a change may take some \
                     seconds to take effect"
                ),
            },
        })
    }

    /// Adds the verdict to the facts: what is certain replaces what is likely. Returns a better hint, if it has one.
    pub(super) fn apply_to(self, details: &mut Details) -> Option<String> {
        let (policy, failing_conditions, causes, hint) = match self {
            Self::Unknown { policy } => {
                details.policy = Some(policy);
                return None;
            }
            Self::Denies { policy, failing_conditions, hint } => {
                (policy, failing_conditions, Vec::new(), hint)
            }
            Self::Allows { policy, hint } => (policy, Vec::new(), causes_outside_the_policy(), hint),
        };
        *details = Details {
            policy: Some(policy),
            failing_conditions,
            causes,
            ruled_out: Vec::new(),
            condition_keys: Vec::new(),
            ..std::mem::take(details)
        };
        Some(hint)
    }
}

fn causes_outside_the_policy() -> Vec<PossibleCause> {
    vec![
        PossibleCause::new("policy-not-deployed", "the role's policy in IAM differs from the file"),
        PossibleCause::new("role-missing", "there is no role of this name in the account"),
        PossibleCause::new("another-policy", "a service or resource control policy denies the call"),
    ]
}
