# shellcheck shell=bash
# A CircleCI job on this machine: local-sts instead of AWS, the packed orb, orb-runner instead of the agent.
# Sourced by bash, after tools.sh and checks.sh. Everything is in $work, which is removed when the script ends.

: "${root:?tools.sh comes first}"

work=$(mktemp -d)
job_servers=()
trap 'end_job' EXIT

end_job() {
  local server
  for server in "${job_servers[@]}"; do
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  done
  rm -rf "$work"
}

# start_local_sts OPTIONS...: its files are in $work/sts, its variables for a job in $work/sts/env and in the map `sts`.
# It is a development build, unless $local_sts names another program.
start_local_sts() {
  local line name value
  : "${local_sts:=$(dev_binary local-sts)}"
  mkfifo "$work/ready"
  "$local_sts" serve --dir "$work/sts" "$@" >"$work/ready" &
  job_servers+=($!)
  read -r line <"$work/ready" || broken 'local-sts starts' "it ended at once"
  say "$line"
  declare -gA sts=()
  while IFS='=' read -r name value; do sts[$name]=$value; done <"$work/sts/env"
}

# who_is VARIABLE=VALUE...: the identity of the AWS CLI with these variables, as local-sts reports it.
who_is() {
  local python
  python=$(python_has aws)
  env -i "PATH=$PATH" "AWS_CA_BUNDLE=$work/sts/ca.pem" "AWS_ENDPOINT_URL_STS=${sts[AWS_ENDPOINT_URL_STS]}" "$@" \
    "$python/bin/aws" sts get-caller-identity --query Arn --output text
}

# another_projects_env: the variables of a job in another project of the same organization.
another_projects_env() {
  local other=22222222-2222-4222-8222-222222222222
  grep '^AWS_' "$work/sts/env"
  printf 'CIRCLE_OIDC_TOKEN=%s\n' "$("$local_sts" mint --dir "$work/sts" --shape v1 --project "$other")"
  printf 'CIRCLE_OIDC_TOKEN_V2=%s\n' "$("$local_sts" mint --dir "$work/sts" --project "$other")"
}

# pack_orb BINARY: packs the orb with this binary's digest into $work/orb.yml, and puts the binary on the PATH of
# jobs ($work/bin), where `install` searches first. So the digest is checked as in a real job.
pack_orb() {
  local system machine
  case $(uname -s) in
  Darwin) system=macos ;;
  *) system=linux ;;
  esac
  case $(uname -m) in
  arm64 | aarch64) machine=aarch64 ;;
  *) machine=x86_64 ;;
  esac
  mkdir -p "$work/bin"
  cp "$1" "$work/bin/circleci-aws-oidc"
  printf '%s  circleci-aws-oidc-%s-%s\n' "$(sha256sum <"$1" | cut -d' ' -f1)" "$system" "$machine" >"$work/SHA256SUMS"
  "$root/scripts/pack-orb.sh" --sums "$work/SHA256SUMS" "$work/orb.yml" >&2
}

# run_job CONFIG JOB ENV_FILE OPTIONS...: the steps of one job, with the orb as `aws-oidc` and under the name that
# the first users' configs import.
run_job() {
  local config=$1 job=$2 env_file=$3
  shift 3
  PATH="$work/bin:$PATH" "$(dev_binary orb-runner)" run \
    --orb "aws-oidc=$work/orb.yml" --orb "aws-configure-credentials-oidc=$work/orb.yml" \
    --config "$config" --job "$job" --env-file "$env_file" "$@"
}
