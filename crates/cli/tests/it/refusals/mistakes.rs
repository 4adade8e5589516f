//! The mistakes of a role's first day. STS has the same words for all of them, so a refusal names the command that
//! decides; with the policy's file it names the condition that fails, and no other cause.

use local_sts::{Config, Role};
use serde_json::{Value, json};
use testkit::JobToken;
use testkit::example_ids::{ORGANIZATION_ID, OTHER_PROJECT_ID, PROJECT_ID, VCS_ORIGIN};

use super::first_cause;
use crate::support::{Job, ROLE, Run};

/// The role's name, misspelled.
const MISSPELLED: &str = "arn:aws:iam::123456789012:role/ci/deplyo";

/// The trust policy that `trust generate` writes for a branch of the example project.
fn for_branch(branch: &str) -> Value {
    let flags = [
        &["trust", "generate", "--role-arn", ROLE, "--organization-id", ORGANIZATION_ID],
        &["--project-id", PROJECT_ID, "--vcs-origin", VCS_ORIGIN, "--branch", branch][..],
    ];
    serde_json::from_str(&Job::new().run(&flags.concat()).succeeds().stdout).unwrap()
}

/// A job on `branch` with its V2 token, whose role has this policy; the file `policy.json` has it, too.
fn job(policy: &Value, branch: &str) -> Job {
    let policy = policy.to_string();
    let mut job = Job::with(Config { roles: vec![Role::new(ROLE, &policy)], ..Config::default() });
    job.write("policy.json", &policy);
    let token = JobToken { vcs_ref: format!("refs/heads/{branch}"), ..job.fresh() };
    job.set_token("CIRCLE_OIDC_TOKEN_V2", &token);
    job
}

fn assume(job: &Job, flags: &[&str]) -> Run {
    job.assume(&[&["--token-source", "circleci-v2"], flags].concat())
}

/// The texts after a label.
fn details<'a>(run: &'a Run, label: &str) -> Vec<&'a str> {
    run.stderr.lines().filter_map(|line| line.trim_start().strip_prefix(label)).collect()
}

/// A mistake, and what the user reads about it.
struct Mistake {
    name: &'static str,
    policy: Value,
    role: &'static str,
    /// After `policy:`, where the file of the policy is named.
    verdict: String,
    /// In the first condition that fails there.
    fails: Option<&'static str>,
    /// The cause without the file: among those that are printed, of which `other-ref` comes first.
    among: &'static str,
}

fn key(claim: &str) -> String {
    format!("oidc.circleci.com/org/{ORGANIZATION_ID}:{claim}")
}

fn mistakes() -> Vec<Mistake> {
    let right = for_branch("main");
    let replaced = |from: &str, to: &str| -> Value {
        let text = right.to_string();
        assert!(text.contains(from), "{from}");
        serde_json::from_str(&text.replace(from, to)).unwrap()
    };
    let with_condition = |change: &dyn Fn(&mut Value)| {
        let mut policy = right.clone();
        change(&mut policy["Statement"][0]["Condition"]);
        policy
    };
    let star = with_condition(&|condition| {
        condition["StringEquals"][key("sub")] = condition["StringLike"][key("sub")].take();
        condition.as_object_mut().unwrap().remove("StringLike");
    });
    let audience = with_condition(&|condition| {
        condition["StringEquals"][key("aud")] = json!("sts.amazonaws.com");
    });
    let row = |name, policy, reason: &str, fails, among| {
        let verdict = format!("`policy.json` does not allow this token: {reason}");
        Mistake { name, policy, role: ROLE, verdict, fails, among }
    };
    vec![
        row(
            "wrong project",
            replaced(PROJECT_ID, OTHER_PROJECT_ID),
            &format!("the token's project is `{PROJECT_ID}`, the policy requires `{OTHER_PROJECT_ID}`"),
            Some("StringEquals on KEY:oidc.circleci.com/project-id requires"),
            "subject-differs",
        ),
        row(
            "wrong audience",
            audience,
            &format!(
                "the token's `aud` is `{ORGANIZATION_ID}`, the policy requires `sts.amazonaws.com`, which GitHub's \
                 users request: CircleCI's default is the organization's id"
            ),
            Some("StringEquals on KEY:aud requires `sts.amazonaws.com`"),
            "audience-differs",
        ),
        row(
            "wrong account in Principal",
            replaced("arn:aws:iam::123456789012:oidc-provider", "arn:aws:iam::999999999999:oidc-provider"),
            "the policy trusts the provider in account `999999999999`; the role is in account `123456789012`",
            None,
            "provider-differs",
        ),
        row(
            "`*` under StringEquals",
            star,
            &format!(
                "`StringEquals` compares `*` as a character: use `StringLike` in place of `StringEquals` for `{}`, \
                 which also allows every user of the project",
                key("sub")
            ),
            Some("StringEquals on KEY:sub requires"),
            "subject-differs",
        ),
        Mistake {
            role: MISSPELLED,
            verdict: "`policy.json` allows this token, so something else denies it".to_owned(),
            ..row("role name", right.clone(), "", None, "role-missing")
        },
        row(
            "V2 of another branch",
            for_branch("production"),
            "the ref differs: the policy requires `refs/heads/production`, the token has `refs/heads/main`",
            Some("StringLike on KEY:sub requires"),
            "other-ref",
        ),
    ]
}

