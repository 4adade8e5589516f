//! GitHub Actions from end to end: its token endpoint, an STS that trusts its issuer, and a runner that reads what
//! the step has left.

#[cfg(unix)]
mod act;
#[cfg(unix)]
mod action;
mod generate;
#[cfg(unix)]
mod workflow;

use local_sts::{Fault, PlannedFault};
use testkit::GithubToken;

use crate::support::github_job::{ARN, AUDIENCE, BEARER, fresh, given, job, job_with};
use crate::support::token_endpoint::{Planned, TokenEndpoint, value};
use crate::support::{Job, ROLE, Run, runner};

/// A job whose endpoint gives no token.
fn job_answered(answers: Vec<Planned>) -> (Job, TokenEndpoint) {
    job_with(Vec::new(), |_| answers)
}

/// `whoami` in the environment that the runner gives the step after this one.
fn whoami_in_the_next_step(job: &mut Job) -> Run {
    runner::end_step(job);
    job.run(&["whoami"])
}

#[test]
fn the_next_step_has_the_credentials_and_the_log_has_no_secret() {
    let (mut job, endpoint) = job();
    job.set("CIRCLECI_AWS_OIDC_REGION", "eu-west-1");
    let run = job.assume(&[]);
    run.expect(0, &format!("assumed {ARN} until "))
        .expect(0, "token from GitHub's token endpoint)\n")
        .expect(
            0,
            "the next steps have the credentials in their environment (GITHUB_ENV), masked in the log\n",
        );
    let granted = job.sts.granted().remove(0);
    assert_eq!(runner::masks(&run.stdout), [&*granted.secret_access_key, &granted.session_token]);
    assert_eq!(runner::without_masks(run.stdout.as_bytes()), b"", "nothing else is on stdout");
    let heads = endpoint.heads();
    assert_eq!(heads.len(), 1);
    let expected = format!("GET /idtoken/1/2?api-version=2.0&audience={AUDIENCE} HTTP/1.1\r\n");
    assert!(heads[0].starts_with(&expected), "{}", heads[0]);
    assert!(heads[0].contains(&format!("\r\nauthorization: Bearer {BEARER}\r\n")), "{}", heads[0]);

    let variables = runner::variables(&job.read("env")).unwrap();
    assert_eq!(variables["BEFORE"], "1");
    assert_eq!(variables["AWS_DEFAULT_REGION"], "eu-west-1");
    assert_eq!(variables.len(), 6, "{variables:?}");
    let outputs = runner::variables(&job.read("output")).unwrap();
    let names: Vec<&str> = outputs.keys().map(String::as_str).collect();
    assert_eq!(names, ["authenticated-arn", "aws-account-id", "aws-expiration"]);
    assert_eq!(outputs["authenticated-arn"], ARN);
    job.assert_no_secret_in(&[("outputs", job.read("output").as_bytes())]);
    #[cfg(unix)]
    assert_eq!(crate::support::files::mode(&job.path("env")), 0o600);
    let next = whoami_in_the_next_step(&mut job);
    assert!(next.succeeds().stdout.contains(&format!("arn: {ARN}\n")), "{}", next.stdout);
}

#[test]
fn neither_file_gets_a_blank_line_whatever_it_ends_with() {
    for (before, kept) in [("", ""), ("BEFORE=1\n", "BEFORE=1\n"), ("BEFORE=1", "BEFORE=1\n")] {
        let (job, _endpoint) = job();
        job.write("env", before);
        job.write("output", before);
        job.assume(&[]).succeeds();
        for (file, first) in [("env", "AWS_ACCESS_KEY_ID<<"), ("output", "aws-account-id<<")] {
            let text = job.read(file);
            assert!(text.starts_with(&format!("{kept}{first}")), "{file} after {before:?}");
            assert!(!text.contains("\n\n") && text.ends_with('\n'), "{file} after {before:?}");
        }
    }
}

#[test]
fn the_audience_is_the_one_that_was_asked_for() {
    let (job, endpoint) = job();
    job.assume(&["--audience", "https://a.example/b&c"])
        .expect(3, &format!("the token from GitHub's token endpoint has the audience `{AUDIENCE}`; expected `https://a.example/b&c`"));
    assert!(endpoint.heads()[0].contains("&audience=https%3A%2F%2Fa.example%2Fb%26c HTTP"));
    assert_eq!(job.sts.requests().len(), 0);
}

