//! Jobs of GitLab, Buildkite, Bitbucket and Jenkins: where their token is looked for, what their session is named, what is
//! said where they have none, and what they share under one home directory. Variables: facts/other-cis.md 1 to 4.

use serde_json::json;

use crate::support::{Job, ROLE};

const LINE: [&str; 3] = ["credential-process", "--role-arn", ROLE];

struct Ci {
    /// A job's variables, the first of which differs for each job.
    variables: &'static [(&'static str, &'static str)],
    session: &'static str,
    /// What to do about a missing token.
    remedy: &'static str,
}

static CIS: [Ci; 4] = [
    Ci {
        variables: &[
            ("CI_JOB_ID", "1212"),
            ("GITLAB_CI", "true"),
            ("CI_SERVER_URL", "https://gitlab.example"),
            ("CI_PROJECT_NAME", "my-app"),
        ],
        session: "GitLab-my-app-1212",
        remedy: "give the job `id_tokens: {AWS_TOKEN: {aud: sts.amazonaws.com}}` in `.gitlab-ci.yml`",
    },
    Ci {
        variables: &[
            ("BUILDKITE_JOB_ID", "e44f9784-e20e-4b93-a21d-f41fd5869db9"),
            ("BUILDKITE", "true"),
            ("BUILDKITE_BUILD_NUMBER", "1514"),
            ("BUILDKITE_PIPELINE_SLUG", "my-app"),
        ],
        session: "Buildkite-1514-e44f9784-e20e-4b93-a21d-f41fd5869db9-my-app",
        remedy: "`buildkite-agent oidc request-token --audience sts.amazonaws.com`",
    },
    Ci {
        variables: &[
            ("BITBUCKET_STEP_UUID", "{19fb8a86-fad3-42a4-ab43-f9e150d7b3ab}"),
            ("BITBUCKET_BUILD_NUMBER", "52"),
            ("BITBUCKET_REPO_UUID", "{d4d15a2d-69cf-4d8f-9ba0-8a5c1b2cb9d6}"),
            ("BITBUCKET_REPO_SLUG", "my-app"),
        ],
        session: "Bitbucket-52-19fb8a86-fad3-42a4-ab43-f9e150d7b3ab-my-app",
        remedy: "give the step `oidc: true` in `bitbucket-pipelines.yml`: Bitbucket then sets BITBUCKET_STEP_OIDC_TOKEN",
    },
    Ci {
        variables: &[("BUILD_TAG", "jenkins-team-my-app-153"), ("JENKINS_URL", "https://ci.example/")],
        session: "jenkins-team-my-app-153",
        remedy: "bind an \"OpenID Connect id token\" of the plugin oidc-provider",
    },
];

/// A job of this CI. CircleCI's token is under the name that a user chooses.
fn job_of(ci: &Ci) -> Job {
    let mut job = Job::new();
    let token = job.value("CIRCLE_OIDC_TOKEN_V2").to_owned();
    job.unset("CIRCLE_OIDC_TOKEN_V2").set("AWS_TOKEN", &token);
    for (name, value) in ci.variables {
        job.set(name, value);
    }
    job
}

#[test]
fn a_session_is_named_after_its_job() {
    for ci in &CIS {
        let job = job_of(ci);
        job.assume(&["--token-source", "env:AWS_TOKEN"]).succeeds();
        assert_eq!(job.sts.requests()[0].parameter("RoleSessionName"), Some(ci.session));
    }
}

#[test]
fn a_job_without_a_token_is_told_the_remedy_of_its_ci() {
    for ci in &CIS {
        let mut job = job_of(ci);
        job.unset("AWS_TOKEN");
        for flags in [&[][..], &["--token-source", "env:AWS_TOKEN"], &["--token-source", "mint"]] {
            let run = job.assume(flags);
            run.expect(3, "  hint: ").expect(3, ci.remedy);
            assert!(!run.stderr.contains("circleci run") || flags.contains(&"mint"), "{}", run.stderr);
            assert!(!run.stderr.contains("hint: CircleCI"), "{}", run.stderr);
        }
        let run = job.run(&["preflight"]);
        let line = run.stdout.lines().find(|line| line.starts_with("problem token ")).unwrap();
        assert!(line.contains(ci.remedy), "{}", run.stdout);
    }
}