#[test]
fn a_mistake_is_named_exactly_where_the_policys_file_is_known() {
    for Mistake { name, policy, role, verdict, fails, .. } in mistakes() {
        let job = job(&policy, "main");
        let run = assume(&job, &["--role-arn", role, "--trust-policy", "policy.json"]);
        assert_eq!(run.status, 4, "{name}: {}", run.stderr);
        assert_eq!(details(&run, "policy: "), [verdict], "{name}: {}", run.stderr);
        let failing = details(&run, "fails: ");
        let first = failing.first().map(|line| line.replace(&key(""), "KEY:"));
        match fails {
            Some(start) => {
                assert!(first.is_some_and(|line| line.starts_with(start)), "{name}: {}", run.stderr);
            }
            None => assert_eq!(first, None, "{name}: {}", run.stderr),
        }
        // The role's name is the only mistake that a policy does not show: then what is outside of it.
        let outside = role == MISSPELLED;
        assert_eq!(run.stderr.contains("(role-missing)"), outside, "{name}: {}", run.stderr);
        assert_eq!(first_cause(&run.stderr).is_some(), outside, "{name}: {}", run.stderr);
        assert_no_opening(&run);
    }
}

#[test]
fn without_the_file_a_mistake_is_among_three_causes_with_the_command_that_decides() {
    for Mistake { name, policy, role, among, verdict, .. } in mistakes() {
        let mut job = job(&policy, "main");
        let run = assume(&job, &["--role-arn", role]);
        assert_eq!(run.status, 4, "{name}: {}", run.stderr);
        assert_eq!(first_cause(&run.stderr), Some("other-ref"), "{name}: {}", run.stderr);
        let causes = [details(&run, "likely: "), details(&run, "or: ")].concat();
        assert_eq!(causes.len(), 3, "{name}: {}", run.stderr);
        let mut words = causes.iter().flat_map(|line| line.split([' ', ';', '(', ')']));
        assert!(words.any(|word| word == among), "{name}: {among}: {}", run.stderr);
        let role_name = role.rsplit('/').next().unwrap();
        let commands = format!(
            "run `aws iam get-role --role-name {role_name} >role.json` in account 123456789012, then \
             `circleci-aws-oidc trust test --policy role.json`"
        );
        assert_eq!(details(&run, "hint: "), [commands], "{name}: {}", run.stderr);
        assert_no_opening(&run);
        // Without that role, IAM's `NoSuchEntity` decides.
        if role == ROLE {
            let printed =
                json!({"Role": {"RoleName": "deploy", "Arn": ROLE, "AssumeRolePolicyDocument": policy}});
            job.write("role.json", &printed.to_string());
            let tested =
                job.unset("CIRCLECI_AWS_OIDC_ROLE_ARN").run(&["trust", "test", "--policy", "role.json"]);
            assert_eq!(tested.status, 8, "{name}: {}", tested.stdout);
            let (_, reason) = verdict.split_once(": ").unwrap();
            assert!(tested.stdout.contains(&format!("\nnearest: {reason}\n")), "{name}: {}", tested.stdout);
        }
    }
}

/// No hint proposes a change of the policy, so none allows more than the policy did.
#[track_caller]
fn assert_no_opening(run: &Run) {
    let hints = details(run, "hint: ");
    assert_eq!(hints.len(), 1, "{}", run.stderr);
    for words in ["*", "StringLike", "user/", "add ", "remove ", "end the policy", "allow "] {
        assert!(!hints[0].contains(words), "`{words}` in the hint:\n{}", run.stderr);
    }
}

/// A role of `trust generate --branch main`, a token of `feature/x`: the limit works as it is meant.
#[test]
fn a_feature_branch_is_not_told_to_open_a_role_of_main() {
    let job = job(&for_branch("main"), "feature/x");
    let run = assume(&job, &[]);
    assert_eq!(first_cause(&run.stderr), Some("other-ref"), "{}", run.stderr);
    run.expect(4, "the role is limited to another branch or tag, which may be meant");
    assert_no_opening(&run);
    let run = assume(&job, &["--trust-policy", "policy.json"]);
    run.expect(
        4,
        "the ref differs: the policy requires `refs/heads/main`, the token has `refs/heads/feature/x`",
    );
    assert_no_opening(&run);
    let tested = job.run(&["trust", "test", "--policy", "policy.json"]);
    assert_eq!(tested.status, 8, "{}", tested.stderr);
    let nearest = "\nnearest: the ref differs: the policy requires `refs/heads/main`, the token has `refs/heads/feature/x`\n";
    assert!(tested.stdout.contains(nearest), "{}", tested.stdout);
    assert!(!tested.stdout.contains("also allow"), "{}", tested.stdout);
}
