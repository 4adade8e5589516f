#!/usr/bin/env bash
# What one AssumeRoleWithWebIdentity over TLS on loopback costs as a whole process: the static binary, curl with
# sed, the AWS CLI, side by side in one run and as multiples of the first. The server is the release local-sts.
# usage: scripts/bench.sh [-n RUNS] [--no-instructions]
#        scripts/bench.sh roles [-n RUNS]     many roles next to one, with their bounds (scripts/bench/roles.sh)
#
# Prints figures and checks none against a limit. Counting the AWS CLI's instructions takes about a minute.
set -euo pipefail
shopt -s inherit_errexit
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/lib/tools.sh"
cd "$root"

if [ "${1:-}" = roles ]; then
  shift
  exec scripts/bench/roles.sh "$@"
fi

runs=15
instructions=yes
while [ $# -gt 0 ]; do
  case $1 in
  -n) runs=${2:-} && shift $(($# > 1)) ;;
  --no-instructions) instructions=no ;;
  *) runs= ;;
  esac
  shift
done
if ! [[ $runs =~ ^[1-9][0-9]*$ ]]; then
  say 'usage: scripts/bench.sh [-n RUNS] [--no-instructions], or: scripts/bench.sh roles [-n RUNS]'
  exit 2
fi

# --- what is compared, and what measures it

# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"
# shellcheck source=scripts/lib/bench.sh
. "$root/scripts/lib/bench.sh"

bench_has
apt_has curl=curl
python=$(python_has aws)
apt_has /usr/bin/aws=awscli || say 'skipped: the AWS CLI of the distribution'
apt_has openssl=openssl || say 'skipped: the handshake alone'
# Both trace processes, which some containers forbid.
apt_has strace=strace && strace -o /dev/null true 2>/dev/null && strace=yes || strace=no
[ "$strace" = yes ] || say 'skipped: system calls (strace does not work here)'
if [ "$instructions" = yes ]; then
  apt_has valgrind=valgrind && valgrind -q --tool=none true 2>/dev/null || instructions=no
  [ "$instructions" = yes ] || say 'skipped: instructions (valgrind does not work here)'
fi

# --- the server

