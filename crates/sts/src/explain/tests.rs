//! Which cause comes first, which are ruled out, and that every text of the catalogue is filled.

use aws::{
    ExternalId, Region, RoleArn, SessionDuration, SessionName, SessionPolicies, SessionTag, SessionTags,
    Timestamp,
};
use oidc::{Token, TokenOrigin};
use testkit::{JobToken, Shape, TestIssuer, example_ids::ORGANIZATION_ID};

use super::scope_tests::of_scope;
use super::*;
use crate::catalogue::{self, Call};
use crate::{AssumeRole, AssumeRoleWithWebIdentity};

const ROLE: &str = "arn:aws:iam::123456789012:role/ci/deploy";
const CALLER: &str = "arn:aws:sts::123456789012:assumed-role/tooling/ci";
pub(super) const NOW: i64 = 1_700_000_000;
pub(super) const V1: &TokenOrigin = &TokenOrigin::CircleciV1;
pub(super) const V2: &TokenOrigin = &TokenOrigin::CircleciV2;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds).unwrap()
}

pub(super) fn refusal(code: &str, message: &str) -> Refusal {
    Refusal {
        status: 403,
        code: code.to_owned(),
        message: Some(message.to_owned()),
        request_id: None,
        server_time: Some(at(NOW)),
    }
}

