//! A plan as a `CloudFormation` template. One template serves all accounts: each gets the resources that belong there.

use aws::{AccountId, RoleArn};

use super::{Plan, policies::Policies, tree::Node, yaml};

const HEAD: &str = "\
# aws cloudformation deploy --template-file FILE --stack-name NAME --capabilities CAPABILITY_NAMED_IAM
# An account has one provider for an issuer: where there is one already, add --parameter-overrides CreateProvider=false
";
const HEAD_OF_SEVERAL: &str = "\
# Deploy it in each account, that of the first role first: AWS refuses a policy that trusts a role before it exists.
";

/// The whole template.
pub(super) fn template(plan: &Plan, policies: &Policies) -> String {
    let accounts = plan.accounts();
    let head = if accounts.len() > 1 { HEAD_OF_SEVERAL } else { "" };
    let parameter = Node::object([
        ("Type", Node::text("String")),
        ("AllowedValues", Node::list(["true", "false"])),
        ("Default", Node::text("true")),
        ("Description", Node::text("Whether the account has no provider for this issuer yet")),
    ]);
    let document = Node::object([
        ("AWSTemplateFormatVersion", Node::text("2010-09-09")),
        ("Description", Node::text("Lets jobs of CircleCI assume a role")),
        ("Parameters", Node::object([("CreateProvider", parameter)])),
        ("Conditions", conditions(plan, &accounts)),
        ("Resources", resources(plan, policies, accounts.len() > 1)),
    ]);
    format!("{HEAD}{head}{}", yaml::document(&document))
}

fn conditions(plan: &Plan, accounts: &[&AccountId]) -> Node {
    let equals = |name: &str, value: &str| {
        Node::object([("Fn::Equals", Node::List(vec![reference(name), Node::text(value)]))])
    };
    let wanted = equals("CreateProvider", "true");
    let [_, _, ..] = accounts else { return Node::object([("CreatesProvider", wanted)]) };
    let here = Node::object([("Condition", Node::text(in_account(plan.role.account())))]);
    let creates = Node::object([("Fn::And", Node::List(vec![here, wanted]))]);
    let of_account = |account: &&AccountId| (in_account(account), equals("AWS::AccountId", account.as_str()));
    Node::object(accounts.iter().map(of_account).chain([("CreatesProvider".to_owned(), creates)]))
}

fn resources(plan: &Plan, policies: &Policies, several: bool) -> Node {
    let mut resources = vec![("Provider".to_owned(), provider(plan))];
    let mut properties = role(&plan.role, &policies.trust);
    if let Some(longest) = plan.max_session_duration {
        properties.push(("MaxSessionDuration", Node::Number(longest.seconds())));
    }
    if let Some(chain) = &policies.chain {
        let policy = [
            ("PolicyName", Node::text("assume-workload-roles")),
            ("PolicyDocument", chain.permissions.clone()),
        ];
        properties.push(("Policies", Node::List(vec![Node::object(policy)])));
    }
    let condition = |role: &RoleArn| several.then(|| in_account(role.account()));
    resources.push((
        "Role".to_owned(),
        resource("AWS::IAM::Role", condition(&plan.role), Some("Provider"), properties),
    ));
    let chain =
        policies.chain.iter().flat_map(|chain| plan.workload_roles.iter().map(move |role| (role, chain)));
    for (at, (workload, chain)) in chain.enumerate() {
        // In another account there is no such resource to wait for.
        let after = (workload.account() == plan.role.account()).then_some("Role");
        let properties = role(workload, &chain.trust);
        let resource = resource("AWS::IAM::Role", condition(workload), after, properties);
        resources.push((format!("WorkloadRole{}", at + 1), resource));
    }
    Node::object(resources)
}

fn provider(plan: &Plan) -> Node {
    let mut properties = vec![
        ("Url", Node::text(plan.issuer.to_string())),
        ("ClientIdList", Node::list([plan.audience.as_str()])),
    ];
    if !plan.thumbprints.is_empty() {
        properties.push(("ThumbprintList", Node::list(plan.thumbprints())));
    }
    resource("AWS::IAM::OIDCProvider", Some("CreatesProvider".to_owned()), None, properties)
}

fn role(role: &RoleArn, trust: &Node) -> Vec<(&'static str, Node)> {
    vec![
        ("RoleName", Node::text(role.role_name())),
        ("Path", Node::text(role.path())),
        ("AssumeRolePolicyDocument", trust.clone()),
    ]
}

fn resource(
    kind: &str,
    condition: Option<String>,
    after: Option<&str>,
    properties: Vec<(&str, Node)>,
) -> Node {
    let mut pairs = vec![("Type", Node::text(kind))];
    pairs.extend(condition.map(|name| ("Condition", Node::text(name))));
    pairs.extend(after.map(|name| ("DependsOn", Node::text(name))));
    pairs.push(("Properties", Node::object(properties)));
    Node::object(pairs)
}

fn reference(name: &str) -> Node {
    Node::object([("Ref", Node::text(name))])
}

fn in_account(account: &AccountId) -> String {
    format!("InAccount{account}")
}
