#!/usr/bin/env bash
# What docs/migration.md says, in jobs: a config that was written for ovotech/aws-configure-credentials-oidc, with only the
# orb's reference changed; the page's own blocks; and its tables about circleci/aws-cli. Those about GitHub's action are in
# crates/cli/tests/it/github/action.rs.
# usage: scripts/end-to-end/migration.sh BINARY
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"

python=$(python_has aws)
export PATH="$python/bin:$PATH"
policies=$root/scripts/end-to-end/policies
start_local_sts \
  --trust "arn:aws:iam::123456789012:role/CircleCI=$policies/ovotech-readme.json" \
  --trust "arn:aws:iam::123456789012:role/exact-v1-sub=$policies/exact-v1-sub.json" \
  --trust "arn:aws:iam::123456789012:role/deploy=$policies/example-project.json" \
  --trust "arn:aws:iam::111111111111:role/tooling=$policies/example-project.json" \
  --trust "arn:aws:iam::222222222222:role/deploy-behind-tooling=$policies/trusts-tooling.json"
pack_orb "$1"

sed 's|ovotech/aws-configure-credentials-oidc@0.1.0|circleci-aws-oidc/aws-oidc@0.1|' \
  "$root/scripts/end-to-end/ovotech-config.yml" >"$work/config.yml"
check_output 'only the reference is changed' 2 bash -c \
  'diff "$1" "$2" | grep -c "^[<>]"' diff "$root/scripts/end-to-end/ovotech-config.yml" "$work/config.yml"

run_job "$work/config.yml" deploy "$work/sts/env" >"$work/log" 2>&1 || broken 'the job runs' "$(cat "$work/log")"
held 'the job runs'
check 'a step with the profile is the role' grep -qx 'profile: arn:aws:sts::123456789012:assumed-role/CircleCI/CircleCI-example-app-1' "$work/log"
check 'a role that trusts the exact V1 sub is assumed too' \
  grep -qx 'v1: arn:aws:sts::123456789012:assumed-role/exact-v1-sub/CircleCI-example-app-1' "$work/log"
check 'without profile-name the next step has the role' \
  grep -qx 'default: arn:aws:sts::123456789012:assumed-role/CircleCI/CircleCI-example-app-1' "$work/log"
another_projects_env >"$work/other-env"
status=0
run_job "$work/config.yml" deploy "$work/other-env" >"$work/log" 2>&1 || status=$?
check 'where STS denies the request, the step fails' test "$status" -eq 4
check 'and says why' grep -q 'Not authorized to perform sts:AssumeRoleWithWebIdentity' "$work/log"

# The page's blocks, as a user applies them: the lines with a plus, in a config.
page=$root/docs/migration.md
python3 "$root/scripts/lib/fenced-blocks.py" diff "$work/blocks" diff "$page"
applied() {
  local steps
  steps=$(sed -n 's/^+//p' "$work/blocks/$(basename "$page" .md)-$1.diff" | grep -v '^  [a-z-]*: ')
  printf 'orbs: {aws-oidc: circleci-aws-oidc/aws-oidc@0.1}\njobs:\n  deploy:\n    docker: [{image: i}]\n    steps:\n%s\n%s\n' \
    "$steps" "      - run: echo \"is \$(aws $2 sts get-caller-identity --query Arn --output text)\""
}
session=arn:aws:sts::123456789012:assumed-role/deploy
applied 2 '--profile prod' >"$work/aws-cli.yml"
applied 3 '' >"$work/own-step.yml"
printf '%s\n' ROLE=arn:aws:iam::123456789012:role/deploy AWS_DEFAULT_REGION=eu-west-1 >"$work/own-env"

# ran JOB CONFIG OPTIONS...: runs a job; its log is in $work/log, its exit code in `status`.
ran() {
  status=0
  run_job "$2" "$1" "$work/sts/env" "${@:3}" >"$work/log" 2>&1 || status=$?
}
# says CLAIM LINE...: the job of the last `ran` succeeded and printed these lines.
says() {
  local claim=$1 line
  shift
  [ "$status" -eq 0 ] || broken "$claim" "$(cat "$work/log")"
  for line in "$@"; do
    grep -qxF -e "$line" "$work/log" || broken "$claim" "no line: $line" "$(cat "$work/log")"
  done
  held "$claim"
}
ran deploy "$work/aws-cli.yml"
says 'the block for circleci/aws-cli acts as the role' "is $session/deploy"
ran deploy "$work/own-step.yml" --env-file "$work/own-env"
says 'the block for a step of your own acts as the role' "is $session/ci"

config=$root/scripts/end-to-end/aws-cli-config.yml
also=(--orb "aws-cli=$root/scripts/end-to-end/circleci-orbs/aws-cli.yml")
ran nothing-named "$config" "${also[@]}"
check 'a role in a variable that is not set fails the step' test "$status" -eq 2
check 'and it names the variable' grep -qF 'AWS_ROLE_ARN' "$work/log"
echo AWS_ROLE_ARN=arn:aws:iam::123456789012:role/deploy >"$work/role-env"
printf '%s\n' AWS_ACCESS_KEY_ID=AKIASTATIC AWS_SECRET_ACCESS_KEY=static >"$work/static-env"
ran nothing-named "$config" "${also[@]}" --env-file "$work/role-env" --env-file "$work/static-env"
says 'without names there are variables alone, with both Regions, and they win over static keys' \
  "is $session/CircleCI-example-app-1" 'regions eu-west-1 eu-west-1; files 0'
ran 'job of a matrix' "$config"
says 'a session name of variables is made valid' "is $session/job-of-a-matrix"
check 'with a note' grep -q '^note: .*job-of-a-matrix' "$work/log"
ran literal-name "$config"
check 'a literal name that AWS refuses is an error' test "$status" -eq 2
ran default-profile "$config"
says 'profile-name is for tools that pass --profile default, and it has the Region' \
  "is $session/CircleCI-example-app-1" 'region eu-west-1; key not set'
ran profile-and-variables "$config"
says 'one variable makes both' "is $session/CircleCI-example-app-1" 'key ASIA'
check_output 'for a step with the profile and one without' 2 grep -cxF "is $session/CircleCI-example-app-1" "$work/log"
ran verified-profile "$config"
check 'a profile is verified' test "$status" -eq 0
ran verified-profile "$config" --env-file "$work/static-env"
check 'and refused where static keys of a context win over it' test "$status" -eq 7
ran role-arn-setup "$config"
says 'a role behind another one is one step, or a profile with a source' \
  'is arn:aws:sts::222222222222:assumed-role/deploy-behind-tooling/CircleCI-example-app-1'
check_output 'for both ways' 2 grep -c '^is arn:aws:sts::222222222222:' "$work/log"
ran assume-role-with-web-identity "$config"
says 'the command of the older orb is there' "is $session/deploy"
ran after-a-failure "$config"
check 'with `when: always` the step runs after a failed one' grep -q "^assumed $session/" "$work/log"
checks_done
