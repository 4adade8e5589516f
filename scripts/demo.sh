#!/usr/bin/env bash
# The main use on one machine: a job of the orb's example exchanges its token for credentials, and its next step asks
# STS for its identity. Then the same job with the token of another project, which STS denies.
# local-sts stands in for AWS: it checks the token's signature and claims, evaluates the trust policy, and verifies the
# signature of the later request.
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"

apt_has cc=build-essential
python=$(python_has aws)
export PATH="$python/bin:$PATH"
binary=$(dev_binary circleci-aws-oidc)
pack_orb "$binary"
start_local_sts --trust "arn:aws:iam::123456789012:role/deploy=$root/scripts/end-to-end/policies/example-project.json"
example=$root/orb/src/examples/assume-one-role.yml

printf '\n-- a job of the project that the role trusts --\n'
run_job "$example" show-identity "$work/sts/env" | tee "$work/trusted"
grep -q 'arn:aws:sts::123456789012:assumed-role/deploy/' "$work/trusted" ||
  broken 'the next step is the role' 'its ARN was not printed'

printf '\n-- the same job in another project --\n'
another_projects_env >"$work/other-env"
status=0
run_job "$example" show-identity "$work/other-env" >"$work/refused" 2>&1 || status=$?
cat "$work/refused"
[ "$status" -eq 4 ] || broken 'another project is denied' "the job ended with $status, not 4"
grep -q 'Not authorized to perform sts:AssumeRoleWithWebIdentity' "$work/refused" || broken 'the denial has a reason'

printf '\ndemo: the first job acted as the role, the second was denied.\n'
