//! Every refusal of AssumeRole that a client can cause, in AWS's words, and the product's hint for each.

use aws::{Credentials, Secret, SessionTag, SessionTags, Timestamp};
use local_sts::Role;
use sts::{
    AssumeRole, GetCallerIdentity, Operation, Refusal, RefusedCall, RefusedRequest, RequestFromRole,
    StsError, explain,
};

use crate::{
    chain::{CALLER, DATA, WORKLOAD, assume, chain, first, hop, now, post_signed, read, server, trust},
    client::{FORM, Response, post, send},
};

/// The product's hint for a request for `role` at `time`.
fn hint(refusal: &Refusal, role: &str, time: Timestamp) -> String {
    let caller = CALLER.parse().unwrap();
    hop(role, |parameters| {
        let request = RefusedRequest::FromRole(RequestFromRole { parameters, caller: &caller });
        let region = &"eu-west-1".parse().unwrap();
        explain(refusal, &RefusedCall { request, region, now: time }).unwrap().hint
    })
}

fn tags(keys: &[&str], transitive: &[&str]) -> SessionTags {
    let transitive: Vec<String> = transitive.iter().map(|&key| key.to_owned()).collect();
    SessionTags::new(keys.iter().map(|key| SessionTag::new(key, "v").unwrap()).collect(), &transitive)
        .unwrap()
}

