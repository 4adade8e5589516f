#!/usr/bin/env bash
# Each example of the orb as a job: the packed orb, the binary, and an STS that evaluates the roles' trust policies.
# usage: scripts/end-to-end/examples.sh BINARY
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"
# shellcheck source=scripts/lib/moto.sh
. "$root/scripts/lib/moto.sh"
# shellcheck source=scripts/lib/terraform.sh
. "$root/scripts/lib/terraform.sh"

python=$(python_has aws)
policies=$root/scripts/end-to-end/policies
project=$policies/example-project.json
sed 's/arn:aws:/arn:aws-cn:/' "$project" >"$work/china.json"
start_local_sts --max-session-duration 14400 \
  --trust "arn:aws:iam::123456789012:role/deploy=$project" \
  --trust "arn:aws:iam::123456789012:role/load-test=$project" \
  --trust "arn:aws:iam::111111111111:role/read-artifacts=$project" \
  --trust "arn:aws:iam::222222222222:role/deploy=$project" \
  --trust "arn:aws:iam::333333333333:role/deploy=$project" \
  --trust "arn:aws:iam::111111111111:role/tooling=$project" \
  --trust "arn:aws:iam::222222222222:role/terraform=$policies/trusts-tooling.json" \
  --trust "arn:aws:iam::333333333333:role/workload=$policies/trusts-deploy.json" \
  --trust "arn:aws:iam::222222222222:role/deploy-behind-tooling=$policies/trusts-tooling.json" \
  --trust "arn:aws:iam::333333333333:role/deploy-behind-tooling=$policies/trusts-tooling.json" \
  --trust "arn:aws-cn:iam::444444444444:role/deploy=$work/china.json" \
  --trust "arn:aws:iam::123456789012:role/production=$policies/main-branch.json"
pack_orb "$1"

export PATH="$python/bin:$PATH"

# What `checkout` would fetch.
mkdir -p "$work/project/.circleci"
printf '[profile %s]\nrole_arn = arn:aws:iam::%s\n' tooling 111111111111:role/tooling \
  staging 222222222222:role/deploy-behind-tooling >"$work/project/.circleci/aws-roles.ini"
echo 'source_profile = tooling' >>"$work/project/.circleci/aws-roles.ini"
cp "$work/sts/ca.pem" "$work/project/.circleci/company-ca.pem"

# Names that projects have for purposes of their own, in a context: none of them may stop a step.
cp "$work/sts/env" "$work/crowded-env"
printf '%s\n' 'AWS_OIDC_ROLE_ARN=arn:aws:iam::999999999999:role/of-another-tool' AWS_OIDC_ROLE=of-another-tool \
  AWS_ACCOUNT_ID=999999999999 ALL_PROXY=socks5://127.0.0.1:9 'BASH_ENV=~/.bashrc' >>"$work/crowded-env"

tested=()
# Further options of the runner for one example: orbs, and the variables of a context.
also=()
# example NAME JOB ROLE...: the job succeeds, and its steps acted as these roles, in this order; also among the names of
# other tools.
example() {
  local name=$1 job=$2 expected seen env
  shift 2
  tested+=("$name.yml")
  expected=$(printf '%s\n' "$@")
  for env in crowded-env sts/env; do
    run_job "$root/orb/src/examples/$name.yml" "$job" "$work/$env" --project "$work/project" ${also[@]+"${also[@]}"} >"$work/log" 2>&1 ||
      broken "$name runs with $env" "$(cat "$work/log")"
    seen=$(sed -n 's/.*"Arn": "arn:aws[^:]*:sts::\(.*\)\/[^/]*".*/\1/p' "$work/log")
    [ "$seen" = "$expected" ] ||
      broken "$name acts as its roles with $env" "expected: $expected" "     got: $seen" "$(cat "$work/log")"
    held "$name, $job with $env: $*"
  done
}

example assume-one-role show-identity 123456789012:assumed-role/deploy
example before-the-first-deployment deploy 123456789012:assumed-role/deploy
check 'the orb finds no problem' grep -q '^ok      token  ' "$work/log"
check 'and reaches STS' grep -q '^ok      tls ' "$work/log"
example deploy-from-main deploy-production 123456789012:assumed-role/production
for account in 123456789012 222222222222 333333333333; do
  example deploy-with-a-matrix "deploy-to-$account" "$account:assumed-role/deploy"
done
example deploy-with-one-command deploy 123456789012:assumed-role/deploy
check 'one note names what the command does not inherit' grep -q '^note: the command does not inherit .*CIRCLE_OIDC_TOKEN_V2' "$work/log"

# The role is in the context, the account in the config.
for account in 222222222222 333333333333; do
  echo "DEPLOY_ROLE_ARN=arn:aws:iam::$account:role/deploy" >"$work/context-$account"
done
also=(--env-file "$work/context-222222222222")
example deploy-to-two-environments deploy-staging 222222222222:assumed-role/deploy
status=0
run_job "$root/orb/src/examples/deploy-to-two-environments.yml" deploy-production "$work/sts/env" "${also[@]}" >"$work/log" 2>&1 || status=$?
check 'production refuses the role of staging' test "$status" -eq 7
also=(--env-file "$work/context-333333333333")
example deploy-to-two-environments deploy-production 333333333333:assumed-role/deploy

