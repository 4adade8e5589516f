#!/usr/bin/env bash
# A profile of `--mode credential-process`, used by AWS tools that tox, cron and `env -i` start without the job's variables:
# they act as the role without another exchange. Without cached credentials they say what their caller did not pass on,
# and another job under the same home directory gets nothing. STS is moto.
# usage: scripts/end-to-end/callers.sh BINARY
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"
# shellcheck source=scripts/lib/moto.sh
. "$root/scripts/lib/moto.sh"

binary=$(realpath "$1")
apt_has /usr/bin/aws=awscli
tox=$(python_has tox)/bin/tox
start_moto

deploy=arn:aws:iam::123456789012:role/deploy
session=arn:aws:sts::123456789012:assumed-role/deploy/CircleCI-my-app-42
everything='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
moto_role "$deploy" "$everything" "$everything"
job=(CIRCLECI=true CIRCLE_WORKFLOW_JOB_ID=11111111-1111-4111-8111-111111111111 CIRCLE_NODE_INDEX=0
  CIRCLE_PROJECT_REPONAME=my-app CIRCLE_BUILD_NUM=42 "CIRCLE_OIDC_TOKEN_V2=$(moto_token)")
# What reaches this AWS instead of the real one. It is no variable of a job.
aws_here=("AWS_CA_BUNDLE=$work/moto/ca.pem" "AWS_ENDPOINT_URL=$moto" "AWS_DEFAULT_REGION=us-east-1")
cat >"$work/who.py" <<'END'
import boto3, os
session = boto3.Session(profile_name=os.environ.get("AWS_PROFILE", "deploy"))
print(session.client("sts", verify=os.environ["AWS_CA_BUNDLE"]).get_caller_identity()["Arn"])
END

# assume VARIABLE=VALUE... -- ARGUMENTS...: a job's step that writes the profile.
assume() {
  local variables=()
  while [ "$1" != -- ]; do variables+=("$1") && shift; done
  moto_trusts 1
  "${moto_client[@]}" "${variables[@]}" "$binary" assume --quiet --role-arn "$deploy" --mode credential-process "${@:2}"
}

# exchanges: how many unsigned requests moto has granted; each one is an exchange.
exchanges() { grep -c '^POST / 200 -$' "$work/moto/log"; }

# in_tox VARIABLE=VALUE... -- LINE...: boto3 in tox, which the job starts with these variables; more lines of its configuration.
in_tox() {
  local variables=() directory
  while [ "$1" != -- ]; do variables+=("$1") && shift; done
  directory=$(mktemp -d "$work/tox.XXXXXX")
  {
    printf '%s\n' '[tox]' 'no_package = true' 'env_list = who' '[testenv]' 'allowlist_externals = *'
    printf 'commands = %s %s\n' "$moto_python/python" "$work/who.py"
    printf '%s\n' "${@:2}"
    printf 'set_env =\n'
    printf '  %s\n' "${aws_here[@]}"
  } >"$directory/tox.ini"
  env -i "PATH=$PATH" "HOME=$work/home" "${variables[@]}" "$tox" -qq -c "$directory/tox.ini" run 2>&1
}

# who_in_tox VARIABLE=VALUE... -- LINE...: the identity alone.
who_in_tox() { in_tox "$@" | grep '^arn:'; }

# under_cron SCRIPT ARGUMENTS...: as cron starts a command.
under_cron() {
  env -i "HOME=$work/home" LOGNAME=circleci SHELL=/bin/sh PATH=/usr/bin:/bin "${aws_here[@]}" sh -c "$1" sh "${@:2}"
}

