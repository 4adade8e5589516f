#!/usr/bin/env bash
# The exchange with another implementation of AWS: moto behind TLS, which checks SigV4. The AWS CLI (v1 and v2) and boto3
# then act as the role that `whoami` names, from the environment and from the profile, for one role, a chain, and many
# profiles at once, and in the two modes that renew. After `clear` they do not.
# usage: scripts/end-to-end/clients.sh BINARY
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
start_moto
declare -A version
for aws in "$moto_python/aws" /usr/bin/aws; do version[$aws]=$("$aws" --version 2>&1 | cut -d' ' -f1); done

deploy=arn:aws:iam::123456789012:role/deploy
single=arn:aws:sts::123456789012:assumed-role/deploy/end-to-end
release=arn:aws:sts::123456789012:assumed-role/release/end-to-end
workload=arn:aws:sts::333333333333:assumed-role/workload/end-to-end
everything='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
# trusted_by PRINCIPAL: a trust policy. moto evaluates it only if caller and role are in the same account.
trusted_by() {
  printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"%s"},"Action":"sts:AssumeRole"}]}' "$1"
}
moto_role "$deploy" "$everything" "$everything"
moto_role arn:aws:iam::123456789012:role/release "$(trusted_by "$single")" "$everything"
moto_role arn:aws:iam::123456789012:role/closed "$(trusted_by "$workload")" "$everything"
moto_role arn:aws:iam::333333333333:role/workload "$(trusted_by "$deploy")" "$everything"

# assume BASH_ENV ARGUMENTS...: as a job's step; moto accepts the first, unsigned request unchecked.
assume() {
  moto_trusts 1
  "${moto_client[@]}" "CIRCLE_OIDC_TOKEN_V2=$(moto_token)" "BASH_ENV=$1" "$binary" assume \
    --session-name end-to-end --region eu-west-1 --quiet --role-arn "$deploy" "${@:2}"
}

# preflight BASH_ENV: what assume would need, including the network path to STS.
preflight() {
  "${moto_client[@]}" "CIRCLE_OIDC_TOKEN_V2=$(moto_token)" "BASH_ENV=$1" "$binary" preflight --with-network \
    --region eu-west-1 --role-arn "$deploy" >"$work/findings" || { cat "$work/findings" && return 1; }
}

# in_step BASH_ENV COMMAND...: as bash runs the next step.
in_step() { "${moto_client[@]}" "BASH_ENV=$1" bash -eo pipefail -c '"$@"' step "${@:2}"; }

# acts_as PLACE ARN BASH_ENV ARGUMENTS...: every client acts as that session with these arguments, and whoami names it.
acts_as() {
  local place=$1 arn=$2 aws step=(in_step "$3") arguments=("${@:4}")
  check_output "whoami names $arn from $place" "arn: $arn" whoami_line "${step[@]}" "$binary" whoami --quiet "${arguments[@]}"
  for aws in "$moto_python/aws" /usr/bin/aws; do
    # 2.9 does not read the endpoint variable; all versions have the flag.
    check_output "${version[$aws]} acts as it" "$arn" \
      "${step[@]}" "$aws" --endpoint-url "$moto" sts get-caller-identity --query Arn --output text "${arguments[@]}"
  done
  check_output 'boto3 acts as it' "$arn" "${step[@]}" "$moto_python/python" -c "$ask_boto3" "${arguments[@]}"
}
whoami_line() { "$@" | grep '^arn: '; }
ask_boto3='
import boto3, sys
session = boto3.Session(profile_name=sys.argv[2] if sys.argv[1:] else None)
print(session.client("sts").get_caller_identity()["Arn"])'

# profiles_act_as NAME=ARN...: every client acts as that session with the profile.
profiles_act_as() {
  local pair
  for pair in "$@"; do
    acts_as "the profile ${pair%%=*}" "${pair#*=}" "$work/no-bash-env" --profile "${pair%%=*}"
  done
}

assume "$work/single"
assume "$work/single" --profile single
assume "$work/chained" --chain-role-arn arn:aws:iam::333333333333:role/workload
assume "$work/chained" --profile chained --chain-role-arn arn:aws:iam::333333333333:role/workload
assume "$work/chained" --profile longer --chain-role-arn arn:aws:iam::123456789012:role/release \
  --chain-role-arn arn:aws:iam::333333333333:role/workload

acts_as BASH_ENV "$single" "$work/single"
acts_as "BASH_ENV after a chain" "$workload" "$work/chained"
profiles_act_as "single=$single" "chained=$workload" "longer=$workload"