#[test]
fn without_the_permission_the_hint_says_which() {
    let (mut job, endpoint) = job();
    job.unset("ACTIONS_ID_TOKEN_REQUEST_TOKEN");
    job.assume(&[]).expect(3, "caused by: ACTIONS_ID_TOKEN_REQUEST_TOKEN is not set\n");
    job.unset("ACTIONS_ID_TOKEN_REQUEST_URL");
    job.assume(&["--token-source", "github"])
        .expect(3, "error: GitHub Actions gives this job no token\n  caused by: ACTIONS_ID_TOKEN_REQUEST_URL is not set\n")
        .expect(3, "hint: give the workflow or the job `permissions: id-token: write`\n");
    assert!(
        job.run(&["preflight"]).expect(8, "").stdout.contains("problem token           GitHub Actions gives")
    );
    assert_eq!(endpoint.heads().len(), 0);
}

#[test]
fn an_answer_without_a_token_is_named_by_its_status_and_never_shown() {
    let told = "a-text-that-nobody-should-see-0123456789";
    for (status, body, said) in [
        (401, told.to_owned(), "responded with HTTP status 401\n"),
        (302, told.to_owned(), "responded with HTTP status 302\n"),
        (200, told.to_owned(), "` is not GitHub's JSON with a `value`\n"),
        (200, "x".repeat(2_000_000), "the response is larger than 1048576 bytes\n"),
        (
            200,
            value(told),
            "error: the response of GitHub's token endpoint is not an identity token\n  \
             caused by: the token has 1 parts between dots; a JSON Web Token has 3\n",
        ),
    ] {
        let (job, endpoint) = job_answered(vec![(status, body)]);
        // `assume` looks for the bodies in what is printed.
        job.assume(&[]).expect(3, said);
        assert_eq!(endpoint.heads().len(), 1, "{said}");
        assert_eq!(job.read("env"), "BEFORE=1");
    }
}

#[test]
fn a_fault_that_may_pass_is_asked_again() {
    let (job, endpoint) = job_with(Vec::new(), |issuer| {
        vec![(500, String::new()), (429, String::new()), given(&fresh(), issuer)]
    });
    job.assume(&[]).expect(0, "` responded with HTTP status 429; the next attempt is in ");
    assert_eq!(endpoint.heads().len(), 3);
    let (job, endpoint) = job_answered(vec![(503, String::new())]);
    job.assume(&["--max-attempts", "2"])
        .expect(3, "responded with HTTP status 503, after 2 attempts\n")
        .expect(3, "hint: run the job again");
    assert_eq!(endpoint.heads().len(), 2);
}

#[test]
fn an_endpoint_that_is_not_trusted_gets_no_bearer_token() {
    let (job, endpoint) = job();
    job.write("ca.pem", job.sts.ca_pem());
    job.assume(&[])
        .expect(3, "its certificate is not trusted")
        .expect(3, "hint: if a proxy or a private endpoint with its own CA terminates TLS for `127.0.0.1:");
    assert_eq!(endpoint.heads().len(), 0);
}

#[test]
fn the_token_is_asked_for_only_when_all_else_is_fine() {
    let (mut job, endpoint) = job();
    job.set("GITHUB_ENV", &job.text("missing/env"));
    job.assume(&[]).expect(6, "cannot be written to");
    job.set("CIRCLECI_AWS_OIDC_FORBIDDEN_ACCOUNT_ID", "123456789012");
    job.assume(&[]).expect(7, "is forbidden");
    assert_eq!(endpoint.heads().len(), 0);
}

