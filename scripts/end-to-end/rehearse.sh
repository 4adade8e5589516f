#!/usr/bin/env bash
# The commands of docs/rehearsal.md for a trust policy, unchanged: with a policy that passes, and with policies that allow too
# much or the wrong repository.
# usage: scripts/end-to-end/rehearse.sh BINARY
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
cp "$(realpath "$1")" "$work/bin/circleci-aws-oidc"
cp "$(dev_binary local-sts)" "$work/bin/local-sts"
lines=$(sed -n '/^```sh$/,/^```$/p' "$root/docs/rehearsal.md" | sed '1d;$d')
[ -n "$lines" ] || broken 'the page has the lines' 'docs/rehearsal.md has no sh block'
organization=11111111-2222-4333-8444-555555555555
project=66666666-7777-4888-8999-aaaaaaaaaaaa

# rehearse NAME PATTERN: PATTERN is how `sub` must end.
rehearse() {
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
  (cd "$work/$1" && env -i PATH="$work/bin:/usr/bin:/bin" ORG="$organization" PROJECT="$project" sh -c "$lines" 2>said)
}
check 'a policy for one branch passes' rehearse branch /vcs-origin/github.com/your-org/your-app/vcs-ref/refs/heads/main
check 'the other branch was denied, with a likely cause' grep -q '^  likely: ' "$work/branch/said"
check 'main was allowed' grep -q '^assumed arn:aws:sts::123456789012:assumed-role/deploy/' "$work/branch/said"
check_fails 'a policy for the whole project does not pass' rehearse project ''
check_fails 'a policy for another origin does not pass' rehearse origin /vcs-origin/github.com/other/app/vcs-ref/refs/heads/main
checks_done
