//! The flags of every command that asks STS for one session.

#![expect(clippy::doc_markdown, reason = "these comments are what --help prints")]

use clap::Args;

use super::JobGuardArgs;

/// What is asked for, and by which token. Each is also read from `AWS_OIDC_<FLAG>`.
#[derive(Debug, Default, Args)]
pub(crate) struct SessionArgs {
    /// The IAM role to assume, as an ARN
    #[arg(long, value_name = "ARN")]
    pub(crate) role_arn: Option<String>,
    /// The session's name in CloudTrail, 2 to 64 of A-Za-z0-9_+=,.@- [default: one for each job]
    #[arg(long, value_name = "NAME")]
    pub(crate) session_name: Option<String>,
    /// How long the credentials last: 3600, 45m, 1h; 15m to 12h [default: 1h]
    #[arg(long, value_name = "TIME")]
    pub(crate) duration: Option<String>,
    /// The AWS Region to ask and to export [default: AWS_REGION, AWS_DEFAULT_REGION]
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// auto, circleci-v2, circleci-v1, mint, github, file:PATH, env:NAME [default: auto]
    #[arg(long, value_name = "SOURCE")]
    pub(crate) token_source: Option<String>,
    /// Whom the token has to be for [default: the organization; on GitHub sts.amazonaws.com]
    #[arg(long, value_name = "AUDIENCE")]
    pub(crate) audience: Option<String>,
    /// A role to go on to with the first one's credentials; may be repeated
    #[arg(long, value_name = "ARN")]
    pub(crate) chain_role_arn: Vec<String>,
    /// What the last chained role's trust policy asks for
    #[arg(long, value_name = "ID")]
    pub(crate) external_id: Option<String>,
    /// A tag of the chained session, or auto for those of the job; may be repeated
    #[arg(long, value_name = "K=V")]
    pub(crate) tag: Vec<String>,
    /// A tag's key that goes along the chain; may be repeated
    #[arg(long, value_name = "K")]
    pub(crate) transitive_tag: Vec<String>,
    /// Who is behind the chained sessions
    #[arg(long, value_name = "NAME")]
    pub(crate) source_identity: Option<String>,
    /// A session policy, JSON or its file
    #[arg(long, value_name = "POLICY")]
    pub(crate) policy: Option<String>,
    /// A managed session policy; may be repeated
    #[arg(long, value_name = "ARN")]
    pub(crate) policy_arn: Vec<String>,
    /// The only accounts to work in; may be repeated
    #[arg(long, value_name = "ID")]
    pub(crate) allowed_account_id: Vec<String>,
    /// An account never to work in; may be repeated
    #[arg(long, value_name = "ID")]
    pub(crate) forbidden_account_id: Vec<String>,
    #[command(flatten)]
    pub(crate) job_guard: JobGuardArgs,
    /// The first role's trust policy: says why if AWS denies the token
    #[arg(long, value_name = "FILE")]
    pub(crate) trust_policy: Option<String>,
}