#[test]
fn hostile_values_stay_values() {
    let hostile = [
        "$(touch pwned)'\"",
        "a%0AAWS_PROFILE=x%",
        "::stop-commands::x",
        "A<<B",
        " = ",
        "é\u{2028}AWS_PROFILE=x",
        "\\",
    ];
    for value in hostile {
        let credentials = aws::Credentials {
            access_key_id: "ASIAEXAMPLE".to_owned(),
            secret_access_key: aws::Secret::new(value.to_owned()),
            session_token: aws::Secret::new(value.to_owned()),
            expiration: "2026-11-22T14:30:05Z".parse().unwrap(),
        };
        let account = "123456789012".parse().unwrap();
        let session = export::Session::new(credentials, ARN.to_owned(), account, None).unwrap();
        let end = export::github::Delimiter::new([7; 16], &session).unwrap();
        let text = export::github::environment(&session, &["AWS_SECURITY_TOKEN"], &end);
        let variables = runner::variables(&["X=1\n", text.expose()].concat()).unwrap();
        let expected = [
            ("AWS_ACCESS_KEY_ID", "ASIAEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", value),
            ("AWS_SECURITY_TOKEN", ""),
            ("AWS_SESSION_TOKEN", value),
            ("X", "1"),
        ];
        assert_eq!(variables, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
        assert_eq!(runner::masks(export::github::masks(&session).expose()), [value, value]);
    }
}

#[test]
fn a_value_with_a_line_break_is_refused_before_anything_is_printed_or_written() {
    let fault = PlannedFault { role_arn: ROLE.to_owned(), fault: Fault::HostileCredentials, uses: None };
    let (job, _endpoint) = job_with(vec![fault], |issuer| vec![given(&fresh(), issuer)]);
    let run = job.assume(&[]);
    run.expect(6, "holds a line break or another control character");
    assert_eq!((run.stdout, job.read("env")), (String::new(), "BEFORE=1".to_owned()));
}

#[test]
fn a_refused_run_leaves_both_files_as_they_were_and_names_the_claims() {
    let other = GithubToken { git_ref: "refs/heads/other".to_owned(), ..fresh() };
    let (mut job, _endpoint) = job_with(Vec::new(), |issuer| vec![given(&other, issuer)]);
    job.assume(&[])
        .expect(4, "job: GitHub Actions, `sub` `repo:example-org/example-app:ref:refs/heads/other`, `aud` `sts.amazonaws.com`; token from GitHub's token endpoint");
    assert_eq!((job.read("env"), job.read("output")), ("BEFORE=1".to_owned(), String::new()));
    std::fs::create_dir(job.path("directory")).unwrap();
    job.set("GITHUB_OUTPUT", &job.text("directory"));
    job.assume(&[]).expect(6, "is not a regular file");
    assert_eq!(job.read("env"), "BEFORE=1");
}

#[test]
fn what_would_interfere_is_blanked_and_a_profile_that_cannot_be_is_refused() {
    let (mut job, endpoint) = job();
    job.set("AWS_SECURITY_TOKEN", "old").set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/old");
    job.assume(&[]).expect(
        0,
        "note: blank for the next steps, because they would override the credentials and GITHUB_ENV cannot unset them: AWS_SECURITY_TOKEN, \
         AWS_CONTAINER_CREDENTIALS_FULL_URI\n",
    );
    assert_eq!(runner::variables(&job.read("env")).unwrap()["AWS_SECURITY_TOKEN"], "");
    let next = whoami_in_the_next_step(&mut job);
    assert!(next.succeeds().stdout.contains(ARN));
    assert_eq!(next.stderr.matches("note:").count(), 1, "only the missing Region: {}", next.stderr);
    for name in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] {
        job.set(name, "dev");
        job.assume(&[])
            .expect(6, &format!("error: {name} is set in this job and GITHUB_ENV cannot unset it"))
            .expect(6, &format!("hint: remove {name} from the workflow's `env:`"));
        job.unset(name);
    }
    assert_eq!(endpoint.heads().len(), 1);
}

#[test]
fn without_its_file_github_is_no_destination_and_stdout_is_for_one() {
    let (mut job, _endpoint) = job();
    job.assume(&["--to", "github", "--to", "json"]).expect(
        2,
        "only one of the destinations `github`, `json`, `shell`, `fish` and `powershell` can use stdout",
    );
    job.unset("GITHUB_ENV");
    job.assume(&["--to", "github"]).expect(6, "GITHUB_ENV is not set, so there is no file for `github`");
    job.assume(&[]).expect(2, "no destination: `--to`, `--profile`, BASH_ENV and GITHUB_ENV are not set");
}

#[test]
fn the_runner_reads_both_forms_and_no_other() {
    let text = "A=1<<2\n\nB<<E\nx=y\n\nz\nE\nA=3\nC<<E\nE\n";
    let expected =
        [("A", "3"), ("B", "x=y\n\nz"), ("C", "")].map(|(name, value)| (name.into(), value.into()));
    assert_eq!(runner::variables(text), Ok(expected.into()));
    for text in ["A", "A<<\nx\n", "A<<E\nx\n", "=1", "GITHUB_ENV=x", "NODE_OPTIONS=x"] {
        assert!(runner::variables(text).is_err(), "{text}");
    }
}
