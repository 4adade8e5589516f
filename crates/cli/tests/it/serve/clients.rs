//! What AWS's tools need to find the endpoint: some read its authorization from a file, some send each request to a proxy.

use std::path::Path;

use crate::support::files::mode;
use crate::support::serving::{Serving, announcements};
use crate::support::{Job, Run, next_step, write};

fn assume(job: &Job) -> Run {
    job.assume(&["--mode", "endpoint"])
}

#[test]
fn tools_that_read_the_authorization_from_a_file_find_it_without_a_line_break() {
    let job = Job::new();
    let serving = Serving::start(&job, &[]);
    assume(&job).succeeds();
    let file = next_step(&job, &[], "printf %s \"$AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE\"");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), serving.authorization);
    assert_eq!(mode(Path::new(&file)), 0o600);
    job.run(&["clear"]).succeeds();
    assert!(!Path::new(&file).exists(), "clear leaves the authorization");
    serving.stop(&job);
}

#[test]
fn behind_a_proxy_the_next_step_calls_the_endpoint_directly() {
    let mut job = Job::new();
    let _serving = Serving::start(&job, &[]);
    job.set("HTTP_PROXY", "http://127.0.0.1:9").set("no_proxy", "a.example");
    let run = assume(&job);
    run.expect(0, "note: NO_PROXY and no_proxy of the next bash steps name 127.0.0.1 too: some AWS tools would call the \
                   endpoint through the proxy of HTTP_PROXY");
    let in_step = [("HTTP_PROXY", "http://127.0.0.1:9"), ("no_proxy", "a.example")];
    let seen = next_step(&job, &in_step, "echo \"$NO_PROXY $no_proxy\"");
    assert_eq!(seen.trim(), "a.example,127.0.0.1 a.example,127.0.0.1");
    assert_eq!(next_step(&job, &[], "echo \"${NO_PROXY-none}\"").trim(), "none");
    let told = job.run(&["preflight", "--mode", "endpoint"]).stdout;
    assert!(told.contains("127.0.0.1 is added to NO_PROXY and no_proxy in the next bash steps"), "{told}");
}

#[test]
fn without_the_file_its_variable_is_unset_and_a_note_says_who_misses_it() {
    let job = Job::new();
    let _serving = Serving::start(&job, &[]);
    let file = announcements(&job)[0].0.with_extension("authorization");
    for text in [None, Some("another")] {
        std::fs::remove_file(&file).unwrap();
        if let Some(text) = text {
            write(&file, text);
        }
        assume(&job).expect(0, "note: there is no usable file with the authorization of the endpoint: ");
        let set = next_step(&job, &[], "echo \"${AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE-none}\"");
        assert_eq!(set.trim(), "none");
        write(&file, "");
    }
}

/// It may be of this job.
#[test]
fn clear_tells_of_a_descriptor_that_it_cannot_read() {
    let job = Job::new();
    job.assume(&["--mode", "credential-process", "--profile", "p"]).succeeds();
    let unreadable = job.write("home/.aws/circleci-aws-oidc/x.endpoint", "{}");
    job.run(&["clear"]).expect(0, "note: an endpoint of `serve` may stay open, as its descriptor stays: `");
    assert!(unreadable.exists());
}
