//! From role to role: what each hop is asked for, what the guards let through, and what a refusal says.

#[cfg(unix)]
mod examples;

use local_sts::{Config, Role};

use crate::support::{Job, ROLE, next_step, project_policy};

const WORKLOAD: &str = "arn:aws:iam::222222222222:role/deploy";
const DEEPER: &str = "arn:aws:iam::333333333333:role/deeper";

/// Lets `principal` assume the role, under a condition, with the actions that tags and a source identity need.
pub(crate) fn trusting(principal: &str, condition: &serde_json::Value) -> String {
    serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": {"AWS": principal},
            "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
            "Condition": condition,
        }],
    })
    .to_string()
}

/// The tooling role that a token opens, a workload role behind it, and one behind that.
fn job() -> Job {
    let external_id = serde_json::json!({"StringEquals": {"sts:ExternalId": "for-us"}});
    Job::with(Config {
        roles: vec![
            Role::new(ROLE, &project_policy(testkit::example_ids::ORGANIZATION_ID)),
            Role::new(WORKLOAD, &trusting(ROLE, &external_id)),
            Role::new(DEEPER, &trusting(WORKLOAD, &serde_json::json!({}))),
        ],
        ..Config::default()
    })
}

/// Without an external id for the workload role.
fn open_job() -> Job {
    let everyone = serde_json::json!({});
    Job::with(Config {
        roles: vec![
            Role::new(ROLE, &project_policy(testkit::example_ids::ORGANIZATION_ID)),
            Role::new(WORKLOAD, &trusting(ROLE, &everyone)),
            Role::new(DEEPER, &trusting(WORKLOAD, &everyone)),
        ],
        ..Config::default()
    })
}

#[test]
fn the_last_roles_credentials_are_handed_out() {
    let job = job();
    let run = job.assume(&["--chain-role-arn", WORKLOAD, "--external-id", "for-us"]);
    run.expect(0, "assumed arn:aws:sts::123456789012:assumed-role/deploy/CircleCI\n");
    run.expect(0, "assumed arn:aws:sts::222222222222:assumed-role/deploy/CircleCI until ");
    let granted = job.sts.granted();
    assert_eq!(granted.len(), 2);
    assert_eq!(next_step(&job, &[], "echo $AWS_ACCESS_KEY_ID").trim(), granted[1].access_key_id);
    let requests = job.sts.requests();
    assert_eq!(requests[0].parameter("DurationSeconds"), Some("900"));
    assert_eq!(requests[1].parameter("ExternalId"), Some("for-us"));
    assert_eq!(requests[1].parameter("DurationSeconds"), Some("3600"));
    assert_eq!(requests[1].parameter("Tags.member.1.Key"), None);
}

#[test]
fn each_hop_gets_what_aws_allows_there() {
    let mut job = open_job();
    job.set("CIRCLECI_AWS_OIDC_CHAIN_ROLE_ARN", &format!("{WORKLOAD} {DEEPER}"))
        .set("CIRCLECI_AWS_OIDC_TAG", "team=shop, auto")
        .set("CIRCLECI_AWS_OIDC_TRANSITIVE_TAG", "team")
        .set("CIRCLECI_AWS_OIDC_SOURCE_IDENTITY", "ci")
        .set("CIRCLECI_AWS_OIDC_POLICY", r#"{"Version":"2012-10-17","Statement":[]}"#)
        .set("CIRCLE_PROJECT_REPONAME", "shop-app")
        .set("CIRCLE_BRANCH", "feature/x");
    job.assume(&[])
        .expect(0, "assumed arn:aws:sts::333333333333:assumed-role/deeper/CircleCI-shop-app until ");
    let requests = job.sts.requests();
    let form = |at: usize| -> Vec<(&str, &str)> {
        requests[at]
            .form
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| {
                name.starts_with("Tag") || name.starts_with("Trans") || *name == "SourceIdentity"
            })
            .collect()
    };
    assert_eq!(form(0), []);
    assert_eq!(
        form(1),
        [
            ("Tags.member.1.Key", "team"),
            ("Tags.member.1.Value", "shop"),
            ("TransitiveTagKeys.member.1", "team"),
            ("SourceIdentity", "ci"),
        ]
    );
    assert_eq!(
        form(2),
        [
            ("Tags.member.1.Key", "CircleCIProject"),
            ("Tags.member.1.Value", "shop-app"),
            ("Tags.member.2.Key", "CircleCIBranch"),
            ("Tags.member.2.Value", "feature/x"),
        ]
    );
    let policies: Vec<bool> = requests.iter().map(|request| request.parameter("Policy").is_some()).collect();
    assert_eq!(policies, [false, false, true]);
}

