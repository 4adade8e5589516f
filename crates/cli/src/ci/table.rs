//! The table of CI systems. A new one is a row here, its facts are a section of a sheet in docs/facts.

use oidc::TokenOrigin;

use super::CiSystem;
use crate::io::environment::vars;

/// In the order in which a job is recognized. Jenkins is the last: its agents are started by other CI systems, too.
pub(super) static ALL: [&CiSystem; 6] = [&GITHUB, &CIRCLECI, &GITLAB, &BUILDKITE, &BITBUCKET, &JENKINS];

/// A job without any sign of a CI system is named as one of CircleCI's.
pub(crate) static CIRCLECI: CiSystem = CiSystem {
    name: "CircleCI",
    word: "circleci",
    shown_by: &[vars::CIRCLECI, vars::CIRCLE_WORKFLOW_JOB_ID],
    job: &[vars::CIRCLE_WORKFLOW_JOB_ID, vars::CIRCLE_NODE_INDEX],
    // Users of ovotech's orb know this form, and may have it in a trust policy.
    session_prefix: "CircleCI",
    session_parts: &[vars::CIRCLE_PROJECT_REPONAME, vars::CIRCLE_BUILD_NUM],
    containers: Some((vars::CIRCLE_NODE_INDEX, vars::CIRCLE_NODE_TOTAL)),
    issuer: Some("https://oidc.circleci.com"),
    // It has two, in an order of their own.
    token_variable: None,
    token_variables: &[TokenOrigin::V2_VARIABLE, TokenOrigin::V1_VARIABLE],
    passed_on: &[TokenOrigin::V2_VARIABLE],
    without_token: "CircleCI sets the token in each job: it is missing on a self-hosted runner whose temporary \
                    directory is mounted noexec, on Server before 4.4, in a `docker run` inside the job; otherwise run \
                    the job again",
    with_expired_token: "request a fresh one with `--token-source mint`, or assume the role earlier in the job: the token \
                         is issued before the job starts and expires about an hour later",
};

static GITHUB: CiSystem = CiSystem {
    name: "GitHub Actions",
    word: "github",
    shown_by: &[vars::GITHUB_ACTIONS, vars::GITHUB_RUN_ID],
    job: &[vars::GITHUB_RUN_ID, vars::GITHUB_RUN_ATTEMPT, vars::GITHUB_JOB],
    session_prefix: "GitHubActions",
    session_parts: &[vars::GITHUB_REPOSITORY, vars::GITHUB_RUN_ID, vars::GITHUB_RUN_ATTEMPT],
    containers: None,
    issuer: Some("https://token.actions.githubusercontent.com"),
    // It has an endpoint instead.
    token_variable: None,
    token_variables: &[vars::ACTIONS_ID_TOKEN_REQUEST_URL, vars::ACTIONS_ID_TOKEN_REQUEST_TOKEN],
    passed_on: &[
        vars::GITHUB_ACTIONS,
        vars::ACTIONS_ID_TOKEN_REQUEST_URL,
        vars::ACTIONS_ID_TOKEN_REQUEST_TOKEN,
    ],
    without_token: "give the workflow or the job `permissions: id-token: write` and use `--token-source auto`",
    with_expired_token: "use `--token-source auto`, which requests a fresh token from GitHub",
};

static GITLAB: CiSystem = CiSystem {
    name: "GitLab CI",
    word: "gitlab",
    shown_by: &["GITLAB_CI", "CI_JOB_ID"],
    // A job's ID is unique in one GitLab instance.
    job: &["CI_JOB_ID", "CI_SERVER_URL"],
    session_prefix: "GitLab",
    session_parts: &["CI_PROJECT_NAME", "CI_JOB_ID"],
    containers: None,
    issuer: Some("https://gitlab.com"),
    token_variable: None,
    token_variables: &[],
    passed_on: &[],
    without_token: "give the job `id_tokens: {AWS_TOKEN: {aud: sts.amazonaws.com}}` in `.gitlab-ci.yml`, and use \
                    `--token-source env:AWS_TOKEN`",
    with_expired_token: "assume the role earlier in the job: GitLab sets the tokens of `id_tokens:` once, before the \
                         job starts",
};

static BUILDKITE: CiSystem = CiSystem {
    name: "Buildkite",
    word: "buildkite",
    shown_by: &["BUILDKITE", "BUILDKITE_JOB_ID"],
    job: &["BUILDKITE_JOB_ID"],
    session_prefix: "Buildkite",
    session_parts: &["BUILDKITE_BUILD_NUMBER", "BUILDKITE_JOB_ID", "BUILDKITE_PIPELINE_SLUG"],
    containers: None,
    issuer: Some("https://agent.buildkite.com"),
    token_variable: None,
    token_variables: &[],
    passed_on: &[],
    without_token: "put the output of `buildkite-agent oidc request-token --audience sts.amazonaws.com` into an \
                    exported variable, such as AWS_TOKEN, and use `--token-source env:AWS_TOKEN`",
    with_expired_token: "request a fresh one just before: `buildkite-agent oidc request-token --audience \
                         sts.amazonaws.com`",
};

static BITBUCKET: CiSystem = CiSystem {
    name: "Bitbucket Pipelines",
    word: "bitbucket",
    shown_by: &["BITBUCKET_BUILD_NUMBER", "BITBUCKET_STEP_UUID", BITBUCKET_TOKEN],
    // Each repository counts its own builds, each build has steps that run side by side.
    job: &["BITBUCKET_BUILD_NUMBER", "BITBUCKET_REPO_UUID", "BITBUCKET_STEP_UUID"],
    session_prefix: "Bitbucket",
    session_parts: &["BITBUCKET_BUILD_NUMBER", "BITBUCKET_STEP_UUID", "BITBUCKET_REPO_SLUG"],
    containers: None,
    issuer: Some("https://api.bitbucket.org/2.0/workspaces/"),
    token_variable: Some(BITBUCKET_TOKEN),
    token_variables: &[BITBUCKET_TOKEN],
    passed_on: &[BITBUCKET_TOKEN],
    without_token: "give the step `oidc: true` in `bitbucket-pipelines.yml`: Bitbucket then sets \
                    BITBUCKET_STEP_OIDC_TOKEN",
    with_expired_token: "assume the role earlier in the step, or in a step of its own",
};
const BITBUCKET_TOKEN: &str = "BITBUCKET_STEP_OIDC_TOKEN";

static JENKINS: CiSystem = CiSystem {
    name: "Jenkins",
    word: "jenkins",
    shown_by: &["JENKINS_URL", "JENKINS_HOME"],
    // Job and build number; unique in one Jenkins.
    job: &["BUILD_TAG", "JENKINS_URL"],
    // It begins with `jenkins-`.
    session_prefix: "",
    session_parts: &["BUILD_TAG"],
    containers: None,
    issuer: None,
    token_variable: None,
    token_variables: &[],
    passed_on: &[],
    without_token: "bind an \"OpenID Connect id token\" of the plugin oidc-provider with \
                    `withCredentials([string(credentialsId: 'ID', variable: 'AWS_TOKEN')])`, and use `--token-source \
                    env:AWS_TOKEN`",
    with_expired_token: "assume the role at the start of `withCredentials`, where Jenkins issues a fresh token",
};
