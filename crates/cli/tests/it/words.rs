//! What a run says about surroundings that the next steps would trip over, and about servers that are not AWS's.

use local_sts::Fault;

use crate::support::Job;

#[test]
fn credentials_that_have_expired_on_arrival_are_no_success() {
    for seconds in [-3600, -1] {
        let job = Job::with_fault(Fault::Expiring(seconds), None);
        let run = job.assume(&["--to", "bash-env", "--to", "dotenv:out.env"]);
        run.expect(5, "the credentials in the response expired at ")
            .expect(5, "hint: set this machine's clock");
        assert!(job.read("bash_env").is_empty() && job.read("out.env").is_empty());
        job.run(&["credential-process", "--role-arn", crate::support::ROLE]).expect(5, "expired at ");
    }
}

#[test]
fn a_server_that_hangs_is_not_one_without_a_route() {
    let job = Job::with_fault(Fault::Hang, None);
    let run = job.assume(&["--deadline", "2s", "--max-attempts", "1"]);
    run.expect(5, "(no-response)");
    assert!(!run.stderr.contains("no route") && !run.stderr.contains("no-route"), "{}", run.stderr);
}

#[test]
fn the_account_of_a_variable_is_compared_and_that_of_a_profile_is_removed() {
    let mut job = Job::new();
    job.set("AWS_ACCOUNT_ID", "999999999999");
    let note = "note: AWS_ACCOUNT_ID is `999999999999`, but the credentials are of account 123456789012";
    for flags in [&[][..], &["--verify"], &["--profile", "p"]] {
        let run = job.assume(flags);
        run.expect(0, note);
        assert_eq!(run.stderr.matches("AWS_ACCOUNT_ID").count(), 1, "{}", run.stderr);
    }
    let run = job.run(&["preflight"]);
    assert!(
        run.stdout.contains("note    account         AWS_ACCOUNT_ID is `999999999999`"),
        "{}",
        run.stdout
    );
    job.set("AWS_ACCOUNT_ID", "123456789012");
    assert!(!job.assume(&[]).succeeds().stderr.contains("AWS_ACCOUNT_ID"));
    for (mode, left) in [("profile", "[profile q]\nx = 1\n"), ("credential-process", "[profile q]\nx = 1\n")]
    {
        job.write("home/.aws/config", "[profile q]\naws_account_id = 999999999999\nx = 1\n");
        job.assume(&["--mode", mode, "--profile", "q"]).succeeds();
        assert!(job.read("home/.aws/config").starts_with(left), "{}", job.read("home/.aws/config"));
    }
}

#[test]
fn an_unknown_region_and_a_blank_bundle_are_notes() {
    let mut job = Job::new();
    job.assume(&[])
        .expect(0, "note: AWS tools of the next steps need a Region, and none is known here: set `--region`");
    assert!(!job.assume(&["--region", "eu-west-1"]).succeeds().stderr.contains("need a Region"));
    let run = job.run(&["preflight"]);
    assert!(
        run.stdout.contains("note    region          AWS tools of the next steps need a Region"),
        "{}",
        run.stdout
    );
    let bundle = job.value("AWS_CA_BUNDLE").to_owned();
    job.set("SSL_CERT_FILE", &bundle).set("AWS_CA_BUNDLE", "");
    let run = job.run(&["preflight"]);
    assert!(run.stdout.contains("note    ca-bundle       AWS_CA_BUNDLE is blank"), "{}", run.stdout);
}

#[test]
fn no_message_holds_characters_that_change_how_it_is_read() {
    let job = Job::new();
    let hostile = "a\u{202e}b\u{2066}c\u{2028}d\u{1b}[31me";
    for arguments in [
        &[hostile][..],
        &["assume", hostile],
        &["assume", "--region", hostile],
        &["assume", "--role-arn", hostile],
        &["whoami", "--profile", hostile],
        &["preflight", "--region", hostile],
        &["trust", "lint", hostile],
        &["clear", "--to", hostile],
    ] {
        let run = job.run(arguments);
        let printed = run.stdout + &run.stderr;
        let bad = |c: char| matches!(c, '\u{202e}' | '\u{2066}' | '\u{2028}' | '\u{1b}');
        assert!(!printed.contains(bad), "{arguments:?}: {printed:?}");
        assert!(printed.contains("202e"), "{arguments:?}: {printed:?}");
    }
}

#[test]
fn whoami_reads_files_that_all_aws_tools_read() {
    let job = Job::new();
    job.assume(&["--to", "dotenv:keys"]).succeeds();
    let value = |name: &str| {
        let keys = job.read("keys");
        let line = keys.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        line.unwrap().to_owned()
    };
    let keys = |indentation: &str| {
        let [id, key, token] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"].map(value);
        format!(
            "{indentation}aws_access_key_id = {id}\n{indentation}aws_secret_access_key = {key}\n\
             {indentation}aws_session_token = {token}\n"
        )
    };
    job.write("home/.aws/config", include_str!("../../../export/cases/indented-config.ini"));
    for name in ["x", "a/b", "team@prod", "a:b", "a+b", "a%b"] {
        job.write("home/.aws/credentials", &format!("  [{name}]\n{}", keys("  ")));
        job.run(&["whoami", "--profile", name]).succeeds();
    }
    // The editor takes the indented file too, and botocore reads what it writes (crate `export`).
    job.write("home/.aws/credentials", "");
    job.assume(&["--profile", "x", "--region", "eu-west-1"]).succeeds();
    assert!(job.read("home/.aws/config").ends_with("  [profile x]\n  region = eu-west-1\n"));
    job.assume(&["--profile", "a/b"]).expect(2, "invalid character `/`");
}
