//! Where a cause is in a short list, and what the hint says of a likely one.

use testkit::{JobToken, Shape};

use super::ListPlace;
use super::tests::{NOW, V1, V2, denied, job, of_token, refusal};

#[test]
fn of_the_likely_causes_the_first_two_have_a_line_of_their_own() {
    let token = |shape| JobToken { audience: "sts.amazonaws.com".into(), shape, ..job() };
    let places = |shape, id| {
        let causes = of_token(&denied(), &token(shape), V2, None, NOW).causes;
        causes.into_iter().find(|cause| cause.id == id).unwrap().place
    };
    let shared = ListPlace::Shared(String::new());
    assert_eq!(places(Shape::V1, "audience-differs"), ListPlace::Own, "the second");
    assert_eq!(places(Shape::V2, "audience-differs"), shared, "the third");
    assert_eq!(places(Shape::V1, "role-missing"), shared, "not likely");
    assert_eq!(places(Shape::V1, "key-without-value"), ListPlace::FullList);
    // Not likely, although it is the second.
    let said = of_token(&denied(), &JobToken { shape: Shape::Webhook, ..job() }, V2, None, NOW);
    assert!(matches!(said.causes[1].place, ListPlace::Shared(_)), "{said:?}");
}

#[test]
fn a_guess_at_the_policy_leaves_the_command_that_decides() {
    let said = of_token(&denied(), &JobToken { shape: Shape::V1, ..job() }, V1, None, NOW);
    assert!(said.hint.starts_with("use CIRCLE_OIDC_TOKEN_V2"), "{}", said.hint);
    assert!(said.hint.contains("; if STS still denies, run `aws iam get-role"), "{}", said.hint);
    let expired = refusal("ExpiredTokenException", "Token expired: current date/time 1 must be before 2");
    let said = of_token(&expired, &job(), V2, None, NOW - 600);
    assert!(!said.hint.contains("if STS still denies"), "{}", said.hint);
}
