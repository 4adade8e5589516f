//! Settings of the `trust` commands that are not settings of a session.

use crate::settings::setting::Elements::{Texts, Words};
use crate::settings::setting::Shape::{List, One, Switch};
use crate::settings::setting::settings;

settings! {
    CLAIMS: "--claims", One("FILE"), No,
        help: "A file of claims to take instead of a token, as a JSON object",
        default: "a token is read";
    ORGANIZATION_ID: "--organization-id", One("UUID"), No,
        help: "CircleCI: the organization's id [default: the token's]",
        default: "the token's";
    PROJECT_ID: "--project-id", List("UUID", Words), No,
        help: "CircleCI: a project whose jobs are allowed [default: the token's]",
        default: "the token's";
    VCS_ORIGIN: "--vcs-origin", List("REPOSITORY", Words), No,
        help: "CircleCI: the repository, as github.com/owner/repo",
        more: "One for all projects, or one for each in their order. With a branch or tag the default is the token's.",
        default: "one for all projects, or one for each in order; with a branch or tag the token's, else any repository";
    USER_ID: "--user-id", One("UUID"), No,
        help: "CircleCI: the only user whose jobs are allowed [default: all]",
        default: "every user";
    REPOSITORY: "--repository", List("REPOSITORY", Words), No,
        help: "GitHub Actions: a repository with its ids [default: the token's]",
        more: "As OWNER@ID/NAME@ID, so that a later repository of the same name is not allowed.",
        default: "the token's; names a GitHub repository with its ids, `OWNER@ID/REPOSITORY@ID`";
    ENVIRONMENT: "--environment", List("NAME", Texts), No,
        help: "GitHub Actions: an environment whose jobs are allowed",
        default: "none; in a job without other limits what its token names";
    PULL_REQUEST: "--pull-request", Switch, No,
        help: "GitHub Actions: allow workflows of pull requests",
        more: "They run code that is not reviewed yet.",
        default: "off: they run code that is not reviewed yet";
    JOB_WORKFLOW_REF: "--job-workflow-ref", List("WORKFLOW", Words), No,
        help: "GitHub Actions: the reusable workflow that defines the jobs",
        more: "As OWNER/REPOSITORY/.github/workflows/FILE.yml@refs/heads/BRANCH; wildcards in the ref only [default: any].",
        default: "any workflow; wildcards in the ref only";
    SUBJECT_FORM: "--subject-form", One("FORM"), No,
        help: "GitHub Actions: what the repository's sub has [default: both]",
        more: "names: the names of owner and repository\nids: names with ids\nboth: either of them",
        default: "`both`; without a condition key for the id the token's form, else `ids`";
    BRANCH: "--branch", List("PATTERN", Texts), No,
        help: "A branch whose jobs are allowed [default: all]",
        more: "* and ? are wildcards.",
        default: "all";
    GIT_TAG: "--git-tag", List("PATTERN", Texts), No,
        help: "A git tag whose jobs are allowed [default: all]",
        more: "* and ? are wildcards.",
        default: "all";
    PERMISSIONS_POLICY_ARN: "--permissions-policy-arn", List("ARN", Words), No,
        help: "A managed policy for the role [default: no permissions]",
        default: "none: the role has no permissions until a policy is attached to it";
    WORKLOAD_ROLE_ARN: "--workload-role-arn", List("ARN", Words), No,
        help: "A role that this role may assume (role chaining), in any account",
        default: "none: roles, also of other accounts, that trust the first role";
    MAX_SESSION_DURATION: "--max-session-duration", One("TIME"), No,
        help: "The longest session of the role, 1h to 12h [default: IAM's, 1h]",
        default: "IAM's default, 1 h; for the first role, because chained sessions last at most 1 h";
    PROVIDER: "--provider", One("STATE"), No,
        help: "The identity provider: new (create it), existing [default: new]",
        more: "An account has one provider for an issuer.",
        default: "`new`; an account has one provider for an issuer, `existing` does not create it";
    CONTEXT_PROVIDER: "--context-provider", Switch, No,
        help: "Map claims of the token to keys of the role's session",
        more: "Project, ref and repository; for --format aws-cli and provider-json. IAM's context provider: the keys are for the session's later calls, sub stays the limit of the role.",
        default: "off; the keys are for the session's later calls, `sub` stays the limit of the role";
    THUMBPRINT: "--thumbprint", List("DIGITS", Words), No,
        help: "SHA-1 of the private certificate authority of a CircleCI server",
        default: "none: only a CircleCI Server with a certificate of a private CA needs one";
    FORMAT: "--format", One("FORMAT"), No,
        help: "The format of the output [default: text]",
        more: "text, json.",
        default: "`json` for `trust generate`, else `text`";
}
