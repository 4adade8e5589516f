//! `token`: what is shown of a token, for which audience it is, and the file that it is written to. The token itself is
//! never printed: `Job::run` searches both streams.

use testkit::example_ids::{ORGANIZATION_ID, PROJECT_ID};

use crate::support::files::{mode, set_mode};
use crate::support::{Job, ROLE};

fn json_of(job: &Job, flags: &[&str]) -> serde_json::Value {
    // `--format=json`: the word alone would allow secrets on stdout.
    let run = job.run(&[&["token", "--format=json"], flags].concat());
    serde_json::from_str(&run.succeeds().stdout).unwrap()
}

#[test]
fn promise_1_the_claims_are_shown_and_never_the_token() {
    let job = Job::new();
    let shown = json_of(&job, &["--role-arn", ROLE]);
    let provider = format!("oidc.circleci.com/org/{ORGANIZATION_ID}");
    assert_eq!(shown["source"], "CIRCLE_OIDC_TOKEN_V2");
    assert_eq!(shown["form"], "V2");
    assert_eq!(shown["claims"]["aud"], ORGANIZATION_ID);
    assert_eq!(shown["provider"], format!("arn:aws:iam::123456789012:oidc-provider/{provider}"));
    assert_eq!(shown["condition_keys"][format!("{provider}:aud")], ORGANIZATION_ID);
    assert_eq!(shown["condition_keys"][format!("{provider}:sub")], shown["claims"]["sub"]);
    assert!((1..=3600).contains(&shown["expires_in_seconds"].as_i64().unwrap()), "{shown}");
    let text = job.run(&["token"]);
    text.succeeds();
    for line in ["source", "form", "claim aud", "claim sub", "provider", &format!("key {provider}:sub")] {
        assert!(
            text.stdout.lines().any(|it| it.starts_with(&format!("{line}  "))),
            "{line}: {}",
            text.stdout
        );
    }
    assert!(text.stdout.contains(PROJECT_ID));
    assert_eq!(job.sts.requests().len(), 0);
}

#[test]
fn promise_2_the_file_holds_the_token_alone_and_is_private() {
    let job = Job::new();
    let token = job.value("CIRCLE_OIDC_TOKEN_V2");
    set_mode(&job.write("same.jwt", token), 0o644);
    set_mode(&job.write("line.jwt", &format!("{token}\n")), 0o644);
    set_mode(&job.write("empty.jwt", ""), 0o644);
    for name in ["same.jwt", "line.jwt", "empty.jwt", "new.jwt"] {
        let run = job.run(&["token", "--to", &format!("file:{name}")]);
        run.expect(0, &format!("{name}`, valid until 20"));
        assert_eq!((job.read(name).as_str(), mode(&job.path(name))), (token, 0o600), "{name}");
    }
    // AWS's own clients take such a file; the exchange does, too.
    job.assume(&["--token-source", "file:new.jwt"]).succeeds();
}

#[test]
fn a_file_with_anything_else_than_a_token_is_left_alone() {
    let job = Job::new();
    for text in ["-----BEGIN OPENSSH PRIVATE KEY-----\n", "a.b.c", "{}"] {
        set_mode(&job.write("mine", text), 0o644);
        let run = job.run(&["token", "--to", "file:mine"]);
        run.expect(6, "error: the token cannot be written to `mine`: what is in it is not a token\n");
        assert_eq!(
            (run.stdout.as_str(), job.read("mine").as_str(), mode(&job.path("mine"))),
            ("", text, 0o644)
        );
    }
}

#[test]
fn promise_2_a_token_is_not_written_into_a_directory_that_others_can_change() {
    let job = Job::new();
    let open = job.path("open");
    std::fs::create_dir(&open).unwrap();
    set_mode(&open, 0o777);
    job.run(&["token", "--to", "file:open/token.jwt"])
        .expect(6, "error: `open/token.jwt` cannot be written to");
    assert!(!open.join("token.jwt").exists());
}

/// A CircleCI CLI that prints a fixed token, and what it was asked for.
fn with_cli(job: &mut Job, token: &str) {
    let script = format!("#!/bin/sh\necho \"$*\" >>'{}'\necho {token}\n", job.text("asked"));
    job.write_program("bin/circleci", &script);
    let path = format!("{}:/usr/bin:/bin", job.text("bin"));
    job.set("PATH", &path).set("CIRCLECI", "true");
}

#[test]
fn another_audience_is_minted_and_the_one_at_hand_is_not() {
    let mut job = Job::new();
    let mut minted = job.fresh();
    minted.audience = "vault".into();
    let minted = minted.mint(job.sts.issuer()).unwrap();
    job.keep_secret(&minted);
    with_cli(&mut job, &minted);
    assert_eq!(json_of(&job, &["--audience", ORGANIZATION_ID])["source"], "CIRCLE_OIDC_TOKEN_V2");
    assert_eq!(job.read("asked"), "");
    let shown = json_of(&job, &["--audience", "vault"]);
    assert_eq!(
        (&shown["source"], &shown["claims"]["aud"]),
        (&"`circleci run oidc get`".into(), &"vault".into())
    );
    assert_eq!(job.read("asked"), "run oidc get --claims {\"aud\":\"vault\"}\n");
    job.run(&["token", "--audience", "vault", "--token-source", "circleci-v2"]).expect(3, "vault");
}

#[test]
fn what_is_no_file_and_a_second_file_are_refused() {
    let job = Job::new();
    for (to, part) in [("bash-env", "expected file:PATH"), ("file:", "expected file:PATH")] {
        job.run(&["token", "--to", to]).expect(2, part);
    }
    job.run(&["token", "--to", "file:a", "--to", "file:b"]).expect(2, "a token is written to one file");
    assert!(!job.path("a").exists());
}
