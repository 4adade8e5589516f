#!/usr/bin/env bash
# What `trust generate` writes, read by the tools that it is for: cfn-lint, the AWS CLI with moto, another parser of HCL,
# and Terraform itself where it is installed. Each format must hold the policy that `json` prints.
# usage: scripts/end-to-end/generated.sh BINARY
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"
# shellcheck source=scripts/lib/moto.sh
. "$root/scripts/lib/moto.sh"

binary=$(realpath "$1")
python=$(python_has generated)
lint=$(python_has lint)
apt_has dash=dash /usr/bin/aws=awscli
cd "$work"

# A branch with every character that is special in one of the formats, and ordinary branches.
hostile="a\"'\`>pwned\`\$(>pwned)\${x}%{if}%%{é\$\${y}"
role=arn:aws:iam::123456789012:role/ci/deploy
one=(--organization-id 0f3c1a52-7c1e-4d0a-9b57-3d8a1f6c2e01 --project-id 5b2e7d90-41aa-4c8e-8f13-6a9d0c7b4e02
  --vcs-origin github.com/example-org/example-app --branch main --branch "$hostile" --git-tag 'v*')
several=("${one[@]}" --workload-role-arn arn:aws:iam::111122223333:role/app/deploy --external-id from-ci
  --workload-role-arn arn:aws:iam::123456789012:role/same-account --max-session-duration 2h
  --audience https://aud.example/ --thumbprint 9e99a48a9960b14926bb7f3b02e22da2b0ab7280
  --permissions-policy-arn arn:aws:iam::123456789012:policy/ci/read)
github=(--repository example-org@700/example-app@70 --repository example-org@700/other.app@71 --branch main --branch "$hostile"
  --git-tag 'v*' --environment "Production:$hostile" --permissions-policy-arn arn:aws:iam::123456789012:policy/ci/read
  --job-workflow-ref example-org/shared/.github/workflows/deploy.yml@refs/heads/main)
generate() { env -i "$binary" trust generate --quiet --role-arn "$role" "$@"; }
policies() { "$python/bin/python" "$root/scripts/lib/generated-policies.py" "$@"; }
generate "${one[@]}" >one.json
generate "${several[@]}" >several.json

for plan in one several existing github; do
  case $plan in
  one) flags=("${one[@]}") ;;
  several) flags=("${several[@]}") ;;
  github) flags=("${github[@]}") ;;
  *) flags=("${one[@]}" --provider existing) ;;
  esac
  generate "${flags[@]}" >policy.json
  expected=$(policies json policy.json)

  generate "${flags[@]}" --format cloudformation >"$plan.yaml"
  check "cfn-lint accepts the template ($plan)" "$python/bin/cfn-lint" "$plan.yaml"
  policies cloudformation "$plan.yaml" >found
  check_output "the template trusts the same principals as the JSON ($plan)" "$expected" head -n 1 found

  generate "${flags[@]}" --format terraform >"$plan.tf"
  policies terraform "$plan.tf" >found
  check_output "python-hcl2 reads the JSON's policy from the configuration ($plan)" "$expected" head -n 1 found
  check "our own lint finds nothing in any of the formats ($plan)" \
    "$binary" trust lint --quiet policy.json "$plan.yaml" "$plan.tf"
  if command -v terraform >/dev/null 2>&1; then
    check "terraform fmt leaves the configuration as it is ($plan)" env TF_CLI_CONFIG_FILE=/dev/null terraform fmt -check "$plan.tf"
    rm -rf console
    mkdir console
    sed -n '/assume_role_policy = /,/^  })/p' "$plan.tf" | sed 's/.*assume_role_policy = /locals {\n  policy = /; /^  })/{s/$/\n}/; q}' >console/policy.tf
    (cd console && echo 'base64encode(local.policy)' | TF_CLI_CONFIG_FILE=/dev/null terraform console) | tr -d '"\n' | base64 -d >evaluated.json
    check_output "terraform evaluates to the JSON's policy ($plan)" "$expected" policies json evaluated.json
  else
    printf 'skipped: terraform is not installed, its fmt and console were not asked (%s)\n' "$plan"
  fi
done
check_output 'both workload roles of the template trust the first role' 2 grep -c "\"AWS\": \"$role\"" <(policies cloudformation several.yaml)
check_output 'both workload roles of the configuration trust the first role' 2 grep -c "\"AWS\": \"$role\"" <(policies terraform several.tf)

# Counter-checks: a broken file, or one with another policy, does not pass.
sed 's/ClientIdList/ClientList/' one.yaml >wrong.yaml
check_fails 'cfn-lint refuses an unknown property' "$python/bin/cfn-lint" wrong.yaml
sed 's/DependsOn: "Provider"/DependsOn: "Missing"/' one.yaml >wrong.yaml
check_fails 'cfn-lint refuses a resource that is not there' "$python/bin/cfn-lint" wrong.yaml
sed 's|heads/main"|heads/other"|' one.tf >wrong.tf
check_fails 'another branch in the configuration is seen' test "$(policies json one.json)" = "$(policies terraform wrong.tf)"
sed 's|\\u0024{|${|' one.tf >wrong.tf
check_fails 'a template within a value is seen' policies terraform wrong.tf
sed '$d' one.tf >wrong.tf
check_fails 'python-hcl2 refuses a block that does not end' policies terraform wrong.tf

start_moto

