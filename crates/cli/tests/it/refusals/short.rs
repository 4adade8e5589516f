//! How much a denial prints: a few lines in which each fact is once, and with `--details` everything that is known.

use local_sts::{Config, Fault, Role};
use testkit::example_ids::{ORGANIZATION_ID, PROJECT_ID, VCS_ORIGIN};
use testkit::{GithubToken, JobToken, Shape};

use super::{WORKLOAD, first_cause, job_for_subject, with_both_tokens, with_token};
use crate::support::github_job::{fresh, given, job_with};
use crate::support::many_roles::{opened_by, opened_by_token, profiles};
use crate::support::{Job, ROLE, Run, policy};

/// A subject that no job has.
const OTHER: &str = "org/somebody/else";
const WITHOUT_ROLE: &str = "arn:aws:iam::123456789012:role/deplyo";

/// The error of a run, without what it printed before.
fn error(run: &Run) -> String {
    let lines: Vec<&str> =
        run.expect(4, "").stderr.lines().skip_while(|line| !line.starts_with("error")).collect();
    lines.join("\n") + "\n"
}

/// The labels of the lines.
fn labels(error: &str) -> String {
    let labels: Vec<&str> = error.lines().map(|line| line.split(": ").next().unwrap().trim_start()).collect();
    labels.join("|")
}

