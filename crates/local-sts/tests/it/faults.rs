//! Each fault as a client sees it, over TLS.

use std::{io, time::Duration};

use local_sts::{HOSTILE_SESSION_TOKEN, LocalSts, unix_time_now};

use crate::client::{Client, FORM, Response, form, post, server};

fn answer(server: &LocalSts) -> io::Result<Response> {
    post(server, &form(server, &[]))
}

#[test]
fn faults_of_aws_have_its_error_document() {
    let cases = [
        ("throttling", 400, "Throttling", "Sender"),
        ("internal-failure", 500, "InternalFailure", "Receiver"),
        ("service-unavailable", 503, "ServiceUnavailable", "Receiver"),
        ("idp-communication", 400, "IDPCommunicationError", "Sender"),
        ("verification-key", 400, "InvalidIdentityToken", "Sender"),
        ("thumbprint", 400, "InvalidIdentityToken", "Sender"),
        ("region-disabled", 403, "RegionDisabledException", "Sender"),
        ("role-not-found", 403, "AccessDenied", "Sender"),
    ];
    for (fault, status, code, at_fault) in cases {
        let server = server(&[fault]);
        let answer = answer(&server).unwrap();
        assert_eq!((answer.status, answer.element("Code").as_str()), (status, code), "{fault}");
        assert_eq!(answer.element("Type"), at_fault);
        assert!(server.granted().is_empty());
    }
    let throttled = answer(&server(&["throttling"])).unwrap();
    assert_eq!(throttled.element("Message"), "Rate exceeded");
    let no_key = answer(&server(&["verification-key"])).unwrap().element("Message");
    assert!(
        no_key.starts_with("Couldn&apos;t retrieve verification key from your identity provider,  please")
    );
}

#[test]
fn faults_of_middleboxes_are_no_xml() {
    let cases = [
        ("bad-gateway-html", 502, Some("text/html"), 1..1000),
        ("status:529", 529, Some("text/plain"), 1..1000),
        ("html", 200, Some("text/html"), 1..1000),
        ("huge", 200, Some("text/xml"), 10_000_000..10_000_001),
        ("redirect", 302, None, 0..1),
        ("empty", 200, None, 0..1),
    ];
    for (fault, status, content_type, size) in cases {
        let server = server(&[fault]);
        let answer = answer(&server).unwrap();
        assert_eq!((answer.status, answer.header("content-type")), (status, content_type), "{fault}");
        assert!(size.contains(&answer.body.len()), "{fault}: {} bytes", answer.body.len());
        assert_eq!(answer.header("content-length"), Some(answer.body.len().to_string().as_str()), "{fault}");
        assert_eq!(answer.broken, None, "{fault}");
    }
    let busy = answer(&server(&["retry-after:7"])).unwrap();
    assert_eq!((busy.status, busy.header("retry-after")), (503, Some("7")));
    let redirect = answer(&server(&["redirect"])).unwrap();
    assert_eq!(redirect.header("location"), Some("/followed"));
}

#[test]
fn truncated_xml_is_cut_and_its_length_is_true() {
    let server = server(&["truncated-xml"]);
    let answer = answer(&server).unwrap();
    assert_eq!((answer.status, answer.broken), (200, None));
    assert_eq!(answer.header("content-length"), Some(answer.body.len().to_string().as_str()));
    assert!(answer.text().contains("<AccessKeyId>") && !answer.text().contains("</SessionToken>"));
}

#[test]
fn a_reset_comes_in_the_middle_of_the_body() {
    let server = server(&["reset-in-body"]);
    let answer = answer(&server).unwrap();
    let announced: usize = answer.header("content-length").unwrap().parse().unwrap();
    assert_eq!(answer.broken, Some(io::ErrorKind::ConnectionReset));
    assert!(!answer.body.is_empty() && answer.body.len() < announced);
}

#[test]
fn a_closed_connection_has_no_answer() {
    let server = server(&["close"]);
    assert_eq!(answer(&server).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_hanging_connection_has_no_answer_and_does_not_keep_the_server() {
    let server = server(&["hang"]);
    let client = Client { patience: Duration::from_millis(500), ..Client::of(&server) };
    let kind = client.send("POST", "/", &[FORM], form(&server, &[]).as_bytes()).unwrap_err().kind();
    assert_eq!(server.requests().len(), 1);
    assert!(matches!(kind, io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut), "{kind}");
    drop(server);
}

#[test]
fn a_delayed_answer_is_the_true_one() {
    let server = server(&["delay:1500"]);
    let before = unix_time_now();
    let answer = answer(&server).unwrap();
    assert!(Duration::from_secs(unix_time_now() - before) >= Duration::from_secs(1));
    assert_eq!(answer.status, 200);
}

#[test]
fn hostile_credentials_are_well_formed() {
    let server = server(&["hostile-credentials"]);
    let answer = answer(&server).unwrap();
    assert_eq!(answer.element("SessionToken"), "$(touch pwned)&apos;&quot;&#10;AWS_PROFILE=pwned");
    assert_eq!(server.granted()[0].session_token, HOSTILE_SESSION_TOKEN);
}

#[test]
fn a_fault_is_used_up_and_another_role_is_not_struck() {
    let server = server(&["throttling*1", "internal-failure*1"]);
    let other = [("RoleArn", Some("arn:aws:iam::123456789012:role/other"))];
    assert_eq!(post(&server, &form(&server, &other)).unwrap().status, 403);
    let statuses: Vec<u16> = (0..3).map(|_| answer(&server).unwrap().status).collect();
    assert_eq!(statuses, [400, 500, 200]);
}
