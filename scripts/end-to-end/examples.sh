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

# Names that projects have for purposes of their own, in a context: none of them may stop a step.
cp "$work/sts/env" "$work/crowded-env"
printf '%s\n' 'AWS_OIDC_ROLE_ARN=arn:aws:iam::999999999999:role/of-another-tool' AWS_OIDC_ROLE=of-another-tool \
  AWS_ACCOUNT_ID=999999999999 ALL_PROXY=socks5://127.0.0.1:9 'BASH_ENV=~/.bashrc' >>"$work/crowded-env"

tested=()
# example NAME JOB ROLE...: the job succeeds, and its steps acted as these roles, in this order; also among the names of
# other tools.
example() {
  local name=$1 job=$2 expected seen env
  shift 2
  tested+=("$name.yml")
  expected=$(printf '%s\n' "$@")
  for env in crowded-env sts/env; do
    run_job "$root/orb/src/examples/$name.yml" "$job" "$work/$env" --project "$work/project" >"$work/log" 2>&1 ||
      broken "$name runs with $env" "$(cat "$work/log")"
    seen=$(sed -n 's/.*"Arn": "arn:aws[^:]*:sts::\(.*\)\/[^/]*".*/\1/p' "$work/log")
    [ "$seen" = "$expected" ] ||
      broken "$name acts as its roles with $env" "expected: $expected" "     got: $seen" "$(cat "$work/log")"
    held "$name with $env: $*"
  done
}

example one-role show-identity 123456789012:assumed-role/deploy
example several-roles promote 111111111111:assumed-role/read-artifacts 222222222222:assumed-role/deploy
example production-branch deploy-production 123456789012:assumed-role/production
example long-job load-test 123456789012:assumed-role/load-test
example long-benchmark benchmark 123456789012:assumed-role/load-test
example long-sdk-job load-test 123456789012:assumed-role/load-test
check 'a background step serves it' grep -q '^serving arn:aws:sts::123456789012:assumed-role/load-test/' "$work/log"
example github-app deploy 123456789012:assumed-role/deploy
example self-hosted-runner deploy 123456789012:assumed-role/deploy
example clear-afterwards deploy 123456789012:assumed-role/deploy 123456789012:assumed-role/load-test
check 'the orb says that the variables are gone' grep -q '^the next steps start without the credentials' "$work/log"
check 'and that the profile is' grep -q '^the credentials of profile `load-test` are removed from' "$work/log"
example before-the-first-deployment deploy 123456789012:assumed-role/deploy
check 'the orb finds no problem' grep -q '^ok      token  ' "$work/log"
check 'and reaches STS' grep -q '^ok      tls ' "$work/log"
example alpine deploy 123456789012:assumed-role/deploy
if tofu=$(tofu_has); then
  tested+=(terraform.yml)
  terraform_example "$tofu"
else
  printf 'a stand-in for terraform asks as its two profiles\n'
  printf '#!/bin/sh\n[ "$1" != apply ] || for p in tooling workload; do aws --profile "$p" sts get-caller-identity; done\n' \
    >"$work/bin/terraform"
  chmod +x "$work/bin/terraform"
  example terraform deploy 111111111111:assumed-role/tooling 222222222222:assumed-role/terraform
fi
example workload-account deploy 333333333333:assumed-role/workload
check 'the orb prints that identity' grep -q '^arn: arn:aws:sts::333333333333:assumed-role/workload/' "$work/log"
example roles-file deploy 111111111111:assumed-role/tooling 222222222222:assumed-role/deploy-behind-tooling
check 'AWS says that each profile is its role' grep -q '^verified: with AWS_PROFILE' "$work/log"
example many-accounts deploy 111111111111:assumed-role/tooling 222222222222:assumed-role/deploy-behind-tooling \
  333333333333:assumed-role/deploy-behind-tooling 444444444444:assumed-role/deploy
check 'the table has a line for each role' grep -q '^china  *444444444444  deploy  *20' "$work/log"
check_output 'every example was run' "$(cd "$root/orb/src/examples" && printf '%s\n' *.yml)" \
  bash -c 'printf "%s\n" "$@" | sort' sort "${tested[@]}"

# The branch condition denies other branches, also one whose name ends like that of main.
for branch in feature x/vcs-origin/github.com/example-org/example-app/vcs-ref/refs/heads/main; do
  grep '^AWS_' "$work/sts/env" >"$work/branch-env"
  printf 'CIRCLE_OIDC_TOKEN_V2=%s\n' "$("$local_sts" mint --dir "$work/sts" --branch "$branch")" >>"$work/branch-env"
  status=0
  run_job "$root/orb/src/examples/production-branch.yml" deploy-production "$work/branch-env" >"$work/log" 2>&1 || status=$?
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
