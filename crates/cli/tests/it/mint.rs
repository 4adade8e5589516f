//! Fresh tokens from CircleCI's own program, played by a script: what it is started with, and each way in which it is
//! known to give nothing.

mod child;

use std::time::Instant;

use local_sts::{Config, unix_time_now};
use testkit::example_ids::ORGANIZATION_ID;
use testkit::{JobToken, Shape};

use crate::support::files::set_mode;
use crate::support::{Job, ROLE};

/// Prints the token that the test has put there, and keeps its arguments, one a line.
const WORKS: &str = "printf '%s\\n' \"$@\" >>calls; cat minted";

/// A job on CircleCI without a token, whose image has this program.
fn job(script: &str) -> Job {
    job_with(Config::default(), script)
}

fn job_with(config: Config, script: &str) -> Job {
    let mut job = Job::with(config);
    let path = format!("{}:/usr/bin:/bin", job.text("image"));
    job.unset("CIRCLE_OIDC_TOKEN_V2").set("CIRCLECI", "true").set("PATH", &path);
    job.set("CIRCLE_ORGANIZATION_ID", ORGANIZATION_ID);
    program(&job, "image/circleci", script);
    let token = job.token(Shape::V2);
    will_mint(&mut job, &token);
    job
}

/// What a script finds under `minted`; `assume` looks for it in what is printed.
fn will_mint(job: &mut Job, token: &str) {
    job.write("minted", token);
    job.keep_secret(token);
}

fn program(job: &Job, name: &str, script: &str) {
    job.write_program(name, &format!("#!/bin/sh\n{script}\n"));
}

/// A V2 token of the job that ends in so many seconds.
fn ending_in(job: &Job, seconds: i64) -> String {
    let now = unix_time_now();
    let token =
        JobToken { issued_at: now - 3600, expires_at: now.saturating_add_signed(seconds), ..job.fresh() };
    token.mint(job.sts.issuer()).unwrap()
}

fn claims(audience: &str) -> String {
    format!("run\noidc\nget\n--claims\n{}\n", serde_json::json!({"aud": audience}))
}

#[test]
fn the_program_is_started_with_an_argument_vector_and_its_token_is_taken() {
    let mut job = job(WORKS);
    job.assume(&["--token-source", "mint"]).expect(0, "token from `circleci run oidc get`)\n");
    assert_eq!(job.read("calls"), claims(ORGANIZATION_ID));
    job.write("calls", "");
    let hostile = "a\"},{'$(touch${IFS}pwned)`x`\\";
    job.assume(&["--token-source", "mint", "--audience", hostile])
        .expect(3, &format!("has the audience `{ORGANIZATION_ID}`; expected `{hostile}`"));
    assert_eq!(job.read("calls"), claims(hostile));
    assert!(!job.path("pwned").exists());
    // Without any hint the program's own default counts.
    job.write("calls", "");
    job.unset("CIRCLE_ORGANIZATION_ID");
    job.assume(&["--token-source", "mint"]).succeeds();
    assert_eq!(job.read("calls"), "run\noidc\nget\n");
}

#[test]
fn an_audience_that_the_role_asks_for_is_minted() {
    let client_ids = vec!["a.example".to_owned()];
    let roles = vec![local_sts::Role::new(
        ROLE,
        &crate::support::project_policy(ORGANIZATION_ID)
            .replace(&format!("\"{ORGANIZATION_ID}\""), "\"a.example\""),
    )];
    let mut job = job_with(Config { client_ids, roles, ..Config::default() }, WORKS);
    let token = JobToken { audience: "a.example".into(), ..job.fresh() }.mint(job.sts.issuer()).unwrap();
    will_mint(&mut job, &token);
    job.set("CIRCLE_OIDC_TOKEN_V2", &job.token(Shape::V2)).set("CIRCLECI_AWS_OIDC_AUDIENCE", "a.example");
    job.assume(&[]).expect(0, &format!("note: CIRCLE_OIDC_TOKEN_V2 has the audience `{ORGANIZATION_ID}`; expected `a.example`: a fresh one from `circleci run oidc get` is used\n"));
    assert_eq!(job.read("calls"), claims("a.example"));
    // What was named is taken as it is, or not at all.
    job.assume(&["--token-source", "circleci-v2"])
        .expect(3, "the token from CIRCLE_OIDC_TOKEN_V2 has the audience");
    job.set("CIRCLE_OIDC_TOKEN_V2", &token);
    job.assume(&[]).expect(0, "token from CIRCLE_OIDC_TOKEN_V2)");
    assert_eq!(job.read("calls"), claims("a.example"), "one call in all");
}

