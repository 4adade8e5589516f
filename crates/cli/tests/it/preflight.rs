//! All that could stand in the way of `assume`, in one run, without a word to STS and without a trace.

mod bash_env;
mod network;
mod order;

use serde_json::json;
use testkit::{JobToken, Shape};

use crate::support::files::snapshot;
use crate::support::{Job, ROLE, Run};

fn preflight(job: &Job, flags: &[&str]) -> Run {
    let before = snapshot(job);
    let run = job.run(&[&["preflight"], flags].concat());
    assert_eq!(job.sts.requests().len(), 0);
    assert_eq!(snapshot(job), before);
    run
}

fn job() -> Job {
    let mut job = Job::new();
    job.set("AWS_REGION", "eu-west-1");
    job.set("CIRCLE_PROJECT_USERNAME", "example-org").set("CIRCLE_PROJECT_REPONAME", "example-app");
    job
}

/// A job whose V2 token says this.
fn job_with(change: impl FnOnce(&mut JobToken)) -> Job {
    let mut job = job();
    let mut token = job.fresh();
    change(&mut token);
    let token = token.mint(job.sts.issuer()).unwrap();
    job.set("CIRCLE_OIDC_TOKEN_V2", &token);
    job
}

/// The line of this level about this check whose words begin so.
#[track_caller]
fn assert_line(run: &Run, level: &str, check: &str, words: &str) {
    let line = format!("{level:8}{check:16}{words}");
    assert!(run.stdout.lines().any(|found| found.starts_with(&line)), "`{line}` is not in:\n{}", run.stdout);
}

#[test]
fn a_good_job_has_no_problem_and_no_note() {
    let mut job = job();
    job.unset("AWS_ENDPOINT_URL_STS").unset("AWS_CA_BUNDLE");
    let run = preflight(&job, &["--to", "bash-env", "--to", "profile:prod", "--to", "dotenv:out.env"]);
    let count = run.stdout.lines().count();
    assert_eq!((run.status, run.stderr.as_str()), (0, &*format!("no problems, no notes, {count} ok\n")));
    let quiet = preflight(&job, &["--to", "bash-env", "--quiet"]);
    assert_eq!((quiet.status, quiet.stderr.as_str()), (0, ""), "{}", quiet.stdout);
    assert!(run.stdout.lines().all(|line| line.starts_with("ok      ")), "{}", run.stdout);
    let issuer = job.sts.issuer().organization_id();
    for (check, words) in [
        ("token", "CIRCLE_OIDC_TOKEN_V2 is valid for 3".to_owned()),
        ("subject", format!("V2, with origin and ref: `org/{issuer}/project/")),
        ("clock", "the token was issued ".to_owned()),
        ("issuer", format!("`https://oidc.circleci.com/org/{issuer}`")),
        (
            "provider",
            format!(
                "the role's account needs `arn:aws:iam::123456789012:oidc-provider/oidc.circleci.com/org/{issuer}`"
            ),
        ),
        ("audience", format!("`{issuer}`, the issuer's organization")),
        ("job", "not a re-run with SSH, not a fork's pull request".to_owned()),
        ("role-arn", format!("`{ROLE}`, in account 123456789012")),
        ("region", "eu-west-1, in partition aws".to_owned()),
        ("session-name", "`CircleCI-example-app`".to_owned()),
        ("duration", "1h".to_owned()),
        ("accounts", "account 123456789012 is allowed".to_owned()),
        ("endpoint", "https://sts.eu-west-1.amazonaws.com/".to_owned()),
        ("proxy", "none is set: directly to the endpoint".to_owned()),
        ("ca-bundle", "Mozilla's roots, which are built in".to_owned()),
        ("destination", "bash-env can be written to".to_owned()),
        ("destination", "profile `prod` can be written to".to_owned()),
        ("destination", "`out.env` can be written to".to_owned()),
        ("next-step", "nothing is set that AWS tools would use instead".to_owned()),
    ] {
        assert_line(&run, "ok", check, &words);
    }
}

