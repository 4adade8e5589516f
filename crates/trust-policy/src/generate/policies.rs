//! The policies of a plan, as trees: the trust policies of the roles, and the first role's permission policy.

use crate::{
    actions::{ASSUME_ROLE, ASSUME_ROLE_WITH_WEB_IDENTITY},
    document::VERSION_WITH_VARIABLES,
};

use super::{conditions::Conditions, iam_text, json, plan::Plan, plan_error::PlanError, tree::Node};

/// The highest value of AWS's quota for trust policies that is reported.
const LARGEST_TRUST: usize = 8192;
/// IAM's limit for all policies within one role.
const LARGEST_PERMISSIONS: usize = 10_240;

/// Every policy that a plan needs.
#[derive(Debug)]
pub(super) struct Policies {
    /// Allows the jobs to assume the role.
    pub(super) trust: Node,
    /// Its length as IAM counts it.
    pub(super) trust_size: usize,
    /// If there are workload roles.
    pub(super) chain: Option<Chain>,
}

/// The two policies of role chaining: a role of another account needs both.
#[derive(Debug)]
pub(super) struct Chain {
    /// Allows the role to assume the workload roles.
    pub(super) permissions: Node,
    /// The trust policy of each workload role.
    pub(super) trust: Node,
}

impl Policies {
    pub(super) fn of(plan: &Plan) -> Result<Self, PlanError> {
        let trust = web_identity_trust(plan);
        let trust_size = within(LARGEST_TRUST, "trust policy", &trust)?;
        let chain = if plan.workload_roles.is_empty() { None } else { Some(chain(plan)?) };
        Ok(Self { trust, trust_size, chain })
    }
}

fn web_identity_trust(plan: &Plan) -> Node {
    let mut conditions = Conditions::default();
    let audience = Node::text(iam_text::without_variables(plan.audience.as_str()));
    conditions.add("StringEquals", plan.jobs.key("aud"), audience);
    plan.jobs.add_conditions(&plan.role, &mut conditions);
    document([
        ("Effect", Node::text("Allow")),
        ("Principal", Node::object([("Federated", Node::text(plan.jobs.provider_arn(&plan.role)))])),
        ("Action", Node::text(ASSUME_ROLE_WITH_WEB_IDENTITY)),
        ("Condition", conditions.into_node()),
    ])
}

fn chain(plan: &Plan) -> Result<Chain, PlanError> {
    // A path may contain a character that is a wildcard in `Resource`.
    let resources = plan.workload_roles.iter().map(|role| iam_text::literal(role.as_str())).collect();
    let permissions = document([
        ("Effect", Node::text("Allow")),
        ("Action", Node::text(ASSUME_ROLE)),
        ("Resource", Node::one_or_many(resources)),
    ]);
    within(LARGEST_PERMISSIONS, "permission policy for the workload roles", &permissions)?;
    let mut trust = vec![
        ("Effect", Node::text("Allow")),
        ("Principal", Node::object([("AWS", Node::text(plan.role.as_str()))])),
        ("Action", Node::text(ASSUME_ROLE)),
    ];
    if let Some(id) = &plan.external_id {
        let external_id = Node::object([("sts:ExternalId", Node::text(id.as_str()))]);
        trust.push(("Condition", Node::object([("StringEquals", external_id)])));
    }
    Ok(Chain { permissions, trust: document(trust) })
}

fn document<'a>(statement: impl IntoIterator<Item = (&'a str, Node)>) -> Node {
    let statements = Node::List(vec![Node::object(statement)]);
    Node::object([("Version", Node::text(VERSION_WITH_VARIABLES)), ("Statement", statements)])
}

/// The length, if IAM accepts it.
fn within(limit: usize, policy: &'static str, document: &Node) -> Result<usize, PlanError> {
    let size = json::pretty(document).chars().filter(|character| !character.is_whitespace()).count();
    if size > limit { Err(PlanError::TooLarge { policy, size, limit }) } else { Ok(size) }
}