#[test]
fn auto_mints_on_circleci_where_there_is_no_token_and_nowhere_else() {
    let mut job = job(WORKS);
    job.assume(&[]).expect(0, "token from `circleci run oidc get`)\n");
    job.unset("CIRCLECI");
    job.assume(&[])
        .expect(3, "error: CIRCLE_OIDC_TOKEN_V2 and CIRCLE_OIDC_TOKEN are not set, or are empty\n  hint:");
    job.set("CIRCLECI", "true").set("CIRCLE_OIDC_TOKEN_V2", "not.a.token");
    job.assume(&[]).expect(3, "the content of CIRCLE_OIDC_TOKEN_V2 is not an identity token");
    assert_eq!(job.read("calls"), claims(ORGANIZATION_ID), "one call in all");
}

#[test]
fn auto_takes_a_fresh_token_where_the_one_at_hand_is_at_its_end() {
    for (seconds, said) in
        [(-10, "CIRCLE_OIDC_TOKEN_V2 expired at "), (30, "CIRCLE_OIDC_TOKEN_V2 expires in ")]
    {
        let mut job = job(WORKS);
        job.set("CIRCLE_OIDC_TOKEN_V2", &ending_in(&job, seconds)).unset("CIRCLE_ORGANIZATION_ID");
        let token = job.token(Shape::V1);
        will_mint(&mut job, &token);
        let run = job.assume(&[]);
        run.expect(0, &format!("note: {said}"))
            .expect(0, ": a fresh one from `circleci run oidc get` is used, whose `sub` is `org/");
        assert_eq!(job.read("calls"), claims(ORGANIZATION_ID), "the audience of the token at hand");
    }
    let mut job = job(WORKS);
    job.set("CIRCLE_OIDC_TOKEN_V2", &ending_in(&job, 90));
    job.assume(&[]).expect(0, "token from CIRCLE_OIDC_TOKEN_V2)");
    assert_eq!(job.read("calls"), "");
}

#[test]
fn where_there_is_no_fresh_one_the_old_one_is_used_as_long_as_it_lives() {
    let mut job = job("echo 'Error: no agent' >&2; exit 3");
    job.set("CIRCLE_OIDC_TOKEN_V2", &ending_in(&job, 40));
    job.assume(&[]).expect(
        0,
        ", and there is no fresh one: `circleci run oidc get` returned no token, after 3 attempts: `",
    );
    job.set("CIRCLE_OIDC_TOKEN_V2", &ending_in(&job, -1));
    job.assume(&[])
        .expect(3, "error: CIRCLE_OIDC_TOKEN_V2 expired at ")
        .expect(3, ", and there is no fresh one\n  caused by: `circleci run oidc get` returned no token, after 3 attempts\n")
        .expect(3, "ended with exit status: 3 (Error: no agent)\n")
        .expect(3, "hint: use the `circleci` that CircleCI puts into the job");
}

#[test]
fn each_way_to_give_no_token_is_tried_three_times_and_told() {
    let cases = [
        ("", "ended without an error and printed nothing\n"),
        ("echo", "ended without an error and printed nothing\n"),
        (
            "echo 'Error: unknown command \"oidc\"' >&2; exit 1",
            "ended with exit status: 1 (Error: unknown command \"oidc\")\n",
        ),
        ("cat minted >&2; exit 1", "ended with exit status: 1 (…)\n"),
        ("cat minted; exit 1", "ended with exit status: 1\n"),
        ("cat minted; cat minted", "circleci` is not a token\n"),
        ("printf '\\377.a.b'", "circleci` is not a token\n"),
        ("head -c 200000 /dev/zero | tr '\\0' a", "circleci` is not a token\n"),
        ("kill -9 $$", "ended with signal: 9 (SIGKILL)\n"),
    ];
    let check = |script: &str, said: &str| {
        let job = job(&format!("echo >>runs\n{script}"));
        job.assume(&["--token-source", "mint"])
            .expect(3, "error: this job has no fresh token\n  caused by: `circleci run oidc get` returned no token, after 3 attempts\n")
            .expect(3, said);
        assert_eq!(job.read("runs").len(), 3, "{said}");
        assert_eq!(job.sts.requests().len(), 0);
        assert!(!job.path("bash_env").exists());
    };
    // Each waits two seconds.
    std::thread::scope(|scope| {
        for (script, said) in cases {
            scope.spawn(move || check(script, said));
        }
    });
}