#[test]
fn a_policy_narrows_a_session_without_a_chain_too() {
    let job = Job::new();
    let policy = job.write("policy.json", "{\"Version\":\"2012-10-17\",\"Statement\":[]}\n");
    let arn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    job.assume(&["--policy", policy.to_str().unwrap(), "--policy-arn", arn]).succeeds();
    let request = &job.sts.requests()[0];
    assert_eq!(request.parameter("Policy"), Some("{\"Version\":\"2012-10-17\",\"Statement\":[]}"));
    assert_eq!(request.parameter("PolicyArns.member.1.arn"), Some(arn));
    for (text, column) in [("{not json", 2), ("\"a text such as a password\"", 27), ("[\"a text\"]", 0)] {
        job.write("policy.json", text);
        let run = job.assume(&["--policy", "policy.json"]);
        run.expect(
            2,
            &format!("the session policy is not a JSON object: the error is at line 1, column {column}\n"),
        );
        assert!(!run.stderr.contains("a text"), "{}", run.stderr);
    }
    job.assume(&["--policy", "none.json"]).expect(2, "there is no such file");
}

#[test]
fn a_refused_hop_says_who_was_refused_by_whom() {
    let job = job();
    job.write("bash_env", "export A=1\n");
    job.assume(&["--chain-role-arn", WORKLOAD, "--external-id", "wrong"])
        .expect(
            4,
            &format!(
                "cannot assume the chained role `{WORKLOAD}`\n  caused by: STS refused the request with `AccessDenied`: User: arn:aws:sts::123456789012:assumed-role/deploy/CircleCI is not authorized"
            ),
        )
        .expect(4, "hint: compare `--external-id` with `sts:ExternalId` in the trust policy, where case counts: `aws iam get-role --role-name deploy`");
    assert_eq!(job.sts.requests().len(), 2);
    assert_eq!(job.read("bash_env"), "export A=1\n");
}

#[test]
fn what_aws_takes_on_no_such_request_is_refused_here() {
    let job = Job::new();
    for flags in [["--external-id", "for-us"], ["--tag", "a=b"], ["--source-identity", "ci"]] {
        job.assume(&flags).expect(2, &format!("`{}` needs `--chain-role-arn`", flags[0]));
    }
    job.assume(&["--chain-role-arn", WORKLOAD, "--duration", "2h"])
        .expect(2, "expected at most 1h, AWS's limit for role chaining");
    job.assume(&["--chain-role-arn", WORKLOAD, "--transitive-tag", "team"]).expect(2, "`team`");
    job.assume(&["--chain-role-arn", WORKLOAD, "--tag", "a=b*c"]).expect(2, "`--tag` cannot be used");
    assert_eq!(job.sts.requests().len(), 0);
}

#[test]
fn a_guard_refuses_before_anything_is_sent() {
    let job = job();
    for (flag, account, said) in [
        ("--allowed-account-id", "999999999999", "account 123456789012 is not allowed by"),
        ("--forbidden-account-id", "123456789012", "account 123456789012 is forbidden by"),
    ] {
        job.assume(&[flag, account]).expect(7, said);
    }
    // The account that counts is the last role's.
    let chained = ["--chain-role-arn", WORKLOAD, "--external-id", "for-us", "--allowed-account-id"];
    job.assume(&[&chained[..], &["123456789012"]].concat())
        .expect(7, "account 222222222222 is not allowed by");
    assert_eq!(job.sts.requests().len(), 0);
    job.assume(&[&chained[..], &["222222222222"]].concat()).succeeds();
}

#[test]
fn a_session_token_close_to_its_largest_size_is_worth_a_note() {
    let job = job();
    let note = "note: the session token uses 89 %";
    // 259 characters each: 76 and 89 percent of 4096.
    let tag = |n: usize, length: usize| format!("k{n}={}", "v".repeat(length));
    for (lengths, is_noted) in [(vec![256; 12], false), (vec![256; 14], true)] {
        let tags: Vec<String> = lengths.iter().enumerate().map(|(n, length)| tag(n + 10, *length)).collect();
        let mut flags = vec!["--chain-role-arn", WORKLOAD, "--external-id", "for-us"];
        flags.extend(tags.iter().flat_map(|tag| ["--tag", tag]));
        let run = job.assume(&flags);
        run.expect(0, "");
        assert_eq!(run.stderr.contains(note), is_noted, "{}", run.stderr);
    }
}
