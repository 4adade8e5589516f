#!/usr/bin/env bash
# The snippets of docs/other-cis.md: the schema of each CI accepts the YAML, and the commands act as the role, with
# a stub of the CI's own program and local-sts. The Groovy around Jenkins' commands is not checked.
# usage: scripts/end-to-end/other-cis.sh BINARY
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"

lint=$(python_has lint)/bin
aws=$(python_has aws)/bin
start_local_sts --trust "arn:aws:iam::123456789012:role/deploy=$root/scripts/end-to-end/policies/example-project.json"
token=$("$local_sts" mint --dir "$work/sts")
mkdir "$work/bin"
ln -s "$(realpath "$1")" "$work/bin/circleci-aws-oidc"
cat >"$work/bin/buildkite-agent" <<'END'
#!/bin/sh
[ "$*" = 'oidc request-token --audience sts.amazonaws.com' ] && echo "$TOKEN_OF_THE_AGENT"
END
chmod +x "$work/bin/buildkite-agent"

snippets=$work/snippets
"$lint/python" "$root/scripts/lib/ci-snippets.py" "$root/docs/other-cis.md" "$snippets"
check_output 'the page has a snippet for each CI' 'Bitbucket Buildkite GitLab Jenkins' \
  bash -c 'cd "$1"; printf "%s\n" *.sh | sed "s/\.sh$//" | paste -sd " "' list "$snippets"
for schema in GitLab=gitlab-ci Buildkite=buildkite Bitbucket=bitbucket-pipelines; do
  check "the schema of ${schema%%=*} accepts the snippet" \
    "$lint/check-jsonschema" --quiet --builtin-schema "vendor.${schema#*=}" "$snippets/${schema%%=*}.yml"
done

# Later versions use a module that Go's module proxy does not have (drjosh.dev/zzglob).
if agent=$(go_has buildkite-agent github.com/buildkite/agent/v3 v3.50.4 .); then
  uploaded() {
    (cd "$work" && env -i PATH="$PATH" HOME="$work" "$agent" pipeline upload --dry-run "$snippets/Buildkite.yml" 2>/dev/null) |
      python3 -c 'import json, sys; sys.stdout.write(json.load(sys.stdin)["steps"][0]["command"])'
  }
  check_output "Buildkite's agent uploads the commands that run here" "$(cat "$snippets/Buildkite.sh")" uploaded
fi

# acts_as SESSION CI SHELL VARIABLE=VALUE...: the CI's commands, in its shell and with these variables, end as that session.
acts_as() {
  local session=$1 ci=$2 shell home=$work/home-of-$2 secret
  read -ra shell <<<"$3"
  mkdir "$home"
  env -i "PATH=$work/bin:$aws:$PATH" "HOME=$home" "AWS_CA_BUNDLE=$work/sts/ca.pem" \
    "AWS_ENDPOINT_URL_STS=${sts[AWS_ENDPOINT_URL_STS]}" "${@:4}" "${shell[@]}" "$snippets/$ci.sh" >"$home/log" 2>&1 ||
    broken "$ci: the commands run" "$(cat "$home/log")"
  check "$ci: they end as $session" grep -qF "\"arn:aws:sts::123456789012:assumed-role/deploy/$session\"" "$home/log"
  while read -r secret; do
    check_fails "$ci: the log has no secret" grep -qF -e "$secret" "$home/log"
  done < <(printf '%s\n' "$token" && sed -n 's/^aws_se[a-z_]* = //p' "$home/.aws/credentials")
}
acts_as GitLab-my-app-7 GitLab 'sh -e' \
  GITLAB_CI=true CI_JOB_ID=7 CI_SERVER_URL=https://gitlab.example CI_PROJECT_NAME=my-app "AWS_TOKEN=$token"
acts_as Buildkite-7-0190aaaa-1111-4111-8111-111111111111-my-app Buildkite 'bash -e' BUILDKITE=true BUILDKITE_BUILD_NUMBER=7 \
  BUILDKITE_JOB_ID=0190aaaa-1111-4111-8111-111111111111 BUILDKITE_PIPELINE_SLUG=my-app "TOKEN_OF_THE_AGENT=$token"
acts_as Bitbucket-7-22222222-2222-4222-8222-222222222222-my-app Bitbucket 'bash -e' BITBUCKET_BUILD_NUMBER=7 \
  'BITBUCKET_STEP_UUID={22222222-2222-4222-8222-222222222222}' BITBUCKET_REPO_SLUG=my-app "BITBUCKET_STEP_OIDC_TOKEN=$token"
acts_as jenkins-my-app-7 Jenkins 'sh -xe' BUILD_TAG=jenkins-my-app-7 JENKINS_HOME=/var/jenkins_home "AWS_TOKEN=$token"
checks_done