#[test]
fn one_run_shows_every_problem() {
    let mut job = Job::new();
    job.unset("CIRCLE_OIDC_TOKEN_V2").set("AWS_CA_BUNDLE", "missing.pem").set("AWS_REGION", "cn-north-1");
    let problems = [
        ("CIRCLECI_AWS_OIDC_ROLEARN", "x", "settings"),
        ("CIRCLECI_AWS_OIDC_PROFIL", "x", "settings"),
        ("CIRCLECI_AWS_OIDC_COLOR", "blue", "settings"),
        ("CIRCLECI_AWS_OIDC_WITH_NETWORK", "maybe", "settings"),
        ("CIRCLECI_AWS_OIDC_SESSION_NAME", "x", "session-name"),
        ("CIRCLECI_AWS_OIDC_DURATION", "1s", "duration"),
        ("CIRCLECI_AWS_OIDC_POLICY", "{", "policy"),
        ("CIRCLECI_AWS_OIDC_SCOPE_DURATION", "0s", "scope"),
        ("CIRCLECI_AWS_OIDC_TAG", "k=v", "chain"),
        ("CIRCLECI_AWS_OIDC_FORBIDDEN_ACCOUNT_ID", "12", "accounts"),
        ("CIRCLECI_AWS_OIDC_CONNECT_TIMEOUT", "0", "connect-timeout"),
        ("CIRCLECI_AWS_OIDC_DEADLINE", "2h", "deadline"),
        ("CIRCLECI_AWS_OIDC_MAX_ATTEMPTS", "0", "max-attempts"),
        ("CIRCLECI_AWS_OIDC_TO", "dotenv:no/such/file", "destination"),
    ];
    for (name, value, _) in problems {
        job.set(name, value);
    }
    let run = preflight(&job, &[]);
    for check in problems.iter().map(|(_, _, check)| *check).chain(["token", "region", "ca-bundle"]) {
        assert_line(&run, "problem", check, "");
    }
    let count = run.stdout.lines().filter(|line| line.starts_with("problem ")).count();
    assert_eq!(count, problems.len() + 3, "{}", run.stdout);
    run.expect(8, "result: 17 problems, ").expect(8, " ok; the problems would make `assume` fail, and their");
}

#[test]
fn a_problem_says_what_assume_would_and_what_to_do() {
    let mut job = job();
    job.set("CIRCLECI_AWS_OIDC_ROLE_ARN", "$ROLE").unset("BASH_ENV");
    let run = preflight(&job, &[]);
    assert_line(
        &run,
        "problem",
        "role-arn",
        "the value of `CIRCLECI_AWS_OIDC_ROLE_ARN` cannot be expanded: `$ROLE` is not set in this step; set ROLE in the project, \
         a context or an earlier step, or write ${ROLE:-default}",
    );
    assert_line(&run, "problem", "destination", "no destination: `--to`, `--profile`, BASH_ENV");
    run.expect(8, "result: 2 problems, ");
}

#[test]
fn what_a_token_says_is_told_by_what_it_means() {
    type Change = fn(&mut JobToken);
    let table: [(Change, &str, &str, &str); 10] = [
        (
            |token| token.expires_at = token.issued_at - 10,
            "problem",
            "token",
            "the token from CIRCLE_OIDC_TOKEN_V2 expired at ",
        ),
        (
            |token| token.expires_at = token.issued_at + 200,
            "note",
            "token",
            "CIRCLE_OIDC_TOKEN_V2 is valid for ",
        ),
        (
            |token| token.shape = Shape::Webhook,
            "note",
            "subject",
            "of a custom webhook's pipeline, without origin and ref in V1 and V2 alike",
        ),
        (|token| token.issued_at += 400, "problem", "clock", "the token's `iat` is "),
        (|token| token.issued_at += 200, "ok", "clock", "the token's `iat` is "),
        (|token| token.audience = json!(["a", "b"]), "note", "audience", "`a, b`: STS was seen to refuse"),
        (|token| token.audience = json!("a"), "note", "audience", "`a`, not the issuer's organization"),
        (|token| token.ssh_rerun = true, "note", "job", "re-run with SSH"),
        (
            |token| token.vcs_origin = "github.com/mallory/example-app".to_owned(),
            "note",
            "job",
            "code from outside the project gets the credentials: this job's code is from `github.com/mallory/",
        ),
        (
            |token| token.vcs_ref = "refs/heads/pull/7".to_owned(),
            "note",
            "job",
            "it builds a fork's pull request",
        ),
    ];
    for (change, level, check, words) in table {
        let run = preflight(&job_with(change), &[]);
        assert_line(&run, level, check, words);
        assert_eq!(run.status, if level == "problem" { 8 } else { 0 }, "{words}: {}", run.stdout);
    }
}