fn refused(answer: &Response) -> Refusal {
    match read(answer, |answer| answer.granted(Operation::AssumeRole)) {
        Err(StsError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

fn denied(action: &str, role: &str) -> String {
    format!("User: {CALLER} is not authorized to perform: {action} on resource: {role}")
}

#[test]
fn a_denial_names_caller_action_and_role() {
    let external = r#"{"StringEquals": {"sts:ExternalId": "ext"}}"#;
    let tagged = r#"{"StringEquals": {"aws:RequestTag/team": "v"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}"#;
    let role = |name: &str, actions: &str, condition: &str| {
        Role::new(
            &format!("arn:aws:iam::210987654321:role/{name}"),
            &trust("123456789012", actions, condition),
        )
    };
    let assume_only = r#""sts:AssumeRole""#;
    let server = server(
        vec![
            role("external", assume_only, external),
            role("tagged", r#"["sts:AssumeRole", "sts:TagSession"]"#, tagged),
            role("plain", assume_only, "{}"),
            role("named", assume_only, r#"{"StringLike": {"sts:RoleSessionName": "other-*"}}"#),
        ],
        Vec::new(),
    );
    let credentials = first(&server);
    let (assume_role, tag) = ("sts:AssumeRole", "sts:TagSession");
    let cases = [
        ("external", Some("ext"), tags(&[], &[]), None, None),
        ("external", Some("other"), tags(&[], &[]), None, Some(assume_role)),
        ("external", None, tags(&[], &[]), None, Some(assume_role)),
        ("tagged", None, tags(&["team"], &[]), None, None),
        ("tagged", None, tags(&["team", "job"], &[]), None, Some(assume_role)),
        ("tagged", None, tags(&[], &[]), None, Some(assume_role)),
        ("plain", None, tags(&["team"], &[]), None, Some(tag)),
        ("plain", None, tags(&[], &[]), Some("me"), Some("sts:SetSourceIdentity")),
        ("named", None, tags(&[], &[]), None, Some(assume_role)),
        ("absent", None, tags(&[], &[]), None, Some(assume_role)),
    ];
    for (name, external_id, tags, source_identity, missing) in cases {
        let arn = format!("arn:aws:iam::210987654321:role/{name}");
        let external_id = external_id.map(|text: &str| text.parse().unwrap());
        let source_identity = source_identity.map(|text: &str| text.parse().unwrap());
        let form = hop(&arn, |request| {
            AssumeRole {
                external_id: external_id.as_ref(),
                tags: &tags,
                source_identity: source_identity.as_ref(),
                ..request
            }
            .to_form()
        });
        let answer = post_signed(&server, &credentials, &form, now());
        let Some(action) = missing else {
            assert_eq!(answer.status, 200, "{name}: {}", answer.text());
            continue;
        };
        let refusal = refused(&answer);
        assert_eq!((refusal.status, refusal.code.as_str()), (403, "AccessDenied"), "{name}");
        assert_eq!(refusal.message, Some(denied(action, &arn)));
        // The hint does not repeat the role and the caller, which the message names.
        let hint = hint(&refusal, &arn, now());
        assert!(hint.contains(action), "{hint}");
    }
}

#[test]
fn what_a_session_cannot_have_is_refused_in_awss_words() {
    let long = Role { max_session_duration: 7200, ..Role::new(WORKLOAD, &trust("*", r#""sts:*""#, "{}")) };
    let server = server(vec![long], Vec::new());
    let credentials = first(&server);
    let many: Vec<String> = (0..50)
        .map(|n| format!("Tags.member.{}.Key=k{n}&Tags.member.{0}.Value={}", n + 1, "v".repeat(100)))
        .collect();
    let cases = [
        (
            "DurationSeconds=7201",
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
            "a shorter `duration`",
        ),
        (
            "DurationSeconds=3601",
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
            "at most 1h",
        ),
        ("Policy=%7B", "MalformedPolicyDocument", "Syntax errors in policy.", "correct the session policy"),
        (
            &many.join("&"),
            "PackedPolicyTooLarge",
            "Packed policy consumes 126% of allotted space",
            "fewer policy",
        ),
    ];
    for (more, code, message, part) in cases {
        let form =
            format!("Action=AssumeRole&Version=2011-06-15&RoleArn={WORKLOAD}&RoleSessionName=hop&{more}");
        let refusal = refused(&post_signed(&server, &credentials, &form, now()));
        assert_eq!((refusal.status, refusal.code.as_str()), (400, code), "{more:.40}");
        assert_eq!(refusal.message.as_deref(), Some(message));
        let said = hint(&refusal, WORKLOAD, now());
        assert!(said.contains(part), "{said}");
    }
    let short =
        format!("Action=AssumeRole&Version=2011-06-15&RoleArn={WORKLOAD}&RoleSessionName=h&ExternalId=x");
    let message = refused(&post_signed(&server, &credentials, &short, now())).message.unwrap();
    assert!(message.starts_with("2 validation errors detected: Value 'h' at 'roleSessionName'"), "{message}");
    assert_eq!(server.granted().len(), 1, "only the first exchange gave credentials");
}

#[test]
fn identity_and_transitive_tags_go_on_along_the_chain() {
    let server = chain();
    let (me, other) = ("me".parse().unwrap(), "other".parse().unwrap());
    let passed = tags(&["Team", "job"], &["team"]);
    let workload = hop(WORKLOAD, |request| {
        let request = AssumeRole { tags: &passed, source_identity: Some(&me), ..request };
        assume(&server, &first(&server), &request)
    })
    .unwrap();
    let (again, fresh) = (tags(&["TEAM"], &[]), tags(&["job"], &[]));
    let cases = [
        (tags(&[], &[]), None, Ok(())),
        (fresh, Some(&me), Ok(())),
        (
            tags(&[], &[]),
            Some(&other),
            Err("The source identity is already set for this assume role session"),
        ),
        (again, None, Err("The tag TEAM is inherited from the calling session as transitive")),
    ];
    for (tags, source_identity, expected) in cases {
        let form = hop(DATA, |request| AssumeRole { tags: &tags, source_identity, ..request }.to_form());
        let answer = post_signed(&server, &workload.credentials, &form, now());
        match expected {
            Ok(()) => assert_eq!(answer.element("SourceIdentity"), "me", "inherited"),
            Err(message) => {
                let refusal = refused(&answer);
                assert_eq!(refusal.code, "ValidationError");
                assert_eq!(refusal.message.as_deref(), Some(message));
            }
        }
    }
}

#[test]
fn what_is_inherited_needs_a_permission_like_what_is_sent() {
    let server = server(
        vec![
            Role::new(WORKLOAD, &trust("*", r#""sts:*""#, "{}")),
            Role::new(DATA, &trust("*", r#""sts:AssumeRole""#, "{}")),
        ],
        Vec::new(),
    );
    let credentials = first(&server);
    let me = "me".parse().unwrap();
    let cases = [
        (tags(&["team"], &[]), None, None),
        (tags(&["team"], &["team"]), None, Some("sts:TagSession")),
        (tags(&[], &[]), Some(&me), Some("sts:SetSourceIdentity")),
    ];
    for (tags, source_identity, missing) in cases {
        let workload = hop(WORKLOAD, |request| {
            assume(&server, &credentials, &AssumeRole { tags: &tags, source_identity, ..request })
        })
        .unwrap();
        let outcome = hop(DATA, |request| assume(&server, &workload.credentials, &request));
        let told = outcome.err().map(|error| error.to_string());
        match missing {
            None => assert_eq!(told, None),
            Some(action) => {
                let told = told.unwrap();
                assert!(told.contains(&format!("to perform: {action} on resource: {DATA}")), "{told}");
            }
        }
    }
}

#[test]
fn a_call_is_nobodys_without_a_good_signature() {
    let server = chain();
    let credentials = first(&server);
    let form = hop(WORKLOAD, |request| request.to_form());
    let unsigned = post(&server, &form).unwrap();
    assert_eq!((unsigned.status, unsigned.element("Code").as_str()), (403, "MissingAuthenticationToken"));
    let bearer = send(&server, "POST", "/", &[FORM, ("authorization", "Bearer x")], form.as_bytes()).unwrap();
    assert_eq!(bearer.element("Code"), "IncompleteSignature");
    let secret = Secret::new("x".repeat(40));
    let cases = [
        (
            Credentials { secret_access_key: secret.clone(), ..credentials.clone() },
            "SignatureDoesNotMatch",
            "the secret key",
        ),
        (
            Credentials { session_token: secret, ..credentials.clone() },
            "InvalidClientTokenId",
            "new credentials",
        ),
    ];
    for (credentials, code, part) in cases {
        let refusal = refused(&post_signed(&server, &credentials, &form, now()));
        assert_eq!((refusal.status, refusal.code.as_str()), (403, code));
        let hint = hint(&refusal, WORKLOAD, now());
        assert!(hint.contains(part), "{hint}");
    }
    assert_eq!(server.granted().len(), 1);
}

#[test]
fn a_clock_that_is_an_hour_off_is_told_so() {
    let server = chain();
    let credentials = first(&server);
    for (seconds, side) in [(-3660, "behind"), (3660, "ahead of")] {
        let wrong = Timestamp::from_unix_seconds(now().unix_seconds() + seconds).unwrap();
        let answer = post_signed(&server, &credentials, &GetCallerIdentity.to_form(), wrong);
        let Err(StsError::Refused(refusal)) = read(&answer, |answer| answer.caller_identity()) else {
            panic!("{answer:?}")
        };
        let server_time = refusal.server_time.expect("a Date header");
        assert!(now().seconds_since(server_time).abs() < 60, "{server_time}");
        let hint = hint(&refusal, WORKLOAD, wrong);
        assert!(hint.contains(" min ") && hint.contains(side), "{hint}");
    }
    let near = Timestamp::from_unix_seconds(now().unix_seconds() - 600).unwrap();
    let form = hop(WORKLOAD, |request| request.to_form());
    assert_eq!(
        post_signed(&server, &credentials, &form, near).status,
        200,
        "15 minutes are within the tolerance"
    );
}
