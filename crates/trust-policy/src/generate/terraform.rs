//! A plan as Terraform: resources with literal values, so that a reader sees exactly what the role trusts.

use aws::{AccountId, PolicyArn, RoleArn};

use super::{
    hcl::{self, Attribute},
    permissions,
    plan::{Plan, Provider},
    policies::{Chain, Policies},
    tree::Node,
};

const HEAD: &str = "\
# An account has one provider for an issuer. If it exists, generate this file with `--provider existing`.
";

/// The whole file.
pub(super) fn configuration(plan: &Plan, policies: &Policies) -> String {
    let name = resource_name(plan);
    let (head, mut blocks, after) = match plan.provider {
        Provider::New => {
            let provider = format!("[aws_iam_openid_connect_provider.{}]", plan.jobs.prefix());
            let after = raw("depends_on", &provider);
            (HEAD, vec![self::provider(plan)], Some(after))
        }
        Provider::Existing => ("", Vec::new(), None),
    };
    blocks.push(role(&name, &plan.role, &policies.trust, &[duration(plan), after]));
    blocks.extend(attachments(plan, &name));
    if let Some(chain) = &policies.chain {
        blocks.extend(chained(plan, &name, chain));
    }
    blocks.push(hcl::block("output \"role_arn\"", &[raw("value", &format!("aws_iam_role.{name}.arn"))]));
    format!("{head}{}{}", permissions::comment(plan), blocks.join("\n"))
}

fn provider(plan: &Plan) -> String {
    let mut attributes = vec![
        of("url", &Node::text(plan.jobs.issuer().as_str())),
        of("client_id_list", &Node::list([plan.audience.as_str()])),
    ];
    if !plan.thumbprints.is_empty() {
        attributes.push(of("thumbprint_list", &Node::list(plan.thumbprints())));
    }
    let head = format!("resource \"aws_iam_openid_connect_provider\" \"{}\"", plan.jobs.prefix());
    hcl::block(&head, &attributes)
}

fn duration(plan: &Plan) -> Option<Attribute> {
    plan.max_session_duration.map(|longest| of("max_session_duration", &Node::Number(longest.seconds())))
}

fn role(name: &str, role: &RoleArn, trust: &Node, others: &[Option<Attribute>]) -> String {
    let mut attributes =
        vec![of("name", &Node::text(role.role_name())), of("path", &Node::text(role.path()))];
    attributes.push(raw("assume_role_policy", &encoded(trust)));
    attributes.extend(others.iter().flatten().cloned());
    hcl::block(&format!("resource \"aws_iam_role\" \"{name}\""), &attributes)
}

/// The managed policies of the first role.
fn attachments(plan: &Plan, name: &str) -> Vec<String> {
    let attachment = |(number, policy): (usize, &PolicyArn)| {
        let attributes = [
            raw("role", &format!("aws_iam_role.{name}.name")),
            of("policy_arn", &Node::text(policy.as_str())),
        ];
        let head = format!("resource \"aws_iam_role_policy_attachment\" \"{name}_{number}\"");
        hcl::block(&head, &attributes)
    };
    (1..).zip(&plan.permissions_policies).map(attachment).collect()
}

/// The first role may assume each workload role, which trusts it. Another account needs its own Terraform provider.
fn chained(plan: &Plan, name: &str, chain: &Chain) -> Vec<String> {
    let permissions = [
        of("name", &Node::text("assume-workload-roles")),
        raw("role", &format!("aws_iam_role.{name}.name")),
        raw("policy", &encoded(&chain.permissions)),
    ];
    let mut blocks = vec![hcl::block(&format!("resource \"aws_iam_role_policy\" \"{name}\""), &permissions)];
    for account in plan.accounts().into_iter().skip(1) {
        blocks.push(account_provider(account));
    }
    for (at, workload) in plan.workload_roles.iter().enumerate() {
        let account = workload.account();
        let elsewhere =
            (account != plan.role.account()).then(|| raw("provider", &format!("aws.account_{account}")));
        let after_role = raw("depends_on", &format!("[aws_iam_role.{name}]"));
        let name = format!("workload_{}", at + 1);
        blocks.push(role(&name, workload, &chain.trust, &[elsewhere, Some(after_role)]));
    }
    blocks
}

fn account_provider(account: &AccountId) -> String {
    let attributes = [
        of("alias", &Node::text(format!("account_{account}"))),
        of("allowed_account_ids", &Node::list([account.as_str()])),
    ];
    format!(
        "# Add credentials for this account: a profile, or assume_role.\n{}",
        hcl::block("provider \"aws\"", &attributes)
    )
}

fn encoded(policy: &Node) -> String {
    format!("jsonencode({})", hcl::expression(policy))
}

fn of(name: &str, value: &Node) -> Attribute {
    raw(name, &hcl::expression(value))
}

fn raw(name: &str, value: &str) -> Attribute {
    (name.to_owned(), value.to_owned())
}

/// The prefix separates the name from the workload roles' names, and prevents a leading digit.
fn resource_name(plan: &Plan) -> String {
    let letter = |character: char| if character.is_ascii_alphanumeric() { character } else { '_' };
    let name: String = plan.role.role_name().chars().map(letter).collect();
    format!("{}_{name}", plan.jobs.prefix())
}
