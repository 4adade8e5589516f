//! The definitions of the `trust` commands.

use crate::args::command::{Definition, Example, Flag, Group, Operand, OperandKind};
use crate::settings::table as t;

static ROLE: Group = Group {
    heading: "Role",
    flags: &[Flag::with_help(
        &t::ROLE_ARN,
        "The role that the jobs assume: account, partition, path and name",
        "For example arn:aws:iam::123456789012:role/deploy",
    )],
};
static TOKEN: Group = Group {
    heading: "Token",
    flags: &[
        Flag::with_help(
            &t::TOKEN_SOURCE,
            "The token to read missing ids from [default: auto]",
            "auto, circleci-v2, circleci-v1, github, file:PATH or env:NAME, as for assume.",
        ),
        Flag::of(&t::CLAIMS),
    ],
};
static CIRCLECI_JOBS: Group = Group {
    heading: "CircleCI jobs",
    flags: &[
        Flag::of(&t::ORGANIZATION_ID),
        Flag::of(&t::PROJECT_ID),
        Flag::of(&t::VCS_ORIGIN),
        Flag::of(&t::USER_ID),
    ],
};
static GITHUB_JOBS: Group = Group {
    heading: "GitHub Actions jobs",
    flags: &[
        Flag::of(&t::REPOSITORY),
        Flag::of(&t::ENVIRONMENT),
        Flag::of(&t::PULL_REQUEST),
        Flag::of(&t::JOB_WORKFLOW_REF),
        Flag::of(&t::SUBJECT_FORM),
    ],
};
static ALL_JOBS: Group = Group {
    heading: "Jobs of either",
    flags: &[
        Flag::of(&t::BRANCH),
        Flag::of(&t::GIT_TAG),
        Flag::with_help(
            &t::AUDIENCE,
            "The expected token audience [default: the token's]",
            "Without a token: the organization's id on CircleCI, sts.amazonaws.com on GitHub.",
        ),
    ],
};
static PERMISSIONS: Group = Group {
    heading: "Permissions",
    flags: &[
        Flag::of(&t::PERMISSIONS_POLICY_ARN),
        Flag::of(&t::WORKLOAD_ROLE_ARN),
        Flag::with_help(&t::EXTERNAL_ID, "The external ID that the workload roles expect", ""),
        Flag::of(&t::MAX_SESSION_DURATION),
    ],
};
static PROVIDER: Group = Group {
    heading: "Identity provider",
    flags: &[Flag::of(&t::PROVIDER), Flag::of(&t::CONTEXT_PROVIDER), Flag::of(&t::THUMBPRINT)],
};
static GENERATED: Group = Group {
    heading: "Output",
    flags: &[
        Flag::with_help(
            &t::FORMAT,
            "The format of the output [default: json]",
            "json: the trust policy alone\nprovider-json: the identity provider alone\naws-cli: a script of AWS CLI \
             commands\nterraform, cloudformation: a template of provider, role and policy",
        ),
        Flag::of(&t::QUIET),
        Flag::of(&t::COLOR),
    ],
};

pub(super) static GENERATE: Definition = Definition {
    path: &["trust", "generate"],
    about: "Write the provider, role and least trust policy that allow a project's jobs",
    notes: &[
        "Reads no token with --organization-id and --project-id (a branch then needs --vcs-origin) or --repository.",
        "The text goes to stdout, notes go to stderr; only a GitHub job sends a request, for its token.",
    ],
    examples: &[
        Example {
            purpose: "In a job of the project: its ids come from the job's token",
            line: "circleci-aws-oidc trust generate --role-arn arn:aws:iam::123456789012:role/deploy \\\n  \
                   --branch main --format terraform",
        },
        Example {
            purpose: "Anywhere, for GitHub Actions",
            line: "circleci-aws-oidc trust generate --role-arn arn:aws:iam::123456789012:role/deploy \\\n  \
                   --repository acme@7890/shop@123456 --environment production",
        },
    ],
    exit_codes: &[
        (0, "done"),
        (1, "local fault"),
        (2, "usage or settings"),
        (3, "no usable token"),
        (6, "stdout cannot be written"),
    ],
    groups: &[&ROLE, &TOKEN, &CIRCLECI_JOBS, &GITHUB_JOBS, &ALL_JOBS, &PERMISSIONS, &PROVIDER, &GENERATED],
    operand: None,
};