assume "${job[@]}" -- --profile deploy
made=$(exchanges)
check_output 'boto3 in tox, which passes on no variable of the job or of AWS, acts as the role' "$session" who_in_tox "${job[@]}" --
check_output 'with pass_env = AWS_*' "$session" who_in_tox "${job[@]}" AWS_PROFILE=deploy -- 'pass_env = AWS_*'
check_output 'with pass_env = CIRCLE*' "$session" who_in_tox "${job[@]}" -- 'pass_env = CIRCLE*'
check_output 'with pass_env = CIRCLECI, which shows no job' "$session" who_in_tox "${job[@]}" -- 'pass_env = CIRCLECI'
identity='"$1" --endpoint-url "$AWS_ENDPOINT_URL" --profile deploy sts get-caller-identity --query Arn --output text'
for aws in "$moto_python/aws" /usr/bin/aws; do
  version=$("$aws" --version 2>&1 | cut -d' ' -f1)
  check_output "$version under cron acts as the role" "$session" under_cron "$identity" "$aws"
  check_output "$version under env -i, without HOME, acts as the role" "$session" \
    env -i "AWS_CONFIG_FILE=$work/home/.aws/config" "${aws_here[@]}" /bin/sh -c "$identity" sh "$aws"
done
check_output 'boto3 under cron acts as the role' "$session" under_cron 'exec "$1" "$2"' "$moto_python/python" "$work/who.py"
check_output 'and there was no other exchange' "$made" exchanges

# Another job of the same user, for which this profile is a leftover.
check_fails 'another job does not act by the first job'"'"'s profile' under_cron 'CIRCLE_WORKFLOW_JOB_ID=other exec "$1" "$2"' "$moto_python/python" "$work/who.py"
check_fails 'nor does a job of another CI' under_cron 'CI_JOB_ID=7 exec "$1" "$2"' "$moto_python/python" "$work/who.py"
check_output 'and neither got credentials' "$made" exchanges

# Without cached credentials, as when they cannot be renewed.
rm "$work/home/.aws/circleci-aws-oidc"/*.json
in_tox "${job[@]}" -- >"$work/said" && broken 'without cached credentials tox fails' "$(cat "$work/said")"
held 'without cached credentials tox fails'
check 'and says what it did not pass on' grep -q "hint: add CIRCLE_OIDC_TOKEN_V2 to \`pass_env\` in tox's configuration" "$work/said"
under_cron 'exec "$1" "$2"' "$moto_python/python" "$work/who.py" >"$work/said" 2>&1 && broken 'so does cron' "$(cat "$work/said")"
check 'and so does cron' grep -q 'hint: start the AWS tool with CIRCLE_OIDC_TOKEN_V2 in its environment' "$work/said"
moto_trusts 1
check_output 'tox that follows the hint acts as the role' "$session" who_in_tox "${job[@]}" -- 'pass_env = CIRCLE_OIDC_TOKEN_V2'
check_output 'by one exchange' "$((made + 1))" exchanges
check_output 'which serves cron, too' "$session" under_cron 'exec "$1" "$2"' "$moto_python/python" "$work/who.py"

# Jobs of GitLab under one home directory, each with a token in a variable that the user has named.
gitlab() {
  printf '%s\n' GITLAB_CI=true CI_SERVER_URL=https://gitlab.example CI_PROJECT_NAME=my-app "CI_JOB_ID=$1" "AWS_TOKEN=$token"
}
token=$(moto_token)
mapfile -t first < <(gitlab 1)
mapfile -t second < <(gitlab 2)
assume "${first[@]}" -- --profile first --token-source env:AWS_TOKEN
assume "${second[@]}" -- --profile second --token-source env:AWS_TOKEN
made=$(exchanges)
check_output 'the first GitLab job has its own session in tox' "${session%/*}/GitLab-my-app-1" \
  who_in_tox "${first[@]}" AWS_PROFILE=first -- 'pass_env = AWS_PROFILE'
check_output 'and so has the second' "${session%/*}/GitLab-my-app-2" \
  who_in_tox "${second[@]}" AWS_PROFILE=second -- 'pass_env = AWS_PROFILE'
check_output 'both without another exchange' "$made" exchanges
check_fails 'the first has no use for the profile of the second' \
  who_in_tox "${first[@]}" AWS_PROFILE=second -- 'pass_env = AWS_PROFILE,CI_*,GITLAB_CI'
rm "$work/home/.aws/circleci-aws-oidc"/*.json
in_tox "${first[@]}" AWS_PROFILE=first -- 'pass_env = AWS_PROFILE' >"$work/said" && broken 'the token is gone' "$(cat "$work/said")"
check 'a tool of GitLab is told the variable that the user has named' grep -q 'hint: add AWS_TOKEN to `pass_env`' "$work/said"
checks_done
