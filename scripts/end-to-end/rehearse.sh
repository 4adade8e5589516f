#!/usr/bin/env bash
# docs/rehearsal.md's commands for trying out a trust policy, unchanged and twice in one directory: with a policy that
# passes, with policies that allow too much or the wrong repository, and with a server that does not respond.
# usage: scripts/end-to-end/rehearse.sh BINARY [LOCAL_STS]
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"

work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
mkdir "$work/bin"
cp "$(realpath "$1")" "$work/bin/circleci-aws-oidc"
cp "$(realpath "${2:-$(dev_binary local-sts)}")" "$work/bin/local-sts"
page=$root/docs/rehearsal.md
organization=11111111-2222-4333-8444-555555555555
project=66666666-7777-4888-8999-aaaaaaaaaaaa
origin=/vcs-origin/github.com/your-org/your-app/vcs-ref/refs/heads/main

# block NUMBER: the page's sh block of this number.
block() { awk -v "wanted=$1" '/^```/ { is_open = !is_open; is_in = is_open && $0 == "```sh" && ++seen == wanted; next } is_in' "$page"; }
one_command=$(block 1)
first_shell=$(block 2)
second_shell=$(block 3)
[ -n "$second_shell" ] && [ -z "$(block 4)" ] || broken 'the page has three sh blocks' "$(grep -c '^```sh$' "$page")"
expected_table=$(awk '/^```/ { is_open = !is_open; is_plain = is_open && $0 == "```"; next } is_plain && /^(ok|wrong) /' "$page")

# policy NAME PATTERN: PATTERN is how `sub` must end.
policy() {
  mkdir "$work/$1"
  cat >"$work/$1/trust.json" <<END
{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/oidc.circleci.com/org/$organization"},
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": {
      "StringEquals": {"oidc.circleci.com/org/$organization:aud": "$organization"},
      "StringLike": {"oidc.circleci.com/org/$organization:sub": "org/$organization/project/$project/user/*$2"}
    }
  }]
}
END
}
policy branch "$origin"
policy project ''
policy origin /vcs-origin/github.com/other/app/vcs-ref/refs/heads/main

# in_directory NAME LINES: as a user's shell runs them.
in_directory() {
  (cd "$work/$1" && exec env -i PATH="$work/bin:/usr/bin:/bin" ORG="$organization" PROJECT="$project" sh -c "$2")
}

# ends_with CODE NAME LINES: its output is in the directory's `table` and `said`.
ends_with() {
  local status=0
  in_directory "$2" "$3" >"$work/$2/table" 2>"$work/$2/said" || status=$?
  [ "$status" -eq "$1" ] || broken "ends with $1" "it ended with $status" "$(cat "$work/$2/said")"
}

# --- one command

for time in first second; do
  check "one command, $time run: a policy for one branch passes" ends_with 0 branch "$one_command"
  check_output "one command, $time run: the table is the page's" "$expected_table" cat "$work/branch/table"
done
check 'the product made each exchange' grep -q "^note: each exchange is made by \`$work/bin/circleci-aws-oidc\`" "$work/branch/said"
check 'a policy for the whole project does not pass' ends_with 8 project "$one_command"
check 'the table has the jobs that it should deny' grep -qx 'wrong  allowed  refs/heads/feature/x, expected denied' "$work/project/table"
check 'a policy for another origin does not pass' ends_with 8 origin "$one_command"
check 'the condition that fails is named, with the policy' grep -q '^  policy: `trust.json` does not allow this token: the origin differs' "$work/origin/said"
check_output 'no file is left' trust.json bash -c 'rm -f "$1"/table "$1"/said && ls -A "$1"' ls "$work/branch"
check_fails 'no secret is in what was printed' grep -rE 'eyJ|"SecretAccessKey"' "$work/project" "$work/origin"

# Another server's endpoint, a proxy and settings of a job are in the environment of the caller, not of the exchange.
foreign='export AWS_ENDPOINT_URL_STS=https://127.0.0.1:9 HTTPS_PROXY=http://127.0.0.1:9 CIRCLECI_AWS_OIDC_ROLE_ARN=x'
check 'what the environment sets for other roles has no effect' ends_with 0 branch "$foreign; $one_command"

# --- two shells

# serves NAME: starts the first shell's server, and waits for its line as a user does.
serves() {
  # One process: `exec` in each shell, the last of the lines included.
  (cd "$work/$1" && exec env -i PATH="$work/bin:/usr/bin:/bin" ORG="$organization" \
    sh -c "$(sed '$s/^/exec /' <<<"$first_shell")" >"$work/$1/served") &
  server=$!
  until grep -qs '^local-sts listens on https://127.0.0.1:' "$work/$1/served"; do
    kill -0 "$server" || broken "$1: the server starts" "it ended"
    sleep 0.1
  done
}
stops() {
  kill "$server"
  wait "$server" 2>/dev/null || true
  server=
  rm "$work/$1/served"
}
for time in first second; do
  serves branch
  check "two shells, $time run: a policy for one branch passes" ends_with 0 branch "$second_shell"
  stops branch
done
check 'the other branch was denied, with a likely cause' grep -q '^  likely: ' "$work/branch/said"
check 'main was allowed' grep -q '^assumed arn:aws:sts::123456789012:assumed-role/deploy/' "$work/branch/said"
for name in project origin; do
  serves "$name"
  check_fails "two shells: a policy for the wrong $name does not pass" in_directory "$name" "$second_shell"
  stops "$name"
done
# The server is gone, and its files are there: no branch is allowed, and none is denied.
only_denied=${second_shell/exchange main && /}
[ "$only_denied" != "$second_shell" ] || broken 'the last line can be taken apart' "$second_shell"
check 'a server that does not respond is not a denial' ends_with 1 branch "$only_denied"
check 'the error says that STS was not reached' grep -q 'cannot connect\|Connection refused' "$work/branch/said"
checks_done
