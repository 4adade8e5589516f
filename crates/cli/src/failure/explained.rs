//! A refusal's explanation as lines of an error: what may be behind it, the most probable first, then what IAM
//! compares. Few enough to be read in a log at night; the page of all causes is crates/sts/REFUSALS.md.

use sts::{Explanation, RefusedRequest};
use trust_policy::TokenClaims;

use super::Failure;

/// Further ones are for the page.
const MOST_CAUSES: usize = 3;

impl Failure {
    /// Adds what is known of the refusal. The one hint is that of the explanation.
    pub(super) fn explained(mut self, explanation: Explanation, request: &RefusedRequest<'_>) -> Self {
        let Explanation { provider, shows_keys, causes, ruled_out, hint, .. } = explanation;
        for cause in causes.into_iter().take(MOST_CAUSES) {
            self = self.possible(cause.id, &cause.text);
        }
        if !ruled_out.is_empty() {
            self.details.push(("ruled out:", ruled_out.join(", ")));
        }
        self.details.extend(provider.map(|arn| ("provider:", format!("`{arn}`"))));
        if shows_keys {
            let lines =
                condition_keys(request).into_iter().map(|(key, value)| format!("`{key}` = `{value}`"));
            self.details.extend(lines.map(|line| ("key:", line)));
        }
        self.hint(hint)
    }

    /// Adds a cause, less probable than those before it.
    pub(super) fn possible(mut self, id: &str, says: &str) -> Self {
        let is_first = self.details.iter().all(|(label, _)| *label != LIKELY);
        self.details.push((if is_first { LIKELY } else { "or:" }, format!("{says} ({id})")));
        self
    }
}

/// What a trust policy can compare; nothing where STS would not look at the token's claims.
fn condition_keys(request: &RefusedRequest<'_>) -> Vec<(String, String)> {
    let RefusedRequest::WithToken(with_token) = request else { return Vec::new() };
    let claims: Result<TokenClaims, _> = with_token.parameters.token.claims_json().parse();
    claims.map_or_else(|_| Vec::new(), |claims| claims.condition_keys())
}

const LIKELY: &str = "likely:";
