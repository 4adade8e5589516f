//! A plan as a `CloudFormation` template. One template is for all accounts: each account gets its own resources.

use aws::{AccountId, PolicyArn, RoleArn};

use super::{
    permissions,
    plan::{Plan, Provider},
    policies::Policies,
    tree::Node,
    yaml,
};

const HEAD: &str = "\
# aws cloudformation deploy --template-file FILE --stack-name NAME --capabilities CAPABILITY_NAMED_IAM
";
const HEAD_OF_PROVIDER: &str = "\
# An account has one provider for an issuer. If it exists, generate this template with `--provider existing`.
";
const HEAD_OF_SEVERAL: &str = "\
# Deploy it in each account, the first role's account first: AWS refuses a policy that trusts a role before it exists.
";

/// The whole template.
pub(super) fn template(plan: &Plan, policies: &Policies) -> String {
    let accounts = plan.accounts();
    let mut head = HEAD.to_owned() + permissions::comment(plan);
    let mut document = vec![
        ("AWSTemplateFormatVersion", Node::text("2010-09-09")),
        ("Description", Node::text(format!("Allows {} jobs to assume a role", plan.jobs.ci()))),
    ];
    if plan.provider == Provider::New {
        head += HEAD_OF_PROVIDER;
    }
    if accounts.len() > 1 {
        head += HEAD_OF_SEVERAL;
        document.push(("Conditions", Node::object(accounts.iter().map(|account| condition(account)))));
    }
    document.push(("Resources", Node::object(resources(plan, policies))));
    document.push(("Outputs", Node::object([("RoleArn", output(plan))])));
    head + &yaml::document(&Node::object(document))
}

fn condition(account: &AccountId) -> (String, Node) {
    let this_account = Node::object([("Ref", Node::text("AWS::AccountId"))]);
    let sides = Node::List(vec![this_account, Node::text(account.as_str())]);
    (name_of(account), Node::object([("Fn::Equals", sides)]))
}

fn name_of(account: &AccountId) -> String {
    format!("InAccount{account}")
}

/// The first role's ARN, where the role is.
fn output(plan: &Plan) -> Node {
    let several = plan.accounts().len() > 1;
    let condition = several.then(|| ("Condition", Node::text(name_of(plan.role.account()))));
    let arn = Node::object([("Fn::GetAtt", Node::list(["Role", "Arn"]))]);
    Node::object(condition.into_iter().chain([("Value", arn)]))
}

fn resources(plan: &Plan, policies: &Policies) -> Vec<(String, Node)> {
    let several = plan.accounts().len() > 1;
    let resource = |kind: &str, account: &AccountId, after: Option<&str>, properties: Vec<(&str, Node)>| {
        let mut pairs = vec![("Type", Node::text(kind))];
        pairs.extend(several.then(|| ("Condition", Node::text(name_of(account)))));
        pairs.extend(after.map(|name| ("DependsOn", Node::text(name))));
        pairs.push(("Properties", Node::object(properties)));
        Node::object(pairs)
    };
    let account = plan.role.account();
    let mut resources = Vec::new();
    let mut after = None;
    if plan.provider == Provider::New {
        resources
            .push(("Provider".to_owned(), resource("AWS::IAM::OIDCProvider", account, None, provider(plan))));
        after = Some("Provider");
    }
    resources
        .push(("Role".to_owned(), resource("AWS::IAM::Role", account, after, first_role(plan, policies))));
    let Some(chain) = &policies.chain else { return resources };
    for (workload, number) in plan.workload_roles.iter().zip(1..) {
        // In another account the role is not a resource of the stack.
        let after = (workload.account() == account).then_some("Role");
        let properties = role(workload, &chain.trust);
        let resource = resource("AWS::IAM::Role", workload.account(), after, properties);
        resources.push((format!("WorkloadRole{number}"), resource));
    }
    resources
}

fn provider(plan: &Plan) -> Vec<(&'static str, Node)> {
    let mut properties = vec![
        ("Url", Node::text(plan.jobs.issuer().as_str())),
        ("ClientIdList", Node::list([plan.audience.as_str()])),
    ];
    if !plan.thumbprints.is_empty() {
        properties.push(("ThumbprintList", Node::list(plan.thumbprints())));
    }
    properties
}

fn first_role(plan: &Plan, policies: &Policies) -> Vec<(&'static str, Node)> {
    let mut properties = role(&plan.role, &policies.trust);
    if let Some(longest) = plan.max_session_duration {
        properties.push(("MaxSessionDuration", Node::Number(longest.seconds())));
    }
    if !plan.permissions_policies.is_empty() {
        let policies = plan.permissions_policies.iter().map(PolicyArn::as_str);
        properties.push(("ManagedPolicyArns", Node::list(policies)));
    }
    if let Some(chain) = &policies.chain {
        let policy = [
            ("PolicyName", Node::text("assume-workload-roles")),
            ("PolicyDocument", chain.permissions.clone()),
        ];
        properties.push(("Policies", Node::List(vec![Node::object(policy)])));
    }
    properties
}

fn role(role: &RoleArn, trust: &Node) -> Vec<(&'static str, Node)> {
    vec![
        ("RoleName", Node::text(role.role_name())),
        ("Path", Node::text(role.path())),
        ("AssumeRolePolicyDocument", trust.clone()),
    ]
}
