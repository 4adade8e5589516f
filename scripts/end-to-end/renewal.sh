#!/usr/bin/env bash
# Jobs that outlast their sessions, with the packed orb: local-sts grants sessions of seconds, and one process of boto3
# keeps calling STS while they expire, with a profile that starts the binary and with the endpoint of a background step.
# usage: scripts/end-to-end/renewal.sh BINARY
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"

python=$(python_has aws)
apt_has /usr/bin/aws=awscli
export PATH="$python/bin:$PATH"
account=arn:aws:iam::123456789012
# Each job has a role of its own, which its log names.
roles=(process-of-bash process-of-sh endpoint-of-bash endpoint-of-sh static)
options=()
for role in "${roles[@]}"; do
  options+=(--trust "$account:role/$role=$root/scripts/end-to-end/policies/example-project.json"
    --fault "$account:role/$role=expiring:6")
done
start_local_sts "${options[@]}"
pack_orb "$1"

mkdir "$work/project"
# Prints how many sessions one process has used, and their identity; fails if there are fewer than SESSIONS.
cat >"$work/project/outlive.py" <<'END'
import boto3, sys, time

session = boto3.Session()
sts = session.client("sts")
keys, callers, end = set(), set(), time.monotonic() + 60
while len(keys) < int(sys.argv[1]):
    if time.monotonic() > end:
        sys.exit(f"{len(keys)} sessions in a minute")
    callers.add(sts.get_caller_identity()["Arn"])
    keys.add(session.get_credentials().get_frozen_credentials().access_key)
    time.sleep(0.2)
print("outlived", len(keys), "sessions of", *callers)
END

# job ROLE SHELL ARGUMENTS STEPS: assumes that role with these arguments and runs these steps. The log is in $work/log;
# the job has the variables of local-sts and PROFILE.
job() {
  cat >"$work/config.yml" <<CONFIG
orbs: {aws-oidc: circleci-aws-oidc/aws-oidc@0.1}
jobs:
  long:
    steps:
      - aws-oidc/aws-configure-credentials: {role-arn: "$account:role/$1", region: eu-west-1, shell: "$2", $3}
$4
CONFIG
  cat "$work/sts/env" >"$work/env"
  [ -z "${profile:-}" ] || printf 'AWS_PROFILE=%s\n' "$profile" >>"$work/env"
  run_job "$work/config.yml" long "$work/env" --project "$work/project" >"$work/log" 2>&1
}

# asks SESSIONS: steps in which boto3 and both versions of the AWS CLI call GetCallerIdentity.
asks() {
  local aws='sts get-caller-identity --query Arn --output text'
  printf '      - run: {name: %s, command: %s}\n' \
    boto3 "python outlive.py $1" v1 "aws $aws" v2 "/usr/bin/aws --endpoint-url \$AWS_ENDPOINT_URL_STS $aws"
}

# outlives NAME ROLE SHELL ARGUMENTS: the claims about a mode that renews.
outlives() {
  local session="arn:aws:sts::123456789012:assumed-role/$2/CircleCI-example-app-1"
  job "$2" "$3" "$4" "$(asks 3)" || broken "$1: the job is green" "$(cat "$work/log")"
  held "$1: the job is green"
  check "$1: one process of boto3 goes through three sessions" grep -qxF "outlived 3 sessions of $session" "$work/log"
  check_output "$1: the AWS CLI acts as the role, v1 and v2" 2 grep -cxF "$session" "$work/log"
}

profile=long outlives 'credential-process, bash' process-of-bash '' 'mode: credential-process, profile-name: long'
profile=long outlives 'credential-process, sh' process-of-sh 'sh -e' 'mode: credential-process, profile-name: long'
outlives 'endpoint, bash' endpoint-of-bash '' 'mode: endpoint'
check 'endpoint, bash: the background step says that it serves' grep -q '^serving ' "$work/log"
check 'endpoint, bash: and that it renews' grep -q '^renewed: ' "$work/log"

# Steps of another shell do not read BASH_ENV, so only a later bash step finds what an sh step has set up.
outlives 'endpoint, set up by sh' endpoint-of-sh 'sh -e' 'mode: endpoint'
check 'endpoint, set up by sh: a note says who finds it' grep -q '^note: the shell of this step .* does not read BASH_ENV; the next steps have the credentials only if' "$work/log"

ends='      - aws-oidc/clear-credentials
      - run: {name: look, command: "[ -z \"${AWS_CONTAINER_CREDENTIALS_FULL_URI:-}\" ] && ! ls ~/.aws/circleci-aws-oidc/*.endpoint"}'
job endpoint-of-bash '' 'mode: endpoint' "$ends" || broken 'clear-credentials takes the endpoint back' "$(cat "$work/log")"
held 'clear-credentials removes the endpoint'

# Counter-check: credentials in variables expire with their session, so a process that used three was renewed.
check_fails 'keys in variables do not last' job static '' 'mode: environment' "$(asks 2)"
check 'because the session has expired' grep -q ExpiredToken "$work/log"
checks_done
