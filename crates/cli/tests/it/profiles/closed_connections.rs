//! Connections that the server closes while the client keeps them for the next role.

use local_sts::{Config, Fault, PlannedFault};

use crate::support::many_roles::{opened_by, opened_by_token, profiles};
use crate::support::{Job, ROLE};

fn role(n: usize) -> String {
    format!("arn:aws:iam::123456789012:role/r{n}")
}

fn many(count: usize) -> String {
    (0..count).map(|n| format!("[profile p{n}]\nrole_arn = {}\n", role(n))).collect()
}

/// A server that takes this number of requests on a connection, and a token that opens `count` roles.
fn job(count: usize, requests_per_connection: u32, faults: Vec<PlannedFault>) -> Job {
    let roles = (0..count).map(|n| opened_by_token(&role(n))).collect();
    let requests_per_connection = Some(requests_per_connection);
    Job::with(Config { roles, faults, requests_per_connection, ..Config::default() })
}

#[test]
fn a_connection_that_the_server_has_closed_is_no_attempt() {
    for requests in [1, 3] {
        let mut job = job(120, requests, Vec::new());
        job.set("CIRCLECI_AWS_OIDC_MAX_ATTEMPTS", "1");
        let run = profiles(&job, &many(120));
        run.succeeds();
        assert!(!run.stderr.contains("attempt"), "{}", run.stderr);
        assert_eq!(job.sts.requests().len(), 120, "each request reached the server once");
    }
}

#[test]
fn a_new_connection_without_a_response_is_an_attempt() {
    let fault = PlannedFault { role_arn: role(0), fault: Fault::Close, uses: Some(1) };
    let mut job = job(1, 9, vec![fault]);
    job.set("CIRCLECI_AWS_OIDC_MAX_ATTEMPTS", "1");
    profiles(&job, &many(1)).expect(5, "caused by: the connection broke: ");
    assert_eq!(job.sts.requests().len(), 1);
}

#[test]
fn a_request_is_repeated_once_on_a_new_connection() {
    let chained = "arn:aws:iam::123456789012:role/chained";
    let fault = PlannedFault { role_arn: chained.to_owned(), fault: Fault::Close, uses: None };
    let roles = vec![opened_by_token(ROLE), opened_by(chained, ROLE, None)];
    let mut job = Job::with(Config { roles, faults: vec![fault], ..Config::default() });
    job.set("CIRCLECI_AWS_OIDC_MAX_ATTEMPTS", "1").set("CIRCLECI_AWS_OIDC_CHAIN_ROLE_ARN", chained);
    job.assume(&[]).expect(5, "caused by: the connection broke: ");
    assert_eq!(job.sts.requests().len(), 3, "one for the first role, two for the second");
}