also=()
for orb in aws-cli aws-ecr aws-ecs; do also+=(--orb "$orb=$root/scripts/end-to-end/circleci-orbs/$orb.yml"); done
example deploy-with-circleci-orbs push 123456789012:assumed-role/deploy
example deploy-with-circleci-orbs deploy 123456789012:assumed-role/deploy
sed '/profile-name: default/d' "$root/orb/src/examples/deploy-with-circleci-orbs.yml" >"$work/without-profile.yml"
status=0
run_job "$work/without-profile.yml" push "$work/sts/env" "${also[@]}" >"$work/log" 2>&1 || status=$?
check 'such an orb needs the profile' grep -qF 'The config profile (default) could not be found' "$work/log"
check 'and its job fails without it' test "$status" -ne 0
also=()

tested+=(deploy-with-terraform.yml)
terraform_example "$(terraform_has)"
example deploy-with-narrow-steps deploy 123456789012:assumed-role/deploy 123456789012:assumed-role/deploy
check 'the first steps have a scope' grep -q '^STS limited these credentials to the scope policy and to 300 s' "$work/log"
check_output 'each group of steps is cleared' 2 grep -c '^the next steps start without the credentials' "$work/log"
example long-job load-test 123456789012:assumed-role/load-test
example long-job-profile benchmark 123456789012:assumed-role/load-test
example long-job-endpoint load-test 123456789012:assumed-role/load-test
check 'a background step serves it' grep -q '^serving arn:aws:sts::123456789012:assumed-role/load-test/' "$work/log"
example many-roles-in-profiles promote 111111111111:assumed-role/read-artifacts 222222222222:assumed-role/deploy
example many-roles-chained deploy 333333333333:assumed-role/workload
check 'the orb prints that identity' grep -q '^arn: arn:aws:sts::333333333333:assumed-role/workload/' "$work/log"
example many-roles-from-file deploy 111111111111:assumed-role/tooling 222222222222:assumed-role/deploy-behind-tooling
check 'AWS says that each profile is its role' grep -q '^verified: with AWS_PROFILE' "$work/log"
example many-roles-in-one-step deploy 111111111111:assumed-role/tooling 222222222222:assumed-role/deploy-behind-tooling \
  333333333333:assumed-role/deploy-behind-tooling 444444444444:assumed-role/deploy
check 'the table has a line for each role' grep -q '^china  *444444444444  deploy  *20' "$work/log"
example on-alpine deploy 123456789012:assumed-role/deploy
example on-company-network deploy 123456789012:assumed-role/deploy
check 'the log names the certificate of the company' grep -q '^note: .*\.circleci/company-ca\.pem' "$work/log"
example on-github-app deploy 123456789012:assumed-role/deploy
example on-self-hosted-runner deploy 123456789012:assumed-role/deploy
example on-shared-machine deploy 123456789012:assumed-role/deploy 123456789012:assumed-role/load-test
check 'the orb says that the variables are gone' grep -q '^the next steps start without the credentials' "$work/log"
check 'and that the profile is' grep -q '^the credentials of profile `load-test` are removed from' "$work/log"
# The shell of Windows under its name; what differs there besides is in the tests of install and in windows.sh.
ln -s "$(command -v bash)" "$work/bin/bash.exe"
example on-windows deploy 123456789012:assumed-role/deploy
example on-windows deploy-with-powershell 123456789012:assumed-role/deploy
check_output 'every example was run' "$(cd "$root/orb/src/examples" && printf '%s\n' *.yml)" \
  bash -c 'printf "%s\n" "$@" | sort -u' sort "${tested[@]}"

# The branch condition denies other branches, also one whose name ends like that of main.
for branch in feature x/vcs-origin/github.com/example-org/example-app/vcs-ref/refs/heads/main; do
  grep '^AWS_' "$work/sts/env" >"$work/branch-env"
  printf 'CIRCLE_OIDC_TOKEN_V2=%s\n' "$("$local_sts" mint --dir "$work/sts" --branch "$branch")" >>"$work/branch-env"
  status=0
  run_job "$root/orb/src/examples/deploy-from-main.yml" deploy-production "$work/branch-env" >"$work/log" 2>&1 || status=$?
  check "the branch $branch is refused" test "$status" -eq 4
done

# Errors name what the user typed in the config.
cat >"$work/mistyped.yml" <<'YAML'
orbs: {aws-oidc: circleci-aws-oidc/aws-oidc@0.1}
jobs:
  deploy:
    docker: [{image: i}]
    steps:
      - aws-oidc/aws-configure-credentials: {role-arn: "arn:aws:iam::123456789012:role/deploy", profile-name: "a]"}
YAML
run_job "$work/mistyped.yml" deploy "$work/sts/env" >"$work/log" 2>&1 || true
check 'an error names the parameter' grep -q '^error: `profile-name` cannot be used' "$work/log"
checks_done
