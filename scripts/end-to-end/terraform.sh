#!/usr/bin/env bash
# The set-up of docs/terraform.md: a tooling role by web identity, a workload role chained to it, the S3
# backend and another state in the workload account, each with its profile. Terraform, and OpenTofu where it is built,
# run it against moto, which checks every signature and the roles' permissions. The HCL in our Markdown is parsed too.
# usage: scripts/end-to-end/terraform.sh BINARY
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"
# shellcheck source=scripts/lib/moto.sh
. "$root/scripts/lib/moto.sh"
# shellcheck source=scripts/lib/terraform.sh
. "$root/scripts/lib/terraform.sh"

binary=$(realpath "$1")
files=$root/scripts/end-to-end/terraform
tooling=arn:aws:iam::111111111111:role/tooling
workload=arn:aws:iam::222222222222:role/terraform

# The HCL in our Markdown, with or without Terraform.
hcl=$(python_has generated)
fenced_blocks hcl "$work/hcl" tf
for block in "$work"/hcl/*.tf; do
  check "python-hcl2 reads $(basename "$block" .tf)" "$hcl/bin/hcl2tojson" -q "$block" -o "$work/hcl.json"
done
sed 's/{$//' "$block" >"$work/broken.tf"
check_fails 'it would refuse a block without its braces' "$hcl/bin/hcl2tojson" "$work/broken.tf" -o "$work/hcl.json"

# The job in that page is the orb's example, which examples.sh runs.
fenced_blocks yaml "$work/yaml" yml
same_steps='
import sys, yaml
example, *blocks = (yaml.safe_load(open(path, encoding="utf-8")) for path in sys.argv[1:])
(block,) = (block for block in blocks if "terraform init" in str(block))
sys.exit(block != {"steps": example["usage"]["jobs"]["deploy"]["steps"]})'
check "the job of docs/terraform.md is the orb's example" \
  "$(python_has lint)/bin/python" -c "$same_steps" "$root/orb/src/examples/deploy-with-terraform.yml" "$work"/yaml/terraform-*.yml

programs=("$(terraform_has)")
! tofu=$(tofu_is_built) || programs+=("$tofu")

start_moto
# moto evaluates the trust policy of a role only if the caller is in the same account.
anybody='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*"}]}'
moto_role "$tooling" "$anybody" "$(cat "$files/tooling-permissions.json")"
moto_role "$workload" "$anybody" "$(cat "$files/workload-permissions.json")"
moto_bucket 111111111111 example-terraform-state
moto_bucket 222222222222 example-network-state

# assume BASH_ENV ARGUMENTS...: as a job's step; moto accepts the first, unsigned request unchecked.
assume() {
  local bash_env=$1
  shift
  moto_trusts 1
  "${moto_client[@]}" "CIRCLE_OIDC_TOKEN_V2=$(moto_token)" "BASH_ENV=$bash_env" "$binary" assume \
    --session-name end-to-end --region eu-west-1 --quiet --role-arn "$tooling" "$@"
}
assume "$work/nothing" --profile tooling
assume "$work/nothing" --profile workload --chain-role-arn "$workload"
assume "$work/tooling-env"
assume "$work/workload-env" --chain-role-arn "$workload"
assume "$work/nothing" --mode credential-process --profile renewed
moto_trusts 2
"${moto_client[@]}" "CIRCLE_OIDC_TOKEN_V2=$(moto_token)" "$binary" serve --session-name end-to-end --region eu-west-1 \
  --role-arn "$tooling" 2>"$work/served" &
job_servers+=($!)
"${moto_client[@]}" "CIRCLE_OIDC_TOKEN_V2=$(moto_token)" "BASH_ENV=$work/endpoint-env" "$binary" assume \
  --session-name end-to-end --region eu-west-1 --quiet --role-arn "$tooling" --mode endpoint
assume "$work/nothing" --to json >"$work/process.json"
printf '[profile process]\ncredential_process = cat %s\n' "$work/process.json" >"$work/config"
moto_trusts 0

credentials=$work/home/.aws/credentials
key_of() { sed -n "/^\[$1\]/,/^\[/ s/^aws_access_key_id = //p" "$credentials"; }
key_in() { bash -c '. "$1" && printf "%s\n" "$AWS_ACCESS_KEY_ID"' bash "$1"; }
key_boto3='import boto3; print(boto3.Session().get_credentials().access_key)'
state=/example-terraform-state/app/terraform.tfstate
network=/example-network-state/network/terraform.tfstate

# without_keys COMMAND...: a step with profiles only. in_step BASH_ENV COMMAND...: a step that bash runs.
without_keys() { "${moto_client[@]}" CHECKPOINT_DISABLE=1 AWS_EC2_METADATA_DISABLED=true "$@"; }
in_step() { without_keys "BASH_ENV=$1" bash -eo pipefail -c '"$@"' step "${@:2}"; }

# runs CLAIM COMMAND..., and stops CLAIM TEXT COMMAND...: the command succeeds; fails and says that text.
runs() {
  "${@:2}" >"$work/output" 2>&1 || broken "$1" "$(cat "$work/output")"
  held "$1"
}
stops() {
  ! "${@:3}" >"$work/output" 2>&1 || broken "$1" 'it worked'
  # Both programs wrap their messages.
  tr -s '│\n ' ' ' <"$work/output" | grep -qF "$2" || broken "$1" "it says: $(cat "$work/output")"
  held "$1"
}

# set_up PROGRAM: the claims about one of the two programs.
set_up() {
  local program=$1 name app="$work/app" init apply variable
  name=$(without_keys "$program" version | sed -n 1p)
  # S3 host names of buckets would need a DNS server.
  init=(init -no-color -input=false -reconfigure -backend-config=use_path_style=true)
  apply=(apply -no-color -input=false -auto-approve)
  rm -rf "$app" "$work/network"
  cp -r "$files/network" "$work/network"
  terraform_checkout "$app"
  moto_trusts inf
  moto_setup 111111111111 s3 rm --recursive s3://example-terraform-state
  moto_setup 222222222222 s3 rm --recursive s3://example-network-state
  moto_trusts 0
  : >"$work/moto/log"

  runs "$name: our HCL is formatted" without_keys "$program" fmt -check -diff "$work/hcl"
  runs "$name: init in the workload account" without_keys "$program" "-chdir=$work/network" "${init[@]}"
  runs "$name: apply in the workload account" without_keys "$program" "-chdir=$work/network" "${apply[@]}"
  runs "$name: init with the documented backend" without_keys "$program" "-chdir=$app" "${init[@]}"
  runs "$name: apply with the documented backend" without_keys "$program" "-chdir=$app" "${apply[@]}"
  check_output "$name: the state was written by the tooling role's session" "$(key_of tooling)" moto_signers PUT "$state"
  check_output "$name: so was its lock" "$(key_of tooling)" moto_signers PUT "$state.tflock"
  check_output "$name: the other state was written by the workload role's session" "$(key_of workload)" moto_signers PUT "$network"
  check_output "$name: and read by it" "$(key_of workload)" moto_signers GET "$network"
  runs "$name: the AWS CLI finds the state by the profile" \
    without_keys "$moto_python/aws" --profile tooling s3 cp "s3:/$state" "$work/state.json"
  check "$name: it holds what was deployed" grep -q '"subnet-0123456789abcdef0"' "$work/state.json"

  without_keys "$moto_python/aws" --profile tooling s3 cp --quiet "$work/state.json" "s3:/$state.tflock"
  stops "$name: a lock that another job holds is respected" 'Error acquiring the state lock' \
    without_keys "$program" "-chdir=$app" "${apply[@]}"
  without_keys "$moto_python/aws" --profile tooling s3 rm --quiet "s3:/$state.tflock"

  : >"$work/moto/log"
  runs "$name: init with other keys in the environment" in_step "$work/workload-env" "$program" "-chdir=$app" "${init[@]}"
  runs "$name: destroy with other keys in the environment" \
    in_step "$work/workload-env" "$program" "-chdir=$app" "${apply[@]}" -destroy
  check_output "$name: the backend's profile wins over them" "$(key_of tooling)" moto_signers PUT "$state"

  sed -i '/^ *profile /d' "$app/backend.tf"
  stops "$name: without keys and profile it says so" 'No valid credential sources found' \
    without_keys "$program" "-chdir=$app" "${init[@]}"
  : >"$work/moto/log"
  runs "$name: init from BASH_ENV" in_step "$work/tooling-env" "$program" "-chdir=$app" "${init[@]}"
  runs "$name: apply from BASH_ENV" in_step "$work/tooling-env" "$program" "-chdir=$app" "${apply[@]}"
  check_output "$name: the state was written by the session in BASH_ENV" "$(key_in "$work/tooling-env")" moto_signers PUT "$state"

  : >"$work/moto/log"
  runs "$name: init from the endpoint of serve" in_step "$work/endpoint-env" "$program" "-chdir=$app" "${init[@]}"
  runs "$name: destroy from it" in_step "$work/endpoint-env" "$program" "-chdir=$app" "${apply[@]}" -destroy
  check_output "$name: the state was written by the session that serve has" \
    "$(in_step "$work/endpoint-env" "$moto_python/python" -c "$key_boto3")" moto_signers PUT "$state"
  : >"$work/moto/log"
  runs "$name: init with the profile that starts the binary" \
    without_keys "$program" "-chdir=$app" "${init[@]}" -backend-config=profile=renewed
  check_output "$name: the state was read by the session that the binary keeps" \
    "$(without_keys AWS_PROFILE=renewed "$moto_python/python" -c "$key_boto3")" moto_signers GET "$state"

  : >"$work/moto/log"
  runs "$name: init with AWS_PROFILE beside them" \
    in_step "$work/tooling-env" env AWS_PROFILE=workload "$program" "-chdir=$app" "${init[@]}"
  check_output "$name: the keys win over it" "$(key_in "$work/tooling-env")" moto_signers GET /example-terraform-state

  stops "$name: a profile that doesn't exist is named" 'failed to get shared config profile, absent' \
    without_keys "$program" "-chdir=$app" "${init[@]}" -backend-config=profile=absent
  stops "$name: the workload role can't reach the tooling account's state" 'StatusCode: 403' \
    without_keys "$program" "-chdir=$app" "${init[@]}" -backend-config=profile=workload
  stops "$name: a changed secret key is refused" 'StatusCode: 403' \
    without_keys "AWS_SHARED_CREDENTIALS_FILE=$work/changed" "$program" "-chdir=$app" "${init[@]}" -backend-config=profile=tooling
  for variable in AWS_CONFIG_FILE AWS_SHARED_CONFIG_FILE; do
    runs "$name: $variable leads to a profile with our JSON as its process" \
      without_keys "$variable=$work/config" "$program" "-chdir=$app" "${init[@]}" -backend-config=profile=process
  done
  moto_token >"$work/token"
  # Each program makes the exchange twice, once for the provider and once for the backend.
  moto_trusts 2
  runs "$name: the backend can make the exchange itself, with the token in a file" \
    without_keys "$program" "-chdir=$app" "${init[@]}" \
    "-backend-config=assume_role_with_web_identity={role_arn=\"$tooling\",session_name=\"backend\",web_identity_token_file=\"$work/token\"}"
  sed -i '/^ *region /d' "$app/backend.tf"
  stops "$name: the Region is not taken from the profile" 'Missing region value' \
    without_keys "$program" "-chdir=$app" "${init[@]}" -backend-config=profile=tooling
}

# Counter-check: moto checks signatures, or the keys above would prove nothing.
sed 's/^aws_secret_access_key = ./&x/' "$credentials" >"$work/changed"
stops 'moto refuses a changed secret key at S3 too' SignatureDoesNotMatch \
  without_keys "AWS_SHARED_CREDENTIALS_FILE=$work/changed" "$moto_python/aws" --profile tooling s3api list-objects-v2 \
  --bucket example-terraform-state
for program in "${programs[@]}"; do
  set_up "$program"
done
checks_done
