//! What is said of a refused narrowing, by what was sent and who signed it. Separate from the tests of the other
//! operations because of the length.

use super::*;
use crate::{GetScopedCredentials, Scope};

const CALLER: &str = "arn:aws:sts::123456789012:assumed-role/deploy/job-1";

/// What is said of a narrowing with these parameters, of a session that was just granted or of credentials that were found.
pub(super) fn of_scope(
    refusal: &Refusal,
    policy: Option<&str>,
    duration: Option<&str>,
    just_granted: bool,
) -> Explanation {
    let scope = Scope::new(
        policy.map(|text| text.parse().unwrap()),
        duration.map(|text| text.parse().unwrap()),
        None,
    )
    .unwrap();
    let caller = CALLER.parse().unwrap();
    let found = IdentityRequest {
        access_key_id: "ASIAIOSFODNN7EXAMPLE",
        with_session_token: true,
        with_older_variable: true,
    };
    let signer = if just_granted { ScopeSigner::JustGranted(&caller) } else { ScopeSigner::Found(found) };
    let request =
        RefusedRequest::Scoped(ScopedRequest { parameters: GetScopedCredentials { scope: &scope }, signer });
    let (region, now) = ("eu-west-1".parse().unwrap(), "2026-11-28T12:00:00Z".parse().unwrap());
    explain(refusal, &RefusedCall { request, region: &region, now }).unwrap()
}

fn refusal(code: &str) -> Refusal {
    Refusal { status: 403, code: code.to_owned(), message: None, request_id: None, server_time: None }
}

fn ids(explanation: &Explanation) -> Vec<&str> {
    explanation.causes.iter().map(|cause| cause.id).collect()
}

#[test]
fn a_denial_names_layers_only_where_a_policy_was_sent() {
    let said = of_scope(&refusal("AccessDenied"), Some("{}"), None, true);
    assert_eq!(ids(&said), ["scope-permission", "scope-layers", "denied-above"]);
    assert!(said.hint.contains("allow sts:GetScopedCredentials"), "{}", said.hint);
    assert!(said.hint.contains("narrow themselves and nothing more"), "{}", said.hint);
    let said = of_scope(&refusal("AccessDenied"), None, Some("5m"), true);
    assert_eq!(ids(&said), ["scope-permission", "denied-above"]);
}

#[test]
fn a_duration_over_the_rest_is_named() {
    let said = of_scope(&refusal("InsufficientSessionLifetime"), None, Some("2h"), true);
    assert_eq!(ids(&said), ["scope-duration-over-rest"]);
    assert!(said.causes[0].text.contains("the request is for 7200 s"), "{said:?}");
    let said = of_scope(&refusal("InsufficientSessionLifetime"), Some("{}"), None, false);
    assert_eq!(ids(&said), ["session-almost-over"]);
}

#[test]
fn the_signer_decides_what_is_wrong_with_credentials() {
    let unknown = refusal("InvalidClientTokenId");
    assert_eq!(ids(&of_scope(&unknown, Some("{}"), None, true))[0], "credentials-new");
    assert_eq!(ids(&of_scope(&unknown, Some("{}"), None, false))[0], "stale-security-token");
    let subject = refusal("InvalidSubjectCredentials");
    assert_eq!(ids(&of_scope(&subject, Some("{}"), None, true))[0], "credentials-new");
    assert_eq!(ids(&of_scope(&subject, Some("{}"), None, false))[0], "session-unknown");
}