pub(super) fn denied() -> Refusal {
    refusal("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
}

pub(super) fn job() -> JobToken {
    JobToken::new(ORGANIZATION_ID, NOW.unsigned_abs())
}

fn region() -> Region {
    "eu-west-1".parse().unwrap()
}

/// What is said of a token from `origin`.
pub(super) fn of_token(
    refusal: &Refusal,
    token: &JobToken,
    origin: &TokenOrigin,
    also_denied: Option<&TokenOrigin>,
    now: i64,
) -> Explanation {
    let token = Token::parse(&token.mint(&TestIssuer::new(ORGANIZATION_ID).unwrap()).unwrap()).unwrap();
    let parameters = AssumeRoleWithWebIdentity {
        role: &ROLE.parse().unwrap(),
        session_name: &"ci".parse().unwrap(),
        duration: "2h".parse().unwrap(),
        token: &token,
        policies: &SessionPolicies::default(),
    };
    let request = RefusedRequest::WithToken(RequestWithToken { parameters, origin, also_denied });
    explain(refusal, &RefusedCall { request, region: &region(), now: at(now) }).unwrap()
}

/// What is said of a hop from the caller above.
fn of_hop(refusal: &Refusal, role: &str, external_id: Option<&str>, tags: &[SessionTag]) -> Explanation {
    let (role, name): (RoleArn, SessionName) = (role.parse().unwrap(), "ci".parse().unwrap());
    let external_id: Option<ExternalId> = external_id.map(|id| id.parse().unwrap());
    let parameters = AssumeRole {
        role: &role,
        session_name: &name,
        duration: SessionDuration::DEFAULT,
        external_id: external_id.as_ref(),
        tags: &SessionTags::new(tags.to_vec(), &[]).unwrap(),
        source_identity: None,
        policies: &SessionPolicies::default(),
    };
    let request = RefusedRequest::FromRole(RequestFromRole { parameters, caller: &CALLER.parse().unwrap() });
    explain(refusal, &RefusedCall { request, region: &region(), now: at(NOW) }).unwrap()
}

fn of_keys(refusal: &Refusal, access_key_id: &str, with_session_token: bool, older: bool) -> Explanation {
    let request = RefusedRequest::Identity(IdentityRequest {
        access_key_id,
        with_session_token,
        with_older_variable: older,
    });
    explain(refusal, &RefusedCall { request, region: &region(), now: at(NOW) }).unwrap()
}

fn ids(explanation: &Explanation) -> Vec<&str> {
    explanation.causes.iter().map(|cause| cause.id).collect()
}

#[test]
fn the_form_of_the_subject_comes_first_unless_the_other_form_was_denied_too() {
    let v1 = JobToken { shape: Shape::V1, ..job() };
    let webhook = JobToken { shape: Shape::Webhook, ..job() };
    let file = TokenOrigin::File("token".into());
    for (token, origin, also_denied, first) in [
        (&job(), V2, None, "other-ref"),
        (&job(), V2, Some(V1), "other-ref"),
        (&v1, V1, None, "subject-without-branch"),
        (&v1, &file, None, "subject-without-branch"),
        (&webhook, V2, None, "subject-of-webhook"),
    ] {
        let said = of_token(&denied(), token, origin, also_denied, NOW);
        assert_eq!(ids(&said)[0], first, "{origin} {also_denied:?}");
    }
}

#[test]
fn a_webhooks_token_gets_the_same_words_wherever_it_came_from() {
    let webhook = JobToken { shape: Shape::Webhook, ..job() };
    let said = |origin| of_token(&denied(), &webhook, &origin, None, NOW);
    let by_v2 = said(TokenOrigin::CircleciV2);
    assert_eq!(ids(&by_v2)[0], "subject-of-webhook");
    assert!(!by_v2.hint.contains("CIRCLE_OIDC_TOKEN"), "{}", by_v2.hint);
    for origin in [
        TokenOrigin::CircleciV1,
        TokenOrigin::Minted,
        TokenOrigin::File("token".into()),
        TokenOrigin::Variable("MY_TOKEN".to_owned()),
    ] {
        assert_eq!(said(origin), by_v2);
    }
}

#[test]
fn a_denial_rules_out_what_the_facts_rule_out() {
    let said = of_token(&denied(), &job(), V2, Some(V1), NOW);
    assert_eq!(
        said.ruled_out,
        [
            "subject-with-branch (STS denied CIRCLE_OIDC_TOKEN too)",
            "token-expired (it is valid until 2023-11-14T23:13:20Z)",
            "provider-missing (AWS has another text for that)",
        ]
    );
    assert!(said.shows_keys);
    let provider = format!("arn:aws:iam::123456789012:oidc-provider/oidc.circleci.com/org/{ORGANIZATION_ID}");
    assert_eq!(said.provider, Some(provider));
    assert!(said.hint.contains("aws iam get-role --role-name deploy "), "{}", said.hint);
}

#[test]
fn an_audience_of_its_own_comes_before_other_subjects() {
    let token = JobToken { audience: "sts.amazonaws.com".into(), ..job() };
    let said = of_token(&denied(), &token, V2, Some(V1), NOW);
    assert_eq!(ids(&said)[..2], ["other-ref", "audience-differs"]);
    let v1 = of_token(&denied(), &JobToken { shape: Shape::V1, ..token }, V1, Some(V2), NOW);
    assert_eq!(ids(&v1)[..2], ["subject-without-branch", "audience-differs"]);
}

/// Advice is followed: a pattern that someone opens by hand lets in other branches and forks.
#[test]
fn no_fix_opens_a_pattern() {
    for entry in catalogue::entries() {
        let fixes = entry.causes.iter().filter_map(|cause| cause.fix).chain([entry.fix]);
        for fix in fixes {
            assert!(!fix.contains('*') && !fix.contains("StringLike"), "{}: {fix}", entry.id);
        }
    }
}

#[test]
fn another_ref_comes_first_and_may_be_meant() {
    let said =
        of_token(&denied(), &JobToken { vcs_ref: "refs/heads/feature/x".into(), ..job() }, V2, None, NOW);
    assert_eq!(ids(&said)[..2], ["other-ref", "subject-with-branch"]);
    assert!(said.causes[0].text.contains("another branch or tag, which may be meant"), "{said:?}");
    assert!(said.hint.contains("aws iam get-role"), "{}", said.hint);
}

#[test]
fn a_clock_that_is_wrong_is_the_first_cause_and_one_that_is_right_none() {
    let expired = refusal("ExpiredTokenException", "Token expired: current date/time 1 must be before 2");
    let early = refusal("InvalidIdentityToken", "Token issued in the future: 9");
    for (refusal, off, words, other) in [
        (expired, -600, "is 10 min 0 s behind the clock of STS", "it is ahead of STS's clock"),
        (early, 600, "is 10 min 0 s ahead of the clock of STS", "it is behind STS's clock"),
    ] {
        let wrong = of_token(&refusal, &job(), V2, None, NOW + off);
        assert_eq!(ids(&wrong)[0], "clock-of-this-machine");
        assert!(wrong.causes[0].text.contains(words), "{wrong:?}");
        assert!(wrong.hint.starts_with("set this machine's clock"), "{}", wrong.hint);
        let other_way = of_token(&refusal, &job(), V2, None, NOW - off);
        assert_eq!(other_way.ruled_out, [format!("clock-of-this-machine ({other})")]);
        let right = of_token(&refusal, &job(), V2, None, NOW - 5);
        assert!(!ids(&right).contains(&"clock-of-this-machine"), "{right:?}");
        assert_eq!(right.ruled_out, ["clock-of-this-machine (it agrees with STS's clock)"]);
        let unknown = of_token(&Refusal { server_time: None, ..refusal }, &job(), V2, None, NOW);
        assert!(ids(&unknown).contains(&"clock-of-this-machine"), "{unknown:?}");
    }
}

#[test]
fn a_hop_is_judged_by_what_was_sent_and_by_whom() {
    let refusal =
        refusal("AccessDenied", "User: x is not authorized to perform: sts:AssumeRole on resource: y");
    let (near, far) = (ROLE, "arn:aws:iam::210987654321:role/workload");
    let tag = SessionTag::new("team", "shop").unwrap();
    for (role, external_id, first, second) in [
        (near, None, "caller-not-trusted", "caller-may-not"),
        (far, None, "caller-not-trusted", "external-id-missing"),
        (far, Some("for-us"), "external-id-differs", "caller-not-trusted"),
        ("arn:aws-cn:iam::210987654321:role/workload", None, "other-partition", "caller-not-trusted"),
    ] {
        let said = of_hop(&refusal, role, external_id, &[]);
        assert_eq!(ids(&said)[..2], [first, second], "{role} {external_id:?}");
        assert!(!ids(&said).contains(&"tags-differ"));
    }
    assert!(ids(&of_hop(&refusal, far, None, &[tag])).contains(&"tags-differ"));
}

#[test]
fn keys_are_judged_by_what_is_set() {
    let refusal = refusal("InvalidClientTokenId", "The security token included in the request is invalid.");
    for (id, with_session_token, older, first) in [
        ("ASIAIOSFODNN7EXAMPLE", true, true, "stale-security-token"),
        ("ASIAIOSFODNN7EXAMPLE", false, false, "session-token-missing"),
        ("AKIAIOSFODNN7EXAMPLE", true, false, "session-token-stale"),
        ("AKIAIOSFODNN7EXAMPLE", false, false, "credentials-mixed"),
    ] {
        assert_eq!(ids(&of_keys(&refusal, id, with_session_token, older))[0], first, "{id}");
    }
}

#[test]
fn credentials_of_the_hop_before_are_new_and_whole() {
    let refusal = refusal("InvalidClientTokenId", "The security token included in the request is invalid.");
    let said = of_hop(&refusal, ROLE, None, &[]);
    assert_eq!(ids(&said), ["credentials-new", "role-deleted"]);
    assert_eq!(said.ruled_out[0], "credentials-mixed (STS issued the credentials seconds ago)");
}

#[test]
fn no_text_of_the_catalogue_is_left_with_a_name_in_it() {
    let said = |explanation: Explanation| {
        let causes = explanation.causes.into_iter().flat_map(|RankedCause { text, place, .. }| match place {
            ListPlace::Shared(words) => vec![text, words],
            ListPlace::Own | ListPlace::FullList => vec![text],
        });
        causes.chain(explanation.ruled_out).chain([explanation.hint]).collect::<Vec<_>>()
    };
    for entry in catalogue::entries() {
        let code = entry.codes.first().copied().unwrap_or("X");
        let message = entry.texts.first().map_or(String::new(), |text| text.replace('*', "x"));
        let status = entry.statuses.first().copied().unwrap_or(403);
        let refusal = Refusal { status, ..refusal(code, &message) };
        for call in entry.calls {
            let texts = match call {
                Call::WithToken => said(of_token(&refusal, &job(), V2, Some(V1), NOW)),
                Call::FromRole => said(of_hop(&refusal, ROLE, Some("for-us"), &[])),
                Call::Identity => said(of_keys(&refusal, "AKIAIOSFODNN7EXAMPLE", true, true)),
                Call::Scoped => said(of_scope(&refusal, Some("{}"), Some("1h"), true)),
            };
            for text in texts {
                assert!(!text.contains('{') || entry.id == "tags-claim", "{}: {text}", entry.id);
            }
        }
        // Also the words that no situation above brings out.
        for cause in entry.causes {
            let shared = match cause.place {
                Place::Shared(words) => Some(words),
                Place::Own | Place::FullList => None,
            };
            for text in [Some(cause.text), cause.fix, shared].into_iter().flatten() {
                let known = [
                    "region",
                    "clock",
                    "role",
                    "role-name",
                    "account",
                    "duration",
                    "scope-duration",
                    "session-name",
                    "issuer",
                    "audience",
                    "ref-kind",
                    "expires",
                    "origin",
                    "provider",
                    "caller",
                ];
                let left = fill(text, |name| known.contains(&name).then(String::new));
                assert!(!left.contains('{'), "{}: {text}", entry.id);
            }
        }
    }
}