#[test]
fn a_fault_that_passes_is_forgotten() {
    let job = job("echo >>runs; [ $(wc -l <runs) -lt 3 ] || cat minted");
    job.assume(&[]).expect(0, "attempt 2 failed: `");
    assert_eq!(job.read("runs").len(), 3);
}

#[test]
fn a_program_that_hangs_is_stopped_at_the_deadline() {
    let job = job("echo $$ >pid; exec sleep 60");
    let begun = Instant::now();
    job.assume(&["--token-source", "mint", "--deadline", "2s"]).expect(3, "did not end within 2 s\n");
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
    let process = format!("/proc/{}/stat", job.read("pid").trim());
    assert!(!std::path::Path::new(&process).exists(), "it still runs");
}

#[test]
fn a_child_that_keeps_the_pipe_open_holds_nobody_back() {
    let job = job("sleep 20 & cat minted");
    let begun = Instant::now();
    job.assume(&[]).succeeds();
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
}

#[test]
fn a_program_of_the_checkout_is_not_run() {
    for search_path in [".::image:./image", ""] {
        let mut job = job("touch pwned");
        program(&job, "circleci", "touch pwned");
        job.set("PATH", search_path);
        let begun = Instant::now();
        job.assume(&["--token-source", "mint"])
            .expect(3, "caused by: neither `circleci` nor `circleci-agent` is in PATH\n");
        assert!(begun.elapsed().as_millis() < 900, "nothing to wait for");
        assert!(!job.path("pwned").exists());
    }
    let mut job = job("touch pwned");
    set_mode(&job.path("image/circleci"), 0o644);
    std::fs::create_dir(job.path("image/circleci-agent")).unwrap();
    job.set("PATH", &job.text("image"));
    job.assume(&["--token-source", "mint"]).expect(3, "caused by: neither `circleci`");
}

#[test]
fn the_agents_own_name_is_tried_where_the_first_one_has_no_tokens() {
    let job = job("echo 'Error: unknown command' >&2; exit 255");
    program(&job, "image/circleci-agent", WORKS);
    job.assume(&["--token-source", "mint"]).succeeds();
    assert_eq!(job.read("calls"), claims(ORGANIZATION_ID));
}

#[test]
fn preflight_says_that_a_fresh_token_will_be_taken_and_takes_none() {
    let mut job = job(WORKS);
    job.set("AWS_REGION", "eu-west-1");
    let asked = "note    token           requested when the role is assumed, so it cannot be checked now\n";
    for flags in [&["preflight"][..], &["preflight", "--token-source", "mint"]] {
        let run = job.run(flags);
        assert!(run.succeeds().stdout.contains(asked), "{}", run.stdout);
    }
    job.set("CIRCLE_OIDC_TOKEN_V2", &ending_in(&job, -5));
    let run = job.run(&["preflight"]);
    assert!(run.succeeds().stdout.contains(": `assume` requests a fresh one\n"), "{}", run.stdout);
    assert_eq!(job.read("calls"), "");
    job.set("PATH", "/nowhere");
    for (flags, said) in [
        (&["preflight"][..], "problem token           the token from CIRCLE_OIDC_TOKEN_V2 expired at "),
        (&["preflight", "--token-source", "mint"], "problem token           this job has no fresh token: "),
        (
            &["preflight", "--audience", "a.example"],
            "problem audience        the token from CIRCLE_OIDC_TOKEN_V2 has the audience ",
        ),
    ] {
        let run = job.run(flags);
        assert!(run.expect(8, "").stdout.contains(said), "{}", run.stdout);
    }
}