# cli PROGRAM FOLDER: an `aws` there that runs this program with moto's endpoint, which 2.9 cannot read from a variable.
# moto 5.2.1 has no AddClientIDToOpenIDConnectProvider: the arguments of that call are recorded instead.
cli() {
  mkdir "$2"
  cat >"$2/aws" <<SHIM
#!/bin/sh
case \$2 in
add-client-id-*) printf '%s\n' "\$4" >>'$work/added' ;;
*) exec '$1' --endpoint-url '$moto' "\$@" ;;
esac
SHIM
  chmod +x "$2/aws"
}
cli "$moto_python/aws" v1
cli /usr/bin/aws v2
# account ID: in_account acts in that account from now on.
account() {
  moto_administrator "$1"
  as=("${moto_client[@]}" "${administrator[@]}")
}
in_account() { "${as[@]}" PATH="$work/v1:$PATH" "$@"; }
account 123456789012
# Everything in IAM, without the times and ids that it assigns.
state() { in_account "$moto_python/python" -c "$iam_state"; }
iam_state='
import boto3
iam = boto3.client("iam")
roles = iam.get_account_authorization_details(Filter=["Role"])["RoleDetailList"]
print([[role["Arn"], role["AssumeRolePolicyDocument"], role["RolePolicyList"]] for role in roles])
print([[role["Arn"], role["AttachedManagedPolicies"]] for role in roles if role["AttachedManagedPolicies"]])
print([[role["Arn"], role["MaxSessionDuration"]] for role in iam.list_roles()["Roles"]])
for provider in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]:
    known = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=provider["Arn"])
    print([known["Url"], known["ClientIDList"], known["ThumbprintList"]])'
stored() {
  in_account aws iam get-role --role-name "$1" --query Role.AssumeRolePolicyDocument >stored.json
  policies json stored.json
}

in_account aws iam create-policy --path /ci/ --policy-name read --policy-document \
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}' >/dev/null
generate "${several[@]}" --format aws-cli >create.sh
check 'shellcheck finds nothing in the script' "$lint/bin/shellcheck" -e SC2016 create.sh
printf '[]\n[]\n[]\n' >nothing
state >before
check 'moto has nothing at the start' cmp -s nothing before
check_output 'the script creates the roles of the first account' "$role"$'\n'arn:aws:iam::123456789012:role/same-account \
  in_account dash create.sh
check 'no part of a name was run' test ! -e pwned
check_output 'moto stores the policy that the JSON has' "$(policies json several.json)" stored deploy
state >created
check 'the provider has the audience and the thumbprint' grep -q 'https://aud.example/' created
check 'the role has the session length that was asked for' grep -q 7200 created
check 'the role may go on to the workload roles' grep -q 'role/app/deploy' created
check_output 'the policy that was asked for is attached to the first role alone' 1 grep -c "^.*$role.*policy/ci/read" created

by_hand='{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}]}'
in_account dash create.sh >again
state >after
check 'a second run changes nothing' cmp created after
in_account aws iam update-assume-role-policy --role-name deploy --policy-document "$by_hand"
state >drifted
check_fails 'a change by hand is seen' cmp -s created drifted
"${as[@]}" PATH="$work/v2:$PATH" bash --posix create.sh >again
state >after
check 'another run, by the AWS CLI v2 and bash, takes it back' cmp created after
check 'an audience that the provider has is not added again' test ! -e added
provider=arn:aws:iam::123456789012:oidc-provider/oidc.circleci.com/org/0f3c1a52-7c1e-4d0a-9b57-3d8a1f6c2e01
for known in '["https://aud.example/x"]' '["sts.amazonaws.com", "https://aud.example"]'; do
  in_account aws iam delete-open-id-connect-provider --open-id-connect-provider-arn "$provider"
  in_account aws iam create-open-id-connect-provider \
    --cli-input-json "{\"Url\": \"https://${provider#*/}\", \"ClientIDList\": $known}" >/dev/null
  rm -f added
  in_account dash create.sh >again
  check_output "an audience that a provider lacks is added to it once, beside $known" https://aud.example/ \
    python3 -c 'import json; print(json.load(open("added"))["ClientID"])'
done

# GitHub's role beside CircleCI's, with a provider of its own.
role=arn:aws:iam::123456789012:role/ci/github generate "${github[@]}" --format aws-cli >github.sh
check 'shellcheck finds nothing in the script for GitHub' "$lint/bin/shellcheck" -e SC2016 github.sh
check_output 'the script creates the role of the GitHub jobs' arn:aws:iam::123456789012:role/ci/github in_account dash github.sh
check_output 'moto stores the policy that the JSON has (github)' "$(policies json <(generate "${github[@]}"))" stored github
state >created
check 'the provider of GitHub has its audience' grep -qF "['token.actions.githubusercontent.com', ['sts.amazonaws.com'], " created
in_account dash github.sh >again
state >after
check 'a second run for GitHub changes nothing' cmp created after
check 'no part of a name was run' test ! -e pwned

account 111122223333
generate "${one[@]}" --format aws-cli >one.sh
check_fails 'in an account that it is not for, the script does nothing' in_account dash one.sh
state >after
check 'nothing is there' cmp nothing after
check_output 'the script creates the role of the workload account' arn:aws:iam::111122223333:role/app/deploy \
  in_account dash create.sh
check_output 'the workload role trusts the first role' "$(policies cloudformation several.yaml | sed -n 2p)" stored deploy
checks_done