/// A denial of each kind, with its flags: V2 alone, V2 and V1, V1, a custom webhook's, through the orb, in a chain, a chain
/// with an external ID, GitHub's with names and with ids.
fn denials(run: impl Fn(&'static str, &Job, &[&str])) {
    run("V2 alone", &job_for_subject(OTHER), &[]);
    run("V2 and V1", &with_both_tokens(job_for_subject(OTHER)), &[]);
    let v1 = job_for_subject(OTHER);
    let token = JobToken { shape: Shape::V1, ..v1.fresh() };
    let mut v1 = with_token(v1, "CIRCLE_OIDC_TOKEN", &token);
    run("V1", v1.unset("CIRCLE_OIDC_TOKEN_V2"), &[]);
    let webhook = job_for_subject(OTHER);
    let token = JobToken { shape: Shape::Webhook, ..webhook.fresh() };
    run("webhook", &with_token(webhook, "CIRCLE_OIDC_TOKEN_V2", &token), &[]);
    let mut orb = with_both_tokens(job_for_subject(OTHER));
    run("the orb", orb.set("INSTALL_AWS_OIDC_CALLER", "orb"), &[]);
    let roles = vec![opened_by_token(ROLE), opened_by(WORKLOAD, WITHOUT_ROLE, None)];
    let chain = Job::with(Config { roles, ..Config::default() });
    run("chain", &chain, &["--chain-role-arn", WORKLOAD]);
    run("external ID", &chain, &["--chain-role-arn", WORKLOAD, "--external-id", "for-us"]);
    let (github, _endpoint) = job_with(Vec::new(), |issuer| vec![given(&fresh(), issuer)]);
    run("GitHub", &github, &["--role-arn", WITHOUT_ROLE]);
    let with_ids = GithubToken { has_ids_in_subject: true, ..fresh() };
    let (github, _endpoint) = job_with(Vec::new(), |issuer| vec![given(&with_ids, issuer)]);
    run("GitHub, with ids", &github, &["--role-arn", WITHOUT_ROLE]);
}

#[test]
fn a_denial_is_short_and_says_each_fact_once() {
    denials(|name, job, flags| {
        let text = error(&job.assume(flags));
        let (lines, bytes) = (text.lines().count(), text.len());
        eprintln!("{name}: {lines} lines, {bytes} bytes\n{text}");
        assert!(lines <= 10, "{name}: {lines} lines:\n{text}");
        assert!(bytes <= 900, "{name}: {bytes} bytes:\n{text}");
        for fact in
            [ORGANIZATION_ID, PROJECT_ID, VCS_ORIGIN, "request id", "repo:", "arn:aws:iam::123456789012:"]
        {
            assert!(text.matches(fact).count() <= 1, "{name}: {fact} again:\n{text}");
        }
        for label in ["caused by: ", "likely: ", "hint: "] {
            assert_eq!(text.matches(&format!("\n  {label}")).count(), 1, "{name}: {label}\n{text}");
        }
        assert!(text.contains("aws iam get-role --role-name "), "{name}:\n{text}");
        let is_chain = flags.contains(&"--chain-role-arn");
        let decides =
            " >role.json` in account 123456789012, then `circleci-aws-oidc trust test --policy role.json`\n";
        assert_eq!(text.contains(decides), !is_chain, "{name}:\n{text}");
        for id in ["subject-differs", "audience-differs", "provider-differs", "role-missing"] {
            let is_said = text.matches(id).count() == 1;
            assert!(is_said || is_chain, "{name}: {id}\n{text}");
        }
        let parameter = if name == "the orb" { "`details`" } else { "`--details`" };
        assert!(text.ends_with(&format!("\n  more: with {parameter}\n")), "{name}:\n{text}");
    });
}

#[test]
fn the_job_is_told_in_words() {
    let text = error(&with_both_tokens(job_for_subject(OTHER)).assume(&[]));
    assert_eq!(labels(&text), "error|caused by|job|likely|or|hint|more", "{text}");
    let job = format!(
        "\n  job: project `{PROJECT_ID}`, branch `main` of `{VCS_ORIGIN}`, organization and `aud` \
         `{ORGANIZATION_ID}`; V2 token and V1 token denied\n"
    );
    assert!(text.contains(&job), "{text}");
    let custom = job_for_subject(OTHER);
    let token = JobToken {
        audience: "oidc.circleci.example".into(),
        vcs_ref: "refs/tags/v1.0".into(),
        ..custom.fresh()
    };
    let custom = Job::with(Config {
        roles: vec![Role::new(ROLE, &policy(OTHER))],
        client_ids: vec!["oidc.circleci.example".to_owned()],
        ..Config::default()
    });
    let text = error(&with_token(custom, "CIRCLE_OIDC_TOKEN_V2", &token).assume(&[]));
    let job = format!(
        "tag `v1.0` of `{VCS_ORIGIN}`, organization `{ORGANIZATION_ID}`, `aud` `oidc.circleci.example`; \
         V2 token\n"
    );
    assert!(text.contains(&job), "{text}");
    // Likely, but after two causes that are more so.
    assert!(text.contains(": audience-differs; subject-differs ("), "{text}");
}

#[test]
fn details_have_every_fact() {
    let provider = format!("oidc.circleci.com/org/{ORGANIZATION_ID}");
    let job = with_both_tokens(job_for_subject(OTHER));
    let text = error(&job.assume(&["--details"]));
    let causes = "likely|or|or|or|or|or|or|or|or";
    let wanted = format!("error|caused by|caused by|token|{causes}|ruled out|provider|key|key|key|hint");
    assert_eq!(labels(&text), wanted, "{text}");
    for part in [
        "caused by: STS also denied CIRCLE_OIDC_TOKEN, whose `sub` has no branch\n".to_owned(),
        format!("provider: `arn:aws:iam::123456789012:oidc-provider/{provider}`"),
        format!("key: `{provider}:aud` = `{ORGANIZATION_ID}`"),
        format!("key: `{provider}:sub` = `{}`", job.fresh().subject()),
        format!("key: `{provider}:oidc.circleci.com/project-id` = `{PROJECT_ID}`"),
        "ruled out: subject-with-branch (STS denied CIRCLE_OIDC_TOKEN too), ".to_owned(),
        "(changed-just-now)\n".to_owned(),
    ] {
        assert!(text.contains(&part), "{part}\n{text}");
    }
    let mut by_variable = with_both_tokens(job_for_subject(OTHER));
    by_variable.set("CIRCLECI_AWS_OIDC_DETAILS", "true");
    assert_eq!(labels(&error(&by_variable.assume(&[]))), wanted);
    by_variable.set("CIRCLECI_AWS_OIDC_DETAILS", "perhaps").assume(&[]).expect(2, "`perhaps`");
}

/// With `--details` a denial has each line of the short one, or the facts that it stands for.
#[test]
fn the_first_cause_and_the_hint_are_the_same_with_details() {
    denials(|name, job, flags| {
        let (short, all) = (job.assume(flags), job.assume(&[flags, &["--details"]].concat()));
        assert_eq!(first_cause(&short.stderr), first_cause(&all.stderr), "{name}");
        let hint =
            |run: &Run| run.stderr.lines().find(|line| line.starts_with("  hint: ")).map(str::to_owned);
        assert_eq!(hint(&short), hint(&all), "{name}");
        assert!(!all.stderr.contains("more: "), "{name}: {}", all.stderr);
    });
}

#[test]
fn profiles_have_the_job_and_the_causes_once() {
    let role = |n: usize| format!("arn:aws:iam::123456789012:role/r{n}");
    let roles = (0..3).map(|n| Role::new(&role(n), &policy(OTHER))).collect();
    let job = with_both_tokens(crate::support::many_roles::job(roles));
    let declared: String = (0..3).map(|n| format!("[profile p{n}]\nrole_arn = {}\n", role(n))).collect();
    let text = error(&profiles(&job, &declared));
    eprintln!("profiles: {} lines, {} bytes\n{text}", text.lines().count(), text.len());
    let part = "profile|caused by|hint";
    assert_eq!(labels(&text), format!("error|job|likely|or|{part}|{part}|{part}|more"), "{text}");
    for fact in [ORGANIZATION_ID, PROJECT_ID, VCS_ORIGIN] {
        assert_eq!(text.matches(fact).count(), 1, "{fact}\n{text}");
    }
    let mut job = job;
    let text = error(&profiles(job.set("CIRCLECI_AWS_OIDC_DETAILS", "1"), &declared));
    assert_eq!(text.matches("\n    ruled out: ").count(), 3, "{text}");
    assert_eq!(text.matches("\n  key: ").count(), 3, "{text}");
}

/// AWS never says so; the STS of other servers does.
#[test]
fn no_cause_is_guessed_against_the_servers_own_words() {
    let job = Job::with_fault(Fault::RoleNotFound, None);
    for flags in [&[][..], &["--details"]] {
        let text = error(&job.assume(flags));
        assert!(
            text.contains("STS refused the request with `AccessDenied`: role not found (request id"),
            "{text}"
        );
        assert_eq!(first_cause(&text), Some("role-elsewhere"), "{text}");
        assert!(!text.contains("\n  or: ") && !text.contains("policy"), "{text}");
    }
}
