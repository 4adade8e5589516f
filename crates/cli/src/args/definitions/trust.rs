//! The definitions of the `trust` commands.

use super::OUTPUT;
use crate::args::command::{Definition, Flag, Positional};
use crate::args::with_flags;
use crate::settings::table as t;

static GENERATE_FLAGS: [Flag; 23] = [
    Flag::with_help(&t::ROLE_ARN, "The role that the jobs assume: account, partition, path and name"),
    Flag::with_help(
        &t::TOKEN_SOURCE,
        "The token to read missing ids from: auto, circleci-v2, github, file:PATH ... [default: auto]",
    ),
    Flag::of(&t::CLAIMS),
    Flag::with_help(&t::ORGANIZATION_ID, "CircleCI: the organization's id [default: the token's]"),
    Flag::with_help(
        &t::PROJECT_ID,
        "CircleCI: a project whose jobs may assume the role; may be repeated [default: the token's]",
    ),
    Flag::with_help(
        &t::VCS_ORIGIN,
        "CircleCI: the repository, as github.com/owner/repo; one for all projects, or one for each in order",
    ),
    Flag::with_help(&t::USER_ID, "CircleCI: the only user whose jobs may assume the role"),
    Flag::of(&t::REPOSITORY),
    Flag::of(&t::ENVIRONMENT),
    Flag::of(&t::PULL_REQUEST),
    Flag::of(&t::JOB_WORKFLOW_REF),
    Flag::of(&t::SUBJECT_FORM),
    Flag::of(&t::BRANCH),
    Flag::of(&t::GIT_TAG),
    Flag::with_help(
        &t::AUDIENCE,
        "The expected token audience [default: the token's, else the organization's id or sts.amazonaws.com]",
    ),
    Flag::of(&t::PERMISSIONS_POLICY_ARN),
    Flag::of(&t::WORKLOAD_ROLE_ARN),
    Flag::with_help(&t::EXTERNAL_ID, "The external ID that the workload roles expect"),
    Flag::of(&t::MAX_SESSION_DURATION),
    Flag::of(&t::PROVIDER),
    Flag::of(&t::CONTEXT_PROVIDER),
    Flag::of(&t::THUMBPRINT),
    Flag::with_help(
        &t::FORMAT,
        "json (the trust policy alone), provider-json, aws-cli, terraform, cloudformation [default: json]",
    ),
];

pub(in crate::args) static GENERATE: Definition = Definition {
    path: &["trust", "generate"],
    about: "Write the provider, role and least trust policy that allow a project's jobs",
    after_help: "\
Reads no token with --organization-id and --project-id (a branch then needs --vcs-origin) or --repository.
The text goes to stdout, notes go to stderr; only a GitHub job sends a request, for its token.
Exit codes: 0 done, 1 local fault, 2 settings, 3 no usable token.",
    groups: &[&GENERATE_FLAGS, &OUTPUT],
    positional: None,
    build: |command| with_flags(command, &GENERATE),
};

static LINT_FLAGS: [Flag; 1] =
    [Flag::with_help(&t::FORMAT, "text, json, sarif (for code scanning) [default: text]")];

pub(in crate::args) static LINT: Definition = Definition {
    path: &["trust", "lint"],
    about: "Check trust policies against rules",
    after_help: "\
Findings go to stdout as FILE:LINE:COLUMN: severity[rule], each with the address of its rule's page; notes about what
cannot be checked go to stderr.
A value that is not literal, such as a reference, never causes a finding. A policy that Terraform takes from a file in
or below the directory of the .tf file is checked, too.
Exit codes: 0 nothing found, 2 settings or a file that cannot be read, 8 findings, or a trust policy that may be for
AssumeRoleWithWebIdentity and could not be read.",
    groups: &[&LINT_FLAGS, &OUTPUT],
    positional: Some(Positional {
        help: "Trust policies: JSON, CloudFormation (YAML, JSON) or Terraform (HCL)",
    }),
    build: |command| with_flags(command, &LINT),
};

static TEST_FLAGS: [Flag; 6] = [
    Flag::with_help(
        &t::ROLE_ARN,
        "The role, for its account and partition [default: the file's, or the provider's]",
    ),
    Flag::with_help(
        &t::SESSION_NAME,
        "The session name, where the policy has a condition on it [default: one for each job]",
    ),
    Flag::with_help(
        &t::TOKEN_SOURCE,
        "The token to test: auto, circleci-v2, circleci-v1, file:PATH ... [default: auto]",
    ),
    Flag::of(&t::CLAIMS),
    Flag::with_help(
        &t::POLICY,
        "The file with the trust policy: JSON, or CloudFormation or Terraform with one role",
    ),
    Flag::of(&t::FORMAT),
];

pub(in crate::args) static TEST: Definition = Definition {
    path: &["trust", "test"],
    about: "Test whether a trust policy allows a token, and explain why not",
    after_help: "\
Evaluates offline, by IAM's rules; neither token nor policy is sent anywhere.
Prints the verdict, the closest reason, and the result of each condition.
What cannot be known here, such as the caller's address, makes a verdict unknown, never allowed.
Exit codes: 0 allowed, 2 settings, 3 no usable token, 8 denied or unknown.",
    groups: &[&TEST_FLAGS, &OUTPUT],
    positional: None,
    build: |command| with_flags(command, &TEST),
};