static FINDINGS: Group = Group {
    heading: "Output",
    flags: &[
        Flag::with_help(
            &t::FORMAT,
            "The format of the findings: text, json, sarif [default: text]",
            "sarif is for code scanning, such as GitHub's.",
        ),
        Flag::of(&t::QUIET),
        Flag::of(&t::COLOR),
    ],
};

pub(super) static LINT: Definition = Definition {
    path: &["trust", "lint"],
    about: "Check trust policies against rules",
    notes: &[
        "Findings go to stdout as FILE:LINE:COLUMN: severity[rule], each with the address of its rule's page; notes \
         about what cannot be checked go to stderr.",
        "A value that is not literal, such as a reference, never causes a finding. A policy that Terraform takes from \
         a file in or below the directory of the .tf file is checked, too.",
    ],
    examples: &[
        Example {
            purpose: "All policies of a repository",
            line: "circleci-aws-oidc trust lint infra/*.tf template.yaml",
        },
        Example {
            purpose: "For code scanning",
            line: "circleci-aws-oidc trust lint --format sarif trust.json > findings.sarif",
        },
    ],
    exit_codes: &[
        (0, "nothing found"),
        (2, "usage or settings, or a file that cannot be read"),
        (6, "stdout cannot be written"),
        (8, "findings, or a policy that may be for AssumeRoleWithWebIdentity and could not be read"),
    ],
    groups: &[&FINDINGS],
    operand: Some(Operand {
        name: "FILE",
        help: "Trust policies: JSON, CloudFormation (YAML, JSON) or Terraform (HCL)",
        kind: OperandKind::Files,
    }),
};

static TESTED: Group = Group {
    heading: "Role",
    flags: &[
        Flag::with_help(
            &t::ROLE_ARN,
            "The role, for its account and partition",
            "They decide which provider the policy may name. Without it: those of the file's role, or of the provider.",
        ),
        Flag::with_help(
            &t::SESSION_NAME,
            "The session name, if the policy has a condition on it",
            "2 to 64 of the characters A-Z, a-z, 0-9 and _+=,.@- [default: one for each job]",
        ),
    ],
};
static TESTED_TOKEN: Group = Group {
    heading: "Token",
    flags: &[
        Flag::with_help(
            &t::TOKEN_SOURCE,
            "The token to test [default: auto]",
            "auto, circleci-v2, circleci-v1, file:PATH or env:NAME, as for assume.",
        ),
        Flag::of(&t::CLAIMS),
    ],
};
static TESTED_POLICY: Group = Group {
    heading: "Policy",
    flags: &[Flag::with_help(
        &t::POLICY,
        "The file with the trust policy",
        "JSON, or CloudFormation or Terraform with one role.",
    )],
};
static VERDICT: Group = Group {
    heading: "Output",
    flags: &[
        Flag::with_help(&t::FORMAT, "The format of the verdict: text, json [default: text]", ""),
        Flag::of(&t::QUIET),
        Flag::of(&t::COLOR),
    ],
};

pub(super) static TEST: Definition = Definition {
    path: &["trust", "test"],
    about: "Test whether a trust policy allows a token, and explain why not",
    notes: &[
        "Evaluates offline, by IAM's rules; neither token nor policy is sent anywhere.",
        "Prints the verdict, the closest reason, and the result of each condition. What cannot be known here, such as \
         the caller's address, makes a verdict unknown, never allowed.",
    ],
    examples: &[
        Example {
            purpose: "Whether this job may assume a role",
            line: "circleci-aws-oidc trust test --policy trust.json",
        },
        Example {
            purpose: "Whether another job may, by the claims of its token",
            line: "circleci-aws-oidc trust test --policy trust.json --claims feature-branch.json",
        },
    ],
    exit_codes: &[
        (0, "allowed"),
        (2, "usage or settings"),
        (3, "no usable token"),
        (6, "stdout cannot be written"),
        (8, "denied or unknown"),
    ],
    groups: &[&TESTED, &TESTED_TOKEN, &TESTED_POLICY, &VERDICT],
    operand: None,
};
