//! A plan as a script for the AWS CLI. The script finds the account that it runs in, and creates what belongs there.

use aws::{AccountId, RoleArn};

use super::{
    json, permissions,
    plan::{Plan, Provider},
    policies::Policies,
    tree::Node,
};

const HEAD: &str = "\
# It can be run again: what exists is kept; policies, session duration and thumbprints are set to those of this file.
# It removes no audience from an existing provider, detaches no policy, and does not change an existing role's path.
";
const SEVERAL: &str = "\
# Run it once in each account, the first role's account first: AWS refuses a policy that trusts a role before it exists.
";
const SET_UP: &str = r#"set -eu
export AWS_PAGER=

# role NAME PATH TRUST_POLICY
role() {
  if aws iam get-role --role-name="$1" >/dev/null 2>&1; then
    aws iam update-assume-role-policy --role-name="$1" --policy-document="$3"
  else
    aws iam create-role --role-name="$1" --path="$2" --assume-role-policy-document="$3" >/dev/null
  fi
  aws iam get-role --role-name="$1" --query Role.Arn --output text
}

"#;
const FIND_ACCOUNT: &str = "\
account=$(aws sts get-caller-identity --query Account --output text)
case $account in
";

/// The whole script.
pub(super) fn script(plan: &Plan, policies: &Policies) -> String {
    let accounts = plan.accounts();
    let several = if accounts.len() > 1 { SEVERAL } else { "" };
    let case = |account: &&AccountId| format!("{account})\n{}  ;;\n", commands(plan, policies, account));
    let cases: String = accounts.iter().map(case).collect();
    let known: Vec<&str> = accounts.iter().map(|account| account.as_str()).collect();
    let other = format!(
        "nothing was changed: this file is for account {}, the credentials are for $account",
        known.join(", ")
    );
    let trust = policies.chain.as_ref().map_or_else(String::new, |chain| {
        format!(
            "# The trust policy of the workload roles.\nworkload_trust={}\n\n",
            quote(&json::pretty(&chain.trust))
        )
    });
    let permissions = permissions::comment(plan);
    let purpose = format!(
        "#!/bin/sh\n# Allows {} jobs to assume a role. Run it with an administrator's credentials.\n",
        plan.jobs.ci()
    );
    format!(
        "{purpose}{HEAD}{permissions}{several}{SET_UP}{trust}{FIND_ACCOUNT}{cases}*)\n  echo \"{other}\" >&2\n  exit 1\n  ;;\nesac\n"
    )
}

/// The commands for one account.
fn commands(plan: &Plan, policies: &Policies, account: &AccountId) -> String {
    let mut commands = if account == plan.role.account() { first(plan, policies) } else { String::new() };
    let here = plan.workload_roles.iter().filter(|role| role.account() == account);
    commands.extend(here.map(|role| create(role, "\"$workload_trust\"")));
    commands
}

/// The provider, and the role that the jobs assume.
fn first(plan: &Plan, policies: &Policies) -> String {
    let name = quote(plan.role.role_name());
    let mut commands = match plan.provider {
        Provider::New => provider(plan),
        Provider::Existing => String::new(),
    };
    commands += &create(&plan.role, &quote(&json::pretty(&policies.trust)));
    if let Some(longest) = plan.max_session_duration {
        let seconds = longest.seconds();
        commands += &format!("  aws iam update-role --role-name={name} --max-session-duration={seconds}\n");
    }
    for policy in &plan.permissions_policies {
        let arn = quote(policy.as_str());
        commands += &format!("  aws iam attach-role-policy --role-name={name} --policy-arn={arn}\n");
    }
    if let Some(chain) = &policies.chain {
        let policy = quote(&json::pretty(&chain.permissions));
        commands += &format!(
            "  aws iam put-role-policy --role-name={name} --policy-name=assume-workload-roles \\\n    \
             --policy-document={policy}\n"
        );
    }
    commands
}

/// An existing provider gets what it lacks. Its audiences are looked at first: IAM need not accept one twice.
fn provider(plan: &Plan) -> String {
    let arn = ("OpenIDConnectProviderArn", Node::text(plan.jobs.provider_arn(&plan.role)));
    let audience = plan.audience.as_str();
    let audiences = call("get-open-id-connect-provider", vec![arn.clone()]);
    let mut new =
        vec![("Url", Node::text(plan.jobs.issuer().as_str())), ("ClientIDList", Node::list([audience]))];
    let client = vec![arn.clone(), ("ClientID", Node::text(audience))];
    let add = call("add-client-id-to-open-id-connect-provider", client);
    let mut changes = format!(
        "if ! printf '%s\\n' \"$audiences\" | tr '\\t' '\\n' | grep -Fqx -e {}; then\n      {add}\n    fi",
        quote(audience)
    );
    if !plan.thumbprints.is_empty() {
        let thumbprints = ("ThumbprintList", Node::list(plan.thumbprints()));
        new.push(thumbprints.clone());
        changes += "\n    ";
        changes += &call("update-open-id-connect-provider-thumbprint", vec![arn, thumbprints]);
    }
    let new = call("create-open-id-connect-provider", new);
    format!(
        "  if audiences=$({audiences} \\\n    --query ClientIDList --output text 2>/dev/null); then\n    \
         {changes}\n  else\n    {new} >/dev/null\n  fi\n"
    )
}

/// The values are passed as JSON: in a flag the CLI would load a value that looks like a URL or a file.
fn call(action: &str, values: Vec<(&str, Node)>) -> String {
    format!("aws iam {action} --cli-input-json {}", quote(&json::pretty(&Node::object(values))))
}

/// `trust` is a shell word.
fn create(role: &RoleArn, trust: &str) -> String {
    format!("  role {} {} {trust}\n", quote(role.role_name()), quote(role.path()))
}

/// Within single quotes no character is special to a shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_leaves_its_quotes() {
        assert_eq!(quote("$(x) `y` \"z\" \\"), "'$(x) `y` \"z\" \\'");
        assert_eq!(quote("a'b"), r"'a'\''b'");
    }
}
