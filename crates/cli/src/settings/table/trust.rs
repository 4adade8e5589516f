//! Settings of the `trust` commands that are not settings of a session.

use crate::settings::setting::Elements::{Texts, Words};
use crate::settings::setting::Shape::{List, One, Switch};
use crate::settings::setting::settings;

settings! {
    CLAIMS: "--claims", One("FILE"), No,
        help: "A file with claims to take instead of a token, as a JSON object",
        default: "a token is read";
    ORGANIZATION_ID: "--organization-id", One("UUID"), No,
        help: "The organization's id [default: the token's]",
        default: "the token's";
    PROJECT_ID: "--project-id", List("UUID", Words), No,
        help: "A project whose jobs may assume the role; may be repeated [default: the token's]",
        default: "the token's";
    VCS_ORIGIN: "--vcs-origin", List("REPOSITORY", Words), No,
        help: "The repository, as github.com/owner/repo; one for all projects, or one for each in order",
        default: "one for all projects, or one for each in order; with a branch or tag the token's, else any repository";
    USER_ID: "--user-id", One("UUID"), No,
        help: "The only user whose jobs may assume the role",
        default: "every user";
    REPOSITORY: "--repository", List("REPOSITORY", Words), No,
        help: "GitHub Actions: a repository with its ids, as OWNER@ID/NAME@ID; may be repeated [default: the token's]",
        default: "the token's; names a GitHub repository with its ids, `OWNER@ID/REPOSITORY@ID`";
    ENVIRONMENT: "--environment", List("NAME", Texts), No,
        help: "GitHub Actions: an environment whose jobs may assume the role; may be repeated",
        default: "none; in a job without other limits what its token names";
    PULL_REQUEST: "--pull-request", Switch, No,
        help: "GitHub Actions: workflows of pull requests may assume the role",
        default: "off: they run code that is not reviewed yet";
    JOB_WORKFLOW_REF: "--job-workflow-ref", List("WORKFLOW", Words), No,
        help: "GitHub Actions: the reusable workflow that defines the jobs, O/R/.github/workflows/F.yml@refs/heads/B",
        default: "any workflow; wildcards in the ref only";
    SUBJECT_FORM: "--subject-form", One("FORM"), No,
        help: "GitHub Actions: names, ids or both, as the repository's sub has them [default: both]",
        default: "`both`; without a condition key for the id the token's form, else `ids`";
    BRANCH: "--branch", List("PATTERN", Texts), No,
        help: "A branch whose jobs may assume the role; * and ? are wildcards; may be repeated [default: all]",
        default: "all";
    GIT_TAG: "--git-tag", List("PATTERN", Texts), No,
        help: "A git tag whose jobs may assume the role; wildcards as for --branch; may be repeated",
        default: "all";
    PERMISSIONS_POLICY_ARN: "--permissions-policy-arn", List("ARN", Words), No,
        help: "A managed policy that the first role gets; may be repeated [default: no permissions]",
        default: "none: the role has no permissions until a policy is attached to it";
    WORKLOAD_ROLE_ARN: "--workload-role-arn", List("ARN", Words), No,
        help: "A role that the first role may assume, in any account; may be repeated",
        default: "none: roles, also of other accounts, that trust the first role";
    MAX_SESSION_DURATION: "--max-session-duration", One("TIME"), No,
        help: "The longest session of the first role: 1h to 12h [default: IAM's, 1h]",
        default: "IAM's default, 1 h; for the first role, because chained sessions last at most 1 h";
    PROVIDER: "--provider", One("STATE"), No,
        help: "The account's identity provider for the issuer: new (create it), existing [default: new]",
        default: "`new`; an account has one provider for an issuer, `existing` does not create it";
    CONTEXT_PROVIDER: "--context-provider", Switch, No,
        help: "Map the token's project, ref and repository to keys of the role's session (aws-cli, provider-json)",
        default: "off; the keys are for the session's later calls, `sub` stays the limit of the role";
    THUMBPRINT: "--thumbprint", List("DIGITS", Words), No,
        help: "SHA-1 of the private certificate authority of a CircleCI server; may be repeated",
        default: "none: only a CircleCI Server with a certificate of a private CA needs one";
    FORMAT: "--format", One("FORMAT"), No,
        help: "text, json [default: text]",
        default: "`json` for `trust generate`, else `text`";
}
