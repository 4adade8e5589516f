#!/usr/bin/env bash
# A config that was written for ovotech/aws-configure-credentials-oidc, with only the orb's reference changed.
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
  --trust "arn:aws:iam::123456789012:role/exact-v1-sub=$policies/exact-v1-sub.json"
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
checks_done