#[test]
fn what_the_environment_does_not_show_of_the_job_is_said() {
    let mut job = job();
    job.unset("CIRCLE_PROJECT_USERNAME");
    let words = "not known whether this job builds a fork: the job's variable CIRCLE_PROJECT_USERNAME is not set here";
    assert_line(&preflight(&job, &[]), "note", "job", words);
    let mut claims = job.fresh().claims();
    claims.as_object_mut().unwrap().remove("oidc.circleci.com/ssh-rerun");
    let token = job.sts.issuer().sign(&claims).unwrap();
    let run = preflight(job.set("CIRCLE_OIDC_TOKEN_V2", &token), &[]);
    assert_line(
        &run,
        "note",
        "job",
        "not known whether this job was re-run with SSH: the token from CIRCLE_OIDC_TOKEN_V2 has",
    );
    assert!(!run.stdout.contains("not a re-run"), "{}", run.stdout);
}

#[test]
fn a_v1_token_and_one_of_the_root_issuer_are_noted() {
    let mut job = job();
    let v1 = job.token(Shape::V1);
    job.set("CIRCLE_OIDC_TOKEN", &v1);
    assert_line(
        &preflight(&job, &[]),
        "ok",
        "subject",
        "CIRCLE_OIDC_TOKEN has another: it is sent if STS denies",
    );
    let run = preflight(&job, &["--token-source", "circleci-v1"]);
    assert_line(&run, "note", "subject", "V1, without origin and ref");
    let mut claims = job.fresh().claims();
    claims["iss"] = "https://oidc.circleci.com".into();
    claims.as_object_mut().unwrap().remove("iat");
    let token = job.sts.issuer().sign(&claims).unwrap();
    let run = preflight(job.set("CIRCLE_OIDC_TOKEN_V2", &token), &[]);
    assert_line(&run, "note", "issuer", "`https://oidc.circleci.com` issues tokens for every customer");
    assert_line(&run, "problem", "clock", "the token has no readable `iat`");
}

#[test]
fn the_chain_s_last_account_is_the_one_that_counts() {
    let job = job();
    let last = "arn:aws:iam::333333333333:role/last";
    let flags = ["--chain-role-arn", last, "--allowed-account-id", "123456789012", "--duration", "2h"];
    let run = preflight(&job, &flags);
    assert_line(&run, "ok", "duration", "2h, if the role's MaxSessionDuration allows it");
    assert_line(
        &run,
        "problem",
        "chain",
        "`--duration` cannot be used: invalid value `2h`; expected at most 1h",
    );
    let run = preflight(&job, &flags[..4]);
    assert_line(&run, "ok", "chain", &format!("then `{last}`, in account 333333333333"));
    assert_line(&run, "problem", "accounts", "account 333333333333 is not allowed by");
}

#[test]
fn what_the_next_step_could_take_instead_is_told_by_destination() {
    let mut job = job();
    job.set("AWS_ACCESS_KEY_ID", "AKIAJOB").set("AWS_SECRET_ACCESS_KEY", "x").set("AWS_PROFILE", "team");
    job.set("AWS_WEB_IDENTITY_TOKEN_FILE", "/t").set("AWS_SECURITY_TOKEN", "y");
    let run = preflight(&job, &[]);
    for words in [
        "there are credentials already: environment (AWS_ACCESS_KEY_ID)",
        "AWS_SECURITY_TOKEN is set and used as the session token",
        "replaced in the next bash steps, but not in those of other shells: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY",
        "unset in the next bash steps, because they would override the credentials: AWS_SECURITY_TOKEN, AWS_PROFILE",
    ] {
        assert_line(&run, "note", "next-step", words);
    }
    let run = preflight(&job, &["--profile", "prod"]);
    for words in [
        "AWS tools use AWS_ACCESS_KEY_ID before profile `prod`, unless they get `aws --profile prod`",
        "AWS tools use AWS_WEB_IDENTITY_TOKEN_FILE before profile `prod`",
        "AWS_PROFILE names another profile than `prod`",
    ] {
        assert_line(&run, "note", "next-step", words);
    }
    assert_eq!(run.status, 0);
}

#[test]
fn an_endpoint_that_nobody_named_is_told() {
    let mut job = Job::new();
    job.unset("AWS_ENDPOINT_URL_STS");
    let run = preflight(&job, &[]);
    assert_line(
        &run,
        "note",
        "region",
        "no Region is set: STS is called in us-east-1, and no Region is exported",
    );
    assert_line(&run, "ok", "endpoint", "https://sts.us-east-1.amazonaws.com/");
    job.set("AWS_USE_FIPS_ENDPOINT", "true").set("AWS_REGION", "eu-west-1");
    let run = preflight(&job, &[]);
    assert_line(&run, "note", "endpoint", "https://sts-fips.eu-west-1.amazonaws.com/ may not exist");
}
