//! The session to request, and the token to request it with.

use crate::settings::setting::Elements::{Phrases, Words};
use crate::settings::setting::Shape::{List, One, Switch};
use crate::settings::setting::settings;

settings! {
    ROLE_ARN: "--role-arn", One("ARN"), Session,
        help: "The IAM role to assume, as an ARN",
        values: "", default: "required";
    SESSION_NAME: "--session-name", One("NAME"), Session,
        help: "The session's name in CloudTrail, 2 to 64 of A-Za-z0-9_+=,.@- [default: one for each job]",
        values: "", default: "one for each job";
    DURATION: "--duration", One("TIME"), Session,
        help: "How long the credentials are valid: 3600, 45m, 1h; 15m to 12h [default: 1h]",
        values: "", default: "`1h` (15 min to 12 h)";
    REGION: "--region", One("REGION"), Session,
        help: "The AWS Region to call and to export [default: AWS_REGION, AWS_DEFAULT_REGION]",
        values: "", default: "`AWS_REGION`, `AWS_DEFAULT_REGION`";
    TOKEN_SOURCE: "--token-source", One("SOURCE"), Session,
        help: "auto, circleci-v2, circleci-v1, mint, github, file:PATH, env:NAME [default: auto]",
        values: "(`auto`, `circleci-v2`, `circleci-v1`, `mint`, `github`, `file:PATH`, `env:NAME`)",
        default: "`auto`";
    AUDIENCE: "--audience", One("AUDIENCE"), Session,
        help: "Expected token audience [default: the organization's id; on GitHub sts.amazonaws.com]",
        values: "", default: "the token's own; on GitHub `sts.amazonaws.com`";
    CHAIN_ROLE_ARN: "--chain-role-arn", List("ARN", Words), Session,
        help: "A role to assume with the previous role's credentials (role chaining); may be repeated",
        values: "", default: "none; in the order of the chain";
    EXTERNAL_ID: "--external-id", One("ID"), Session,
        help: "The external ID for the last chained role",
        values: "", default: "for the last chained role";
    TAG: "--tag", List("K=V", Phrases), Session,
        help: "A session tag for role chaining, or auto for those of the job; may be repeated",
        values: "`K=V` or `auto`", default: "none";
    TRANSITIVE_TAG: "--transitive-tag", List("K", Phrases), Session,
        help: "The key of a transitive session tag; may be repeated",
        values: "", default: "";
    SOURCE_IDENTITY: "--source-identity", One("NAME"), Session,
        help: "The source identity of the chained sessions",
        values: "", default: "set at the first chained role, inherited by the others";
    POLICY: "--policy", One("POLICY"), Session,
        help: "A session policy: JSON, or a file with JSON",
        values: "(JSON, or a file with JSON)", default: "limits the last session";
    POLICY_ARN: "--policy-arn", List("ARN", Words), Session,
        help: "A managed policy as a session policy; may be repeated",
        values: "", default: "limits the last session";
    ALLOWED_ACCOUNT_ID: "--allowed-account-id", List("ID", Words), Session,
        help: "Refuse every other account; may be repeated",
        values: "", default: "all";
    FORBIDDEN_ACCOUNT_ID: "--forbidden-account-id", List("ID", Words), Session,
        help: "Refuse this account; may be repeated",
        values: "", default: "none";
    REFUSE_SSH_RERUN: "--refuse-ssh-rerun", Switch, Session,
        help: "Refuse a job that was rerun with SSH",
        values: "", default: "`false`";
    REFUSE_FORK: "--refuse-fork", Switch, Session,
        help: "Refuse a job that builds a fork",
        values: "", default: "`false`";
    EXPECT_AWS: "--expect-aws", Switch, Session,
        help: "Refuse hosts that are not AWS's own STS, and added root certificates",
        values: "", default: "`false`; refuses every other host, and root certificates that are not Mozilla's";
    TRUST_POLICY: "--trust-policy", One("FILE"), No,
        help: "The first role's trust policy: explains a denial by STS",
        values: "", default: "the first role's trust policy as a file: a denial then names the condition that fails";
}
