//! The session to request, and the token to request it with.

use crate::settings::setting::Elements::{Phrases, Words};
use crate::settings::setting::Shape::{List, One, Switch};
use crate::settings::setting::settings;

settings! {
    ROLE_ARN: "--role-arn", One("ARN"), Session,
        help: "The IAM role to assume, as an ARN",
        default: "required";
    SESSION_NAME: "--session-name", One("NAME"), Session,
        help: "The session's name in CloudTrail, 2 to 64 of A-Za-z0-9_+=,.@- [default: one for each job]",
        default: "one for each job";
    DURATION: "--duration", One("TIME"), Session,
        help: "How long the credentials are valid: 3600, 45m, 1h; 15m to 12h [default: 1h]",
        default: "`1h`", limits: "the role's maximum; 1 h with a chain";
    REGION: "--region", One("REGION"), Session,
        help: "The AWS Region to call and to export [default: AWS_REGION, AWS_DEFAULT_REGION]",
        default: "AWS_REGION, AWS_DEFAULT_REGION";
    TOKEN_SOURCE: "--token-source", One("SOURCE"), Session,
        help: "auto, circleci-v2, circleci-v1, mint, github, file:PATH, env:NAME [default: auto]",
        default: "`auto`", limits: "a token has at most 20,000 characters";
    AUDIENCE: "--audience", One("AUDIENCE"), Session,
        help: "Expected token audience [default: the organization's id; on GitHub sts.amazonaws.com]",
        default: "the token's own; on GitHub `sts.amazonaws.com`", limits: "1 to 255 characters";
    CHAIN_ROLE_ARN: "--chain-role-arn", List("ARN", Words), Session,
        help: "A role to assume with the previous role's credentials (role chaining); may be repeated",
        default: "none; in the order of the chain";
    EXTERNAL_ID: "--external-id", One("ID"), Session,
        help: "The external ID for the last chained role",
        default: "none", limits: "2 to 1,224 characters; needs a chained role";
    TAG: "--tag", List("K=V", Phrases), Session,
        help: "A session tag for role chaining, or auto for those of the job; may be repeated",
        default: "none", limits: "50 tags, keys of 128 and values of 256 characters; needs a chained role";
    TRANSITIVE_TAG: "--transitive-tag", List("K", Phrases), Session,
        help: "The key of a transitive session tag; may be repeated",
        default: "none", limits: "keys of `--tag`";
    SOURCE_IDENTITY: "--source-identity", One("NAME"), Session,
        help: "The source identity of the chained sessions",
        default: "none; set at the first chained role, inherited by the others", limits: "2 to 256 characters; needs a chained role";
    POLICY: "--policy", One("POLICY"), Session,
        help: "A session policy: JSON, or a file with JSON",
        default: "none; limits the last session", limits: "2,048 characters";
    POLICY_ARN: "--policy-arn", List("ARN", Words), Session,
        help: "A managed policy as a session policy; may be repeated",
        default: "none; limits the last session", limits: "10";
    ALLOWED_ACCOUNT_ID: "--allowed-account-id", List("ID", Words), Session,
        help: "Refuse every other account; may be repeated",
        default: "all", limits: "12 digits each";
    FORBIDDEN_ACCOUNT_ID: "--forbidden-account-id", List("ID", Words), Session,
        help: "Refuse this account; may be repeated",
        default: "none", limits: "12 digits each";
    REFUSE_SSH_RERUN: "--refuse-ssh-rerun", Switch, Session,
        help: "Refuse a job that was rerun with SSH",
        default: "`false`";
    REFUSE_FORK: "--refuse-fork", Switch, Session,
        help: "Refuse a job that builds a fork",
        default: "`false`";
    EXPECT_AWS: "--expect-aws", Switch, Session,
        help: "Refuse hosts that are not AWS's own STS, and added root certificates",
        default: "`false`";
    TRUST_POLICY: "--trust-policy", One("FILE"), No,
        help: "The first role's trust policy: explains a denial by STS",
        default: "none", limits: "one role in the file";
}
