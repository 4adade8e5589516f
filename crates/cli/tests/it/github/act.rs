//! The workflow of docs/github-actions.md and that of the GitHub action's README.md in act, a runner by other authors that
//! reads `GITHUB_ENV` more strictly than GitHub's: a blank line ends its step with an error, and no variable arrives (act 0.2.82).

use std::process::Command;

use super::{action, workflow};
use crate::support::files::visibly;
use crate::support::github_job::{fresh, given, job_with};
use crate::support::{Job, ROLE};

/// Runs a workflow in host mode: the steps are processes of this machine. `None` where act is not installed.
fn run(job: &Job, workflow: &str) -> Option<(bool, String)> {
    let act = Command::new("sh").args(["-c", "command -v act"]).output().unwrap().stdout;
    let act = String::from_utf8(act).unwrap();
    if act.is_empty() {
        visibly("skipped: no act (scripts/test.sh builds it where Go is installed)");
        return None;
    }
    let variables = [
        "AWS_CA_BUNDLE",
        "AWS_ENDPOINT_URL_STS",
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    ];
    let lines = variables.map(|name| format!("{name}={}\n", job.value(name)));
    let file = job.write("variables", &lines.concat());
    let workflow = job.write("project/.github/workflows/deploy.yml", workflow);
    let mut command = Command::new(act.trim_end());
    command
        .env_clear()
        .envs([("HOME", job.text("home")), ("PATH", format!("{}:/usr/bin:/bin", job.text("image")))]);
    command.current_dir(job.path("project")).arg("push").args(["--platform", "ubuntu-latest=-self-hosted"]);
    command.args(["--no-cache-server", "--container-daemon-socket", "-"]);
    let checkout = format!("circleci-aws-oidc/circleci-aws-oidc@COMMIT={}", job.text("checkout"));
    command.arg("--local-repository").arg(checkout);
    command.arg("--env-file").arg(file).arg("--workflows").arg(workflow);
    let output = command.output().unwrap();
    job.assert_no_secret_in(&[("stdout", &output.stdout), ("stderr", &output.stderr)]);
    let log = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    Some((output.status.success(), log.concat()))
}

/// A job on such a runner, and the workflow with what only a release knows.
fn job() -> (Job, String, crate::support::token_endpoint::TokenEndpoint) {
    let (mut job, endpoint) = job_with(Vec::new(), |issuer| vec![given(&fresh(), issuer)]);
    let digest = workflow::image(&mut job);
    let text = workflow::printed()
        .replace("the digest in the release's SHA256SUMS", &digest)
        .replace("arn:aws:iam::123456789012:role/deploy", ROLE);
    (job, text, endpoint)
}

#[track_caller]
fn assert_ends_as_the_role(job: &Job, workflow: &str, also: &[&str]) {
    if let Some((succeeded, log)) = run(job, workflow) {
        assert!(succeeded, "{log}");
        let arn = "| arn: arn:aws:sts::123456789012:assumed-role/deploy/GitHubActions-";
        assert!(log.contains(arn) && also.iter().all(|text| log.contains(text)), "{log}");
    }
}

#[test]
fn the_workflow_of_the_page_ends_as_the_role_in_act() {
    let (job, workflow, _endpoint) = job();
    assert_ends_as_the_role(&job, &workflow, &[]);
}

#[test]
fn a_file_that_ends_in_the_middle_of_a_line_stays_whole_in_act() {
    let (job, workflow, _endpoint) = job();
    let assume = "run: circleci-aws-oidc assume\n";
    let show = "run: aws sts get-caller-identity\n";
    let before =
        "run: printf BEFORE=1 >>\"$GITHUB_ENV\"; printf x=1 >>\"$GITHUB_OUTPUT\"; circleci-aws-oidc assume\n";
    assert!(workflow.contains(assume) && workflow.contains(show));
    let after = "run: aws sts get-caller-identity; echo \"before=$BEFORE x=${{ steps.aws.outputs.x }} ${{ steps.aws.outputs.aws-account-id }}\"\n";
    let workflow = workflow.replace(assume, before).replace(show, after);
    assert_ends_as_the_role(&job, &workflow, &["| before=1 x=1 123456789012"]);
}

/// The workflow in the action's README.md, where a copy of this checkout stands for the released commit.
#[test]
fn the_action_ends_as_the_role_in_act() {
    let (mut job, _endpoint) = job_with(Vec::new(), |issuer| vec![given(&fresh(), issuer)]);
    let digest = workflow::image(&mut job);
    let readme = include_str!("../../../../../.github/configure-aws-credentials/README.md");
    let workflow = readme.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    let show = "run: aws sts get-caller-identity\n";
    assert!(workflow.contains(show));
    let after = "run: aws sts get-caller-identity; echo \"out=${{ steps.aws.outputs.aws-account-id }} ${{ steps.aws.outputs.authenticated-arn }}\"\n";
    let workflow = workflow
        .replace("arn:aws:iam::123456789012:role/deploy", ROLE)
        .replace(show, after)
        // The action's own step has the variables of the step that uses it.
        .replace("        with:\n", "        env: {CIRCLECI_AWS_OIDC_VERIFY: \"true\"}\n        with:\n");
    action::check_out(&job, "checkout", &action::pins(&digest));
    let outputs = "| out=123456789012 arn:aws:sts::123456789012:assumed-role/deploy/GitHubActions-";
    assert_ends_as_the_role(&job, &workflow, &[outputs, "| verified: "]);
}