#[test]
fn auto_finds_the_token_of_a_bitbucket_step() {
    let mut job = job_of(&CIS[2]);
    let token = job.value("AWS_TOKEN").to_owned();
    job.unset("AWS_TOKEN").set("BITBUCKET_STEP_OIDC_TOKEN", &token);
    job.assume(&[]).expect(0, "token from BITBUCKET_STEP_OIDC_TOKEN)");
}

#[test]
fn jobs_under_one_home_share_no_credentials_not_even_with_a_job_without_a_token() {
    for ci in &CIS {
        let mut job = job_of(ci);
        let line = [&LINE[..], &["--session-name", "same", "--token-source", "env:AWS_TOKEN"]].concat();
        let first = job.run(&line);
        assert_eq!(job.run(&line).succeeds().stdout, first.succeeds().stdout);
        let token = job.value("AWS_TOKEN").to_owned();
        let (id, value) = ci.variables[0];
        job.set(id, &format!("{value}1"));
        assert_ne!(job.run(&line).succeeds().stdout, first.stdout, "{id}");
        job.set(id, &format!("{value}2")).unset("AWS_TOKEN");
        assert_eq!(job.run(&line).expect(3, "AWS_TOKEN is not set").stdout, "", "{id}");
        // Nor in a place that shows no CI at all.
        for (name, _) in ci.variables {
            job.unset(name);
        }
        assert_eq!(job.run(&line).expect(3, "AWS_TOKEN is not set").stdout, "", "{id}");
        job.set(id, value).set("AWS_TOKEN", &token);
        for (name, value) in ci.variables {
            job.set(name, value);
        }
        assert_eq!(job.run(&line).succeeds().stdout, first.stdout);
        assert_eq!(job.sts.requests().len(), 2);
    }
}

#[test]
fn preflight_says_what_such_a_token_does_not_show() {
    let mut job = job_of(&CIS[0]);
    let mut claims = job.fresh().claims();
    claims["sub"] = json!("project_path:my-group/my-app:ref_type:branch:ref:main");
    let token = job.sts.issuer().sign(&claims).unwrap();
    job.set("AWS_TOKEN", &token).set("AWS_REGION", "eu-west-1");
    let run = job.run(&["preflight", "--token-source", "env:AWS_TOKEN"]);
    let line = "note    job             not known whether it is a re-run with SSH or builds a fork: only tokens of \
                CircleCI show it";
    assert!(run.succeeds().stdout.lines().any(|found| found == line), "{}", run.stdout);
    assert!(!run.stdout.contains("not a fork"), "{}", run.stdout);
}

#[test]
fn an_expired_token_has_the_remedy_of_its_issuer() {
    for (issuer, subject, remedy) in [
        (
            "https://gitlab.com",
            "project_path:g/p:ref_type:branch:ref:main",
            "GitLab sets the tokens of `id_tokens:` once",
        ),
        (
            "https://gitlab.example",
            "project_path:g/p:ref_type:branch:ref:main",
            "use a fresh token, or assume the role earlier",
        ),
        ("https://agent.buildkite.com", "organization:o:pipeline:p", "`buildkite-agent oidc request-token"),
        (
            "https://api.bitbucket.org/2.0/workspaces/w/pipelines-config/identity/oidc",
            "{r}:{s}",
            "earlier in the step",
        ),
    ] {
        let mut job = job_of(&CIS[0]);
        let mut claims = job.fresh().claims();
        let now = local_sts::unix_time_now();
        (claims["iss"], claims["sub"]) = (json!(issuer), json!(subject));
        (claims["iat"], claims["exp"]) = (json!(now - 700), json!(now - 100));
        let token = job.sts.issuer().sign(&claims).unwrap();
        job.set("AWS_TOKEN", &token);
        let run = job.assume(&["--token-source", "env:AWS_TOKEN"]);
        run.expect(3, "AWS_TOKEN expired at ").expect(3, remedy);
        assert!(!run.stderr.contains("mint"), "{}", run.stderr);
        assert_eq!(job.sts.requests().len(), 0);
    }
}
