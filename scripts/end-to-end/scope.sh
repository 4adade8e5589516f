#!/usr/bin/env bash
# Scopes in jobs of the packed orb: steps that are denied by their scope alone what later steps of the same session may do,
# as local-sts has recorded it; and ten-second credentials, with boto3 and AWS's SDKs for Go and Rust calling STS every second.
# usage: scripts/end-to-end/scope.sh BINARY [SECONDS]
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"

seconds=${2:-30}
python=$(python_has aws)
export PATH="$python/bin:$PATH"
deploy=arn:aws:iam::123456789012:role/deploy
behind=arn:aws:iam::123456789012:role/behind
printf '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "sts:AssumeRole"}]}' \
  "$deploy" >"$work/trusts-deploy.json"
start_local_sts --trust "$deploy=$root/scripts/end-to-end/policies/example-project.json" \
  --trust "$behind=$work/trusts-deploy.json"
pack_orb "$1"

# The clients, built once: their dependencies are pinned by go.sum and Cargo.lock.
clients=$root/scripts/clients
every_second=('python every_second.py')
if command -v go >/dev/null && GOBIN=$tools CGO_ENABLED=0 go build -C "$clients/every-second/go" -mod=readonly -o "$tools/every-second-go" . 2>"$work/go.log"; then
  every_second+=("$tools/every-second-go")
else
  say "skipped: Go ($(tail -n 1 "$work/go.log" 2>/dev/null || echo 'it is not installed'))"
fi
say 'building the client with the AWS SDK for Rust, which takes a minute or two once'
cargo build --quiet --locked --manifest-path "$clients/rust/Cargo.toml" --target-dir "$tools/clients/rust" >&2
# It trusts the certificates of SSL_CERT_FILE; AWS_CA_BUNDLE it does not know.
every_second+=("env SSL_CERT_FILE=$work/sts/ca.pem $tools/clients/rust/debug/every-second")

mkdir "$work/project"
cat >"$work/project/every_second.py" <<'END'
import boto3, sys, time

session = boto3.Session()
sts = session.client("sts")
calls, keys, callers, end = 0, set(), set(), time.monotonic() + int(sys.argv[1])
while time.monotonic() < end:
    callers.add(sts.get_caller_identity()["Arn"])
    keys.add(session.get_credentials().get_frozen_credentials().access_key)
    calls += 1
    time.sleep(1)
assert len(callers) == 1, callers
print(f"boto3: {calls} calls, {len(keys)} sets of credentials, none expired")
# Each set lasts ten seconds at most.
sys.exit(len(keys) < int(sys.argv[1]) // 10)
END

# job NAME STEPS [VARIABLE=VALUE...]: runs these steps; the log is in $work/log.
job() {
  printf 'orbs: {aws-oidc: circleci-aws-oidc/aws-oidc@0.1}\njobs:\n  %s:\n    steps:\n%s\n' "$1" "$2" >"$work/config.yml"
  cat "$work/sts/env" >"$work/env"
  [ -z "${3:-}" ] || printf '%s\n' "${@:3}" >>"$work/env"
  run_job "$work/config.yml" "$1" "$work/env" --project "$work/project" >"$work/log" 2>&1
}

scope='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}'
next="aws sts assume-role --role-arn $behind --role-session-name next --query AssumedRoleUser.Arn --output text"
job two-steps "
      - aws-oidc/with-credentials:
          role-arn: $deploy
          region: eu-west-1
          scope-policy: '$scope'
          steps:
            - run: {name: denied, command: $next && exit 9 || true}
      - aws-oidc/with-credentials:
          role-arn: $deploy
          region: eu-west-1
          steps:
            - run: {name: allowed, command: $next}
      - run: {name: after, command: 'test -z \"\$AWS_ACCESS_KEY_ID\"'}
" || broken 'a job with two scopes is green' "$(cat "$work/log")"
held 'a job with two scopes is green'
check 'the narrowed step is denied' grep -q 'AccessDenied.*sts:AssumeRole' "$work/log"
check 'the wider one is not' grep -qxF arn:aws:sts::123456789012:assumed-role/behind/next "$work/log"
# Who signed, and by how many scope policies that session was limited.
recorded='
import json, sys
for line in open(sys.argv[1]):
    one = json.loads(line)
    if one["action"] == "AssumeRole":
        print(one["signer"]["arn"], len(one["signer"]["scope_policies"]))
'
session=arn:aws:sts::123456789012:assumed-role/deploy/CircleCI-example-app-1
check_output 'both have one ARN, and differ in the scope alone' "$session 1
$session 0" "$python/bin/python" -c "$recorded" "$work/sts/requests.jsonl"

# All at once.
{
  for client in "${every_second[@]}"; do
    printf '%s %s & all="$all $!"\n' "$client" "$seconds"
  done
  printf 'for one in $all; do wait "$one" || exit 1; done\n'
} >"$work/project/every_second.sh"

# short NAME ARGUMENTS [VARIABLE]: ten-second credentials in this mode.
short() {
  job short "
      - aws-oidc/aws-configure-credentials: {role-arn: '$deploy', region: eu-west-1, scope-duration: 10s, $2}
      - run: {name: every second, command: sh every_second.sh}
" "${@:3}" || broken "$1: no call fails" "$(cat "$work/log")"
  check "$1: every client has told its calls" test "$(grep -c ' sets of credentials, none expired$' "$work/log")" -eq "${#every_second[@]}"
  held "$1: no call fails in $seconds s: $(grep ' sets of credentials, none expired$' "$work/log" | paste -sd';')"
}
short endpoint 'mode: endpoint'
short credential-process 'mode: credential-process, profile-name: short' AWS_PROFILE=short
checks_done
