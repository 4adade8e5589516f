//! The session to request, and the token to request it with.

use crate::settings::setting::Elements::{Phrases, Words};
use crate::settings::setting::Shape::{List, One, Switch};
use crate::settings::setting::settings;

settings! {
    ROLE_ARN: "--role-arn", One("ARN"), Session,
        help: "The IAM role to assume, as an ARN",
        more: "For example arn:aws:iam::123456789012:role/deploy. Its trust policy must allow the job's token.",
        default: "required";
    SESSION_NAME: "--session-name", One("NAME"), Session,
        help: "The session's name in CloudTrail [default: one for each job]",
        more: "2 to 64 of the characters A-Z, a-z, 0-9 and _+=,.@-",
        default: "one for each job", limits: "2 to 64 letters, digits and `_+=,.@-`";
    DURATION: "--duration", One("TIME"), Session,
        help: "How long the credentials are valid [default: 1h]",
        more: "Seconds (3600), minutes (45m) or hours (1h), from 15m to 12h: at most the role's maximum session duration, and at most 1h with role chaining.",
        default: "`1h`", limits: "15 min to 12 h; the role's maximum; 1 h with a chain";
    REGION: "--region", One("REGION"), Session,
        help: "The AWS Region to call and to export [default: AWS_REGION]",
        more: "Without it and AWS_REGION: AWS_DEFAULT_REGION. Its partition, such as aws or aws-cn, must be the role's.",
        default: "AWS_REGION, AWS_DEFAULT_REGION";
    TOKEN_SOURCE: "--token-source", One("SOURCE"), Session,
        help: "Where the job's OIDC token comes from [default: auto]",
        more: "auto: what the job's CI system offers\ncircleci-v2, circleci-v1: the variable CIRCLE_OIDC_TOKEN_V2 or CIRCLE_OIDC_TOKEN\nmint: a new token from the CircleCI CLI, which jobs have\ngithub: a new token from GitHub's token endpoint\nfile:PATH, env:NAME: a file or a variable that holds a token",
        default: "`auto`", limits: "a token has at most 20,000 characters";
    AUDIENCE: "--audience", One("AUDIENCE"), Session,
        help: "The expected token audience [default: the token's own]",
        more: "What the identity provider in IAM lists as audience. A new token is requested with it. On CircleCI it is usually the organization's id; on GitHub the default is sts.amazonaws.com.",
        default: "the token's own; on GitHub `sts.amazonaws.com`", limits: "1 to 255 characters";
    CHAIN_ROLE_ARN: "--chain-role-arn", List("ARN", Words), Session,
        help: "A role to assume next, with the session before it (role chaining)",
        more: "In the order of the chain. Only the last session's credentials are passed on.",
        default: "none; in the order of the chain";
    EXTERNAL_ID: "--external-id", One("ID"), Session,
        help: "The external ID that the last chained role's trust policy expects",
        default: "none", limits: "2 to 1,224 characters; needs a chained role";
    TAG: "--tag", List("K=V", Phrases), Session,
        help: "A session tag for the chained roles, or auto for tags of the job",
        default: "none", limits: "50 tags, keys of 128 and values of 256 characters; needs a chained role";
    TRANSITIVE_TAG: "--transitive-tag", List("K", Phrases), Session,
        help: "The key of a transitive session tag: the roles after it inherit it",
        default: "none", limits: "keys of `--tag`";
    SOURCE_IDENTITY: "--source-identity", One("NAME"), Session,
        help: "The source identity of the chained sessions, as in CloudTrail",
        more: "The first chained role's trust policy must allow sts:SetSourceIdentity.",
        default: "none; set at the first chained role, inherited by the others", limits: "2 to 256 characters; needs a chained role";
    POLICY: "--policy", One("POLICY"), Session,
        help: "A session policy, which limits the session: JSON, or its file",
        more: "The last session can do what both this policy and its role's policies allow.",
        default: "none; limits the last session", limits: "2,048 characters";
    POLICY_ARN: "--policy-arn", List("ARN", Words), Session,
        help: "A managed policy that limits the session, as --policy does",
        default: "none; limits the last session", limits: "10";
    SCOPE_POLICY: "--scope-policy", One("POLICY"), Session,
        help: "A policy that narrows the credentials after the last role",
        more: "JSON, or its file. STS narrows the credentials of the session (GetScopedCredentials): they can do what both this policy and the session allow. Needs a Region; the role may need permission for sts:GetScopedCredentials.",
        default: "none; limits the credentials, not the session", limits: "1 to 2,048 characters; a JSON object";
    SCOPE_DURATION: "--scope-duration", One("TIME"), Session,
        help: "How long the credentials are valid [default: as the session]",
        more: "Seconds (10), minutes (5m) or hours (1h), from 1s, and less than --duration. STS shortens the credentials, as with --scope-policy.",
        default: "the rest of the session", limits: "from 1 s, less than the session's duration";
    SCOPE_DESCRIPTION: "--scope-description", One("TEXT"), Session,
        help: "What CloudTrail shows with the request for a scope",
        more: "Needs --scope-policy or --scope-duration. Not a place for a secret.",
        default: "none", limits: "2 to 256 characters";
    ALLOWED_ACCOUNT_ID: "--allowed-account-id", List("ID", Words), Session,
        help: "An AWS account whose roles may be assumed; others are refused",
        more: "12 digits. Another one is refused before any request is sent, exit code 7.",
        default: "all", limits: "12 digits each";
    FORBIDDEN_ACCOUNT_ID: "--forbidden-account-id", List("ID", Words), Session,
        help: "An AWS account whose roles are refused",
        more: "12 digits. It is refused before any request is sent, exit code 7.",
        default: "none", limits: "12 digits each";
    REFUSE_SSH_RERUN: "--refuse-ssh-rerun", Switch, Session,
        help: "Refuse a job that was rerun with SSH",
        more: "The claim oidc.circleci.com/ssh-rerun of CircleCI's token shows it.",
        default: "`false`";
    REFUSE_FORK: "--refuse-fork", Switch, Session,
        help: "Refuse a job that builds a fork",
        default: "`false`";
    EXPECT_AWS: "--expect-aws", Switch, Session,
        help: "Refuse hosts that are not AWS's own STS, and added root certificates",
        more: "So that no other server reads the token. Root certificates of --ca-bundle and its variables are refused.",
        default: "`false`";
    TRUST_POLICY: "--trust-policy", One("FILE"), No,
        help: "The file of the first role's trust policy: explains a denial by STS",
        more: "JSON, CloudFormation or Terraform. A denial then names the condition that the token does not meet.",
        default: "none", limits: "one role in the file";
}
