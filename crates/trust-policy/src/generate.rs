//! The least that lets a project's jobs assume a role, written out: identity provider, role and trust policy, and
//! the roles of workload accounts behind them. The reverse of [`evaluate`](crate::evaluate()), which its tests hold
//! it against.

mod aws_cli;
mod client_id;
mod cloudformation;
mod hcl;
mod iam_text;
mod issuer;
mod job;
mod json;
mod note;
mod policies;
mod ref_pattern;
mod subjects;
mod terraform;
mod thumbprint;
mod tree;
mod uuid;
mod vcs_origin;
mod yaml;

use aws::{AccountId, ExternalId, RoleArn, SessionDuration};

pub use client_id::{ClientId, InvalidClientId};
pub use issuer::{InvalidIssuer, Issuer};
pub use job::{Job, NotAJob};
pub use note::Note;
pub use ref_pattern::{InvalidRefPattern, RefPattern};
pub use thumbprint::{InvalidThumbprint, Thumbprint};
pub use uuid::{InvalidUuid, Uuid};
pub use vcs_origin::{InvalidVcsOrigin, VcsOrigin};

use policies::Policies;

/// Who is to be let in, and where. What must hold between the fields is checked by [`generate`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Who issues the tokens.
    pub issuer: Issuer,
    /// Whom the tokens are for: by default CircleCI writes the organization's id.
    pub audience: ClientId,
    /// Whose jobs are let in, at least one.
    pub projects: Vec<Project>,
    /// The branches and tags whose jobs are let in; none means all, and tokens that name none.
    pub refs: Vec<RefPattern>,
    /// The only user whose jobs are let in.
    pub user: Option<Uuid>,
    /// The role that the jobs assume.
    pub role: RoleArn,
    /// Roles that this one may go on to.
    pub workload_roles: Vec<RoleArn>,
    /// What the workload roles ask for.
    pub external_id: Option<ExternalId>,
    /// The longest session of `role`; IAM's default is an hour.
    pub max_session_duration: Option<SessionDuration>,
    /// Whether the account of `role` gets the issuer's provider.
    pub provider: Provider,
    /// A new provider's; AWS needs none for CircleCI's cloud.
    pub thumbprints: Vec<Thumbprint>,
}

/// What is done about the identity provider: an account can have one for an issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// It is created with the role.
    New,
    /// It is left to whoever has created it.
    Existing,
}

impl Plan {
    /// Each account once, that of the first role first.
    fn accounts(&self) -> Vec<&AccountId> {
        let mut accounts = vec![self.role.account()];
        for role in &self.workload_roles {
            if !accounts.contains(&role.account()) {
                accounts.push(role.account());
            }
        }
        accounts
    }

    fn thumbprints(&self) -> Vec<&str> {
        self.thumbprints.iter().map(Thumbprint::as_str).collect()
    }
}

/// A project, and the repository that its jobs must come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its id, not its name.
    pub id: Uuid,
    /// Without it forks are let in as well, where CircleCI gives them tokens.
    pub vcs_origin: Option<VcsOrigin>,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The role's trust policy alone.
    Json,
    /// A script of POSIX sh that creates everything.
    AwsCli,
    /// Resources for Terraform.
    Terraform,
    /// A template in YAML.
    CloudFormation,
}

/// What was written, and what to know about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The document, with a line end behind the last line.
    pub text: String,
    /// For whoever puts it into force.
    pub notes: Vec<Note>,
}

/// Why nothing can be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// It would let in the whole organization.
    #[error("no project is named: the role would trust every project of the organization")]
    NoProject,
    /// A pattern for the repository would let forks in, or branches that look like another repository's.
    #[error("project `{0}` has no repository: a branch or tag means nothing without one")]
    NoOrigin(Uuid),
    /// A token can't carry one.
    #[error("an external id is asked of roles, and no workload role is named")]
    ExternalIdAlone,
    /// Roles assume none in other partitions.
    #[error("`{0}` is of another partition than the role that is to go on to it")]
    OtherPartition(String),
    /// Names are unique in an account, whatever their paths.
    #[error("`{0}` is named twice: an account has one role of a name")]
    Twice(String),
    /// AWS lets a session be shorter than that, but not a role's longest one.
    #[error("the role's longest session can't be `{0}`: IAM allows 1 h to 12 h")]
    ShortSession(SessionDuration),
    /// Nothing is written that could hold them.
    #[error("thumbprints are given for a provider that exists")]
    ThumbprintsOfExisting,
    /// IAM takes five (facts/aws.md 10.7).
    #[error("{0} thumbprints are given: IAM takes at most 5")]
    TooManyThumbprints(usize),
    /// IAM would refuse it, whatever the account's quota.
    #[error("the {policy} would have {size} characters without white space: IAM allows at most {limit}")]
    TooLarge {
        /// Which one.
        policy: &'static str,
        /// How long it is.
        size: usize,
        /// How long it may be.
        limit: usize,
    },
}

/// Writes `plan` in `format`, if it can be put into force at all.
pub fn generate(plan: &Plan, format: Format) -> Result<Generated, PlanError> {
    check(plan)?;
    let policies = Policies::of(plan)?;
    let text = match format {
        Format::Json => format!("{}\n", json::pretty(&policies.trust)),
        Format::AwsCli => aws_cli::script(plan, &policies),
        Format::Terraform => terraform::configuration(plan, &policies),
        Format::CloudFormation => cloudformation::template(plan, &policies),
    };
    Ok(Generated { text, notes: note::all(plan, format, policies.trust_size) })
}

fn check(plan: &Plan) -> Result<(), PlanError> {
    if plan.projects.is_empty() {
        return Err(PlanError::NoProject);
    }
    let is_homeless = |project: &&Project| !plan.refs.is_empty() && project.vcs_origin.is_none();
    if let Some(project) = plan.projects.iter().find(is_homeless) {
        return Err(PlanError::NoOrigin(project.id.clone()));
    }
    if plan.external_id.is_some() && plan.workload_roles.is_empty() {
        return Err(PlanError::ExternalIdAlone);
    }
    let mut roles = vec![&plan.role];
    for workload in &plan.workload_roles {
        if workload.partition_name() != plan.role.partition_name() {
            return Err(PlanError::OtherPartition(workload.to_string()));
        }
        let is_same = |role: &&RoleArn| {
            (role.account(), role.role_name()) == (workload.account(), workload.role_name())
        };
        if roles.iter().any(is_same) {
            return Err(PlanError::Twice(workload.to_string()));
        }
        roles.push(workload);
    }
    if let Some(longest) = plan.max_session_duration.filter(|longest| *longest < SessionDuration::DEFAULT) {
        return Err(PlanError::ShortSession(longest));
    }
    if plan.provider == Provider::Existing && !plan.thumbprints.is_empty() {
        return Err(PlanError::ThumbprintsOfExisting);
    }
    match plan.thumbprints.len() {
        0..=5 => Ok(()),
        count => Err(PlanError::TooManyThumbprints(count)),
    }
}