# One role is assumed with the token, so that only its request is unsigned; the others are chained to it, some of them
# several times.
cat >"$work/roles" <<END
[profile root]
role_arn = $deploy
[profile release]
role_arn = arn:aws:iam::123456789012:role/release
source_profile = root
[profile near]
role_arn = arn:aws:iam::333333333333:role/workload
source_profile = root
[profile far]
role_arn = arn:aws:iam::333333333333:role/workload
source_profile = release
END
moto_trusts 1
"${moto_client[@]}" "CIRCLE_OIDC_TOKEN_V2=$(moto_token)" "$binary" profiles --config-file "$work/roles" \
  --session-name end-to-end --region eu-west-1 --quiet
profiles_act_as "root=$single" "release=$release" "near=$workload" "far=$workload"

for aws in "$moto_python/aws" /usr/bin/aws; do
  check_output "${version[$aws]} finds the profile's Region" eu-west-1 "${moto_client[@]}" "$aws" configure get region --profile single
done

# exchanges: how many unsigned requests moto has granted; each one is an exchange.
exchanges() { grep -c '^POST / 200 -$' "$work/moto/log"; }

ask_once() { "$@" >/dev/null; }

# A profile that starts the binary: all clients together make one exchange.
kept=$work/home/.aws/circleci-aws-oidc
assume "$work/no-bash-env" --mode credential-process --profile process
assume "$work/no-bash-env" --mode credential-process --profile process-chained --chain-role-arn arn:aws:iam::333333333333:role/workload
made=$(exchanges)
profiles_act_as "process=$single" "process-chained=$workload"
check_output 'and there was no other exchange' "$made" exchanges
# As if ten minutes of the hour were left.
nearly_over='
import datetime, json, pathlib, sys
now = datetime.datetime.now(datetime.timezone.utc)
at = lambda minutes: (now + datetime.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
for path in pathlib.Path(sys.argv[1]).glob("*.json"):
    path.write_text(json.dumps({**json.loads(path.read_text()), "Obtained": at(-50), "Expiration": at(10)}))'
python3 -c "$nearly_over" "$kept"
for profile in process process-chained; do
  moto_trusts 1
  check "near its end boto3 gets a new session from the profile $profile" \
    ask_once "${moto_client[@]}" "CIRCLE_OIDC_TOKEN_V2=$(moto_token)" "$moto_python/python" -c "$ask_boto3" --profile "$profile"
done
check_output 'by one exchange each' "$((made + 2))" exchanges
profiles_act_as "process=$single" "process-chained=$workload"
check_output 'which the other clients share' "$((made + 2))" exchanges

# A server on loopback, as the orb's background step starts it.
moto_trusts 2
"${moto_client[@]}" "CIRCLE_OIDC_TOKEN_V2=$(moto_token)" "$binary" serve --session-name end-to-end --region eu-west-1 \
  --role-arn "$deploy" 2>"$work/served" &
server=$!
job_servers+=("$server")
"${moto_client[@]}" "CIRCLE_OIDC_TOKEN_V2=$(moto_token)" "BASH_ENV=$work/endpoint" "$binary" assume \
  --session-name end-to-end --region eu-west-1 --quiet --role-arn "$deploy" --mode endpoint
acts_as 'the endpoint' "$single" "$work/endpoint"
check 'clear removes the endpoint' "${moto_client[@]}" "BASH_ENV=$work/endpoint" "$binary" clear --quiet
check 'and its server exits with 0' wait "$server"
check_fails 'and boto3 finds no credentials' in_step "$work/endpoint" env AWS_EC2_METADATA_DISABLED=true "$moto_python/python" -c "$ask_boto3"

# Before a deployment, and after it.
check 'preflight finds no problem' preflight "$work/single"
check 'clear removes a profile' "${moto_client[@]}" "$binary" clear --quiet --profile near
check_fails 'so that boto3 has no keys there' "${moto_client[@]}" "$moto_python/python" -c "$ask_boto3" --profile near
check_output 'and keeps the other profiles' "$workload" "${moto_client[@]}" "$moto_python/python" -c "$ask_boto3" --profile far
check 'clear removes the variables' "${moto_client[@]}" "BASH_ENV=$work/chained" "$binary" clear --quiet
check_fails 'so that the next step has none' in_step "$work/chained" printenv AWS_SECRET_ACCESS_KEY

# Counter-checks: moto evaluates trust policies and signatures, or the claims above would prove less.
check_fails 'a role that trusts another principal is denied' \
  assume "$work/closed" --chain-role-arn arn:aws:iam::123456789012:role/closed
check_output 'because moto refused the last request' 'POST / 403' bash -c 'tail -n 1 "$1" | cut -d" " -f-3' tail "$work/moto/log"
check 'and nothing is written' test ! -s "$work/closed"
sed -i '/^\[single\]/,/^\[/ s/^aws_secret_access_key = ./&x/' "$work/home/.aws/credentials"
check_fails 'a changed secret key is refused' \
  "${moto_client[@]}" "$moto_python/python" -c "$ask_boto3" --profile single
checks_done