mkdir "$work/home"
role=arn:aws:iam::123456789012:role/bench
session=arn:aws:sts::123456789012:assumed-role/bench/bench
start_local_sts --trust "$role=$root/scripts/end-to-end/policies/example-project.json"
endpoint=$(cat "$work/sts/endpoint")
address=${endpoint#https://}
ca="$work/sts/ca.pem"

# --- the clients: each runs under the command that it is given, in a clean environment

clean=(env -i "PATH=$PATH" "HOME=$work/home" AWS_EC2_METADATA_DISABLED=true)

# As in a job, the token is in the environment. The shell that sets it replaces itself before the measurement starts.
ours() {
  # shellcheck disable=SC2016 # The inner shell expands it.
  "${clean[@]}" "BASH_ENV=$work/bash_env" sh -c 'export CIRCLE_OIDC_TOKEN_V2="$(cat "$0")" && exec "$@"' "$work/token" \
    "$@" "$binary" assume --to bash-env --role-arn "$role" --session-name bench --region eu-west-1 \
    --sts-endpoint "$endpoint" --ca-bundle "$ca"
}

curl_and_sed() {
  "${clean[@]}" "STS_ENDPOINT=$endpoint" "CA=$ca" "ROLE_ARN=$role" "TOKEN_FILE=$work/token" "BASH_ENV=$work/bash_env" \
    "$@" sh "$root/scripts/bench/curl-and-sed.sh"
}

aws_cli() {
  local aws=$1 key secret token
  shift
  "${clean[@]}" "$@" "$aws" sts assume-role-with-web-identity --endpoint-url "$endpoint" --ca-bundle "$ca" \
    --region eu-west-1 --role-arn "$role" --role-session-name bench --web-identity-token "file://$work/token" \
    --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text >"$work/credentials" &&
    read -r key secret token <"$work/credentials" &&
    printf "export AWS_%s='%s'\n" ACCESS_KEY_ID "$key" SECRET_ACCESS_KEY "$secret" SESSION_TOKEN "$token" >"$work/bash_env"
}
aws_cli_of_pip() { aws_cli "$python/bin/aws" "$@"; }
aws_cli_of_apt() { aws_cli /usr/bin/aws "$@"; }

# What the connection alone costs: it sends no request.
handshake() {
  "${clean[@]}" "$@" openssl s_client -brief -connect "$address" -CAfile "$ca" -verify_return_error -verify_ip 127.0.0.1
}

clients=(ours curl_and_sed aws_cli_of_pip)
declare -A label=(
  [ours]=$("$binary" --version)
  [curl_and_sed]="curl $(curl --version | sed -n '1s/^curl \([^ ]*\).*/\1/p') + sed, by sh"
  [aws_cli_of_pip]=$("$python/bin/aws" --version 2>&1 | cut -d' ' -f1)
  [handshake]="floor: openssl s_client, handshake only"
)
if [ -x /usr/bin/aws ]; then
  clients+=(aws_cli_of_apt)
  label[aws_cli_of_apt]="$(/usr/bin/aws --version 2>&1 | cut -d' ' -f1) (/usr/bin)"
fi
! command -v openssl >/dev/null || clients+=(handshake)

# --- the runs: one that does not get credentials ends the benchmark

failed() {
  say "FAILED: ${label[$1]}: $2"
  cat "$work/stdout" "$work/stderr" >&2
  exit 1
}

calls() { wc -l <"$work/sts/requests.jsonl"; }

# run CLIENT COMMAND-IN-FRONT...
run() {
  local client=$1 before
  rm -f "$work/bash_env"
  before=$(calls)
  "$@" </dev/null >"$work/stdout" 2>"$work/stderr" || failed "$client" "ended with $?"
  if [ "$client" = handshake ]; then
    grep -q 'Verification: OK' "$work/stdout" "$work/stderr" || failed "$client" 'no verified handshake'
    return
  fi
  [ "$(calls)" -eq $((before + 1)) ] || failed "$client" "$(($(calls) - before)) calls to STS, not one"
  # shellcheck disable=SC2016 # The inner shell expands it.
  env -i "PATH=$PATH" bash -euc '. "$0" && [[ "$AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY $AWS_SESSION_TOKEN" =~ $1 ]]' \
    "$work/bash_env" '^ASIA[A-Z0-9]{16} [^ ]{40} [^ ]{100,}$' 2>>"$work/stderr" || failed "$client" 'no credentials'
}

# act_as_session CLIENT: STS accepts the credentials of its last run, as the expected session.
act_as_session() {
  # shellcheck disable=SC2016 # The inner shell expands it.
  "${clean[@]}" "BASH_ENV=$work/bash_env" bash -c '"$@"' step "$python/bin/aws" sts get-caller-identity \
    --endpoint-url "$endpoint" --ca-bundle "$ca" --region eu-west-1 --query Arn --output text \
    >"$work/stdout" 2>"$work/stderr" || failed "$1" 'STS does not accept its credentials'
  grep -qxF "$session" "$work/stdout" || failed "$1" 'its credentials are of another session'
}

fresh_token() { "$local_sts" mint --dir "$work/sts" | tr -d '\n' >"$work/token"; }

count_instructions() {
  mkdir "$work/callgrind"
  run "$1" valgrind --tool=callgrind --trace-children=yes "--callgrind-out-file=$work/callgrind/%p" \
    "--log-file=$work/callgrind/log.%p"
  awk '/^totals:/ { sum += $2 } END { if (!sum) exit 1; printf "%.0f\n", sum }' "$work/callgrind"/*
  rm -r "$work/callgrind"
}

# Versions of strace differ in the line of totals; the fourth column of the other lines is the same in all of them.
count_system_calls() {
  run "$1" strace -c -f -o "$work/strace"
  awk '$1 ~ /^[0-9.]+$/ && $NF != "total" { sum += $4 } END { if (!sum) exit 1; printf "%.0f\n", sum }' "$work/strace"
}

load=$(cut -d' ' -f1 /proc/loadavg)
say "warming up, then $runs rounds of ${#clients[@]} clients"
fresh_token
for client in "${clients[@]}"; do
  run "$client"
  [ "$client" = handshake ] || act_as_session "$client"
done
for _ in $(seq "$runs"); do
  fresh_token
  for client in "${clients[@]}"; do
    run "$client" "$measure" "$work/sample"
    printf '%s\t%s\n' "${label[$client]}" "$(cat "$work/sample")" >>"$work/samples"
    rm "$work/sample"
  done
done
for client in "${clients[@]}"; do
  fresh_token
  instruction_count=- call_count=-
  if [ "$instructions" = yes ]; then
    say "counting the instructions of ${label[$client]}"
    instruction_count=$(count_instructions "$client")
  fi
  [ "$strace" = no ] || call_count=$(count_system_calls "$client")
  printf '%s\t%s\t%s\n' "${label[$client]}" "$instruction_count" "$call_count" >>"$work/counts"
done

printf 'One AssumeRoleWithWebIdentity over TLS on loopback, whole process. %s\n' \
  "$(uname -sm), $(nproc) cores, load $load before and $(cut -d' ' -f1 /proc/loadavg) after."
printf 'Wall time and peak: median (min..max) of %s interleaved runs after a warm-up.\n\n' "$runs"
"$python/bin/python" scripts/bench/table.py "$work/samples" "$work/counts"
printf '\nPeak: the largest process of a client, as resident set. Instructions: in user space, all processes of a\n'
printf 'client, one run under callgrind. System calls: the same, one run under strace.\n'
printf '%s: %s bytes, %s after gzip -9.\n' \
  "${binary#"$root"/}" "$(stat -c %s "$binary")" "$(gzip -9 -c "$binary" | wc -c)"
