#!/usr/bin/env bash
# What one AssumeRoleWithWebIdentity costs as a whole process, with the clients of scripts/bench/clients.sh side by side:
# wall time, processor time, peak, instructions, system calls, and round trips. STS is a fixed response over TLS 1.3, because a
# server that verifies and signs would hide the client. Writes the figures for scripts/bench/report.py.
# usage: scripts/bench/exchange.sh RUNS [--all-instructions]      BINARY names a static binary, which is else built
set -euo pipefail
shopt -s inherit_errexit
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/static-sts.sh
. "$root/scripts/lib/static-sts.sh"
# shellcheck source=scripts/lib/bench.sh
. "$root/scripts/lib/bench.sh"

runs=$1
all_instructions=${2:-}
bench_binary
bench_measure
floor=$("$root/scripts/build-static.sh" x86_64-unknown-linux-musl floor)
work=$(mktemp -d)
trap 'end' EXIT
end() {
  remove_delay
  kill "${static_servers[@]}" 2>/dev/null || true
  rm -rf "$work"
}
# shellcheck source=scripts/bench/delayed.sh
. "$root/scripts/bench/delayed.sh"
# shellcheck source=scripts/bench/clients.sh
. "$root/scripts/bench/clients.sh"
find_clients

# Both trace processes, which some containers forbid.
apt_has strace=strace && strace -o /dev/null true 2>/dev/null && strace=yes || strace=no
[ "$strace" = yes ] || say 'skipped: system calls (strace does not work here)'
apt_has valgrind=valgrind && valgrind -q --tool=none true 2>/dev/null && valgrind=yes || valgrind=no
[ "$valgrind" = yes ] || say 'skipped: instructions (valgrind does not work here)'

# --- the servers, and a token with the claims of a job's

static_certificate "$work" 127.0.0.1 "$far_address"
static_sts=(python3 "$root/scripts/bench/static-sts.py" "$work/cert.pem" "$work/key.pem")
start_static_sts "$work" "${static_sts[@]}"
here=https://127.0.0.1:$port
if start_delay; then
  start_static_sts "$work" "${far[@]}" "${static_sts[@]}" "$far_address"
  there=https://$far_address:$port
else
  there=
fi
uuid=11111111-1111-4111-8111-111111111111
token=$(python3 "$root/scripts/lib/unsigned-token.py" "iss=https://oidc.circleci.com/org/$uuid" "aud=$uuid" \
  "sub=org/$uuid/project/$uuid/user/$uuid/vcs-origin/github.com/example/app/vcs-ref/refs/heads/main" \
  "oidc.circleci.com/project-id=$uuid" "oidc.circleci.com/org-id=$uuid" "oidc.circleci.com/job-id=$uuid" \
  "oidc.circleci.com/workflow-id=$uuid" "oidc.circleci.com/pipeline-id=$uuid")
printf %s "$token" >"$work/token"

# --- the runs: one that does not end as it has to ends the benchmark

failed() {
  say "FAILED: ${label[$1]}: $2"
  cat "$work/stdout" "$work/stderr" >&2
  exit 1
}

# run NAME COMMAND-IN-FRONT...
run() {
  rm -f "$work/bash_env"
  # Each job begins with an empty home.
  [ "${group[$1]}" != orb ] || rm -rf "$work/homes/$1"
  mkdir -p "$work/homes/$1" "$work/homes/ours"
  "$@" </dev/null >"$work/stdout" 2>"$work/stderr" || failed "$1" "ended with $?"
  case $1 in
  handshake) grep -q 'Verification: OK' "$work/stdout" "$work/stderr" || failed "$1" 'no verified handshake' ;;
  help | assume_help) grep -q '^Usage: ' "$work/stdout" || failed "$1" 'no help' ;;
  ours_json | cached) grep -qE '"AccessKeyId": ?"ASIAEXAMPLEEXAMPLE23"' "$work/stdout" || failed "$1" 'no credentials' ;;
  *)
    # shellcheck disable=SC2016 # The inner shell expands it.
    env -i "PATH=$PATH" bash -euc '. "$0" && [ "$AWS_ACCESS_KEY_ID ${#AWS_SECRET_ACCESS_KEY} ${#AWS_SESSION_TOKEN}" = "$1" ]' \
      "$work/bash_env" 'ASIAEXAMPLEEXAMPLE23 40 1000' 2>>"$work/stderr" || failed "$1" 'no credentials'
    ;;
  esac
}

# sample NAME PLACE COMMAND-IN-FRONT...
sample() {
  rm -f "$work/sample"
  run "$1" "${@:3}" "$measure" "$work/sample"
  printf '%s\t%s\t%s\n' "$1" "$2" "$(cat "$work/sample")" >>"$results/samples"
}

# least COMMAND...: of three runs the least. What comes on top is chance: an interrupted read, a longer signature.
least() { for _ in 1 2 3; do "$@"; done | sort -n | sed -n 1p; }

count_instructions() {
  mkdir "$work/callgrind"
  run "$1" valgrind --tool=callgrind --trace-children=yes "--callgrind-out-file=$work/callgrind/%p" "--log-file=$work/callgrind/log.%p"
  awk '/^totals:/ { sum += $2 } END { if (!sum) exit 1; printf "%.0f\n", sum }' "$work/callgrind"/*
  rm -r "$work/callgrind"
}

# Versions of strace differ in the line of totals; the fourth column of the other lines is the same in all of them.
count_system_calls() {
  run "$1" strace -c -f -o "$work/strace"
  awk '$1 ~ /^[0-9.]+$/ && $NF != "total" { sum += $4 } END { if (!sum) exit 1; printf "%.0f\n", sum }' "$work/strace"
}

rm -f "$results"/*
"$root/scripts/bench/machine.sh" "$runs" "${#token}" "$(gzip -9 -c "$binary" | wc -c)" >"$results/machine"
for name in "${names[@]}"; do printf '%s\t%s\t%s\t%s\n' "$name" "${group[$name]}" "${bytes[$name]}" "${label[$name]}"; done >"$results/clients"
endpoint=$here
say "warming up, then $runs rounds of ${#names[@]} programs"
for name in "${names[@]}"; do run "$name"; done
# Those that take milliseconds are run three times in a round.
order=()
for pass in 1 2 3; do
  for name in "${names[@]}"; do
    [ "$pass" -gt 1 ] && [[ ${group[$name]} == @(slow|orb) ]] || order+=("$name")
  done
done
for round in $(seq "$runs"); do
  for name in "${order[@]}"; do
    # In each third round, the one that takes seconds, and all that is far.
    [ "${group[$name]}" = orb ] && [ $((round % 3)) -ne 1 ] || sample "$name" here
    if [ -n "$there" ] && [[ ${group[$name]} == @(quick|slow) ]] && [ $((round % 3)) -eq 1 ]; then
      endpoint=$there
      sample "$name" there "${near[@]}"
      endpoint=$here
    fi
  done
done
for name in "${names[@]}"; do
  instructions=- system_calls=-
  case $valgrind-${group[$name]}$all_instructions in
  yes-quick* | yes-command* | yes-slow--all-instructions)
    say "counting the instructions of ${label[$name]}"
    if [[ ${group[$name]} == @(quick|command) ]]; then
      instructions=$(least count_instructions "$name")
    else
      instructions=$(count_instructions "$name")
    fi
    ;;
  *) ;;
  esac
  [ "$strace" = no ] || system_calls=$(count_system_calls "$name")
  printf '%s\t%s\t%s\n' "$name" "$instructions" "$system_calls" >>"$results/counts"
done
cut -d' ' -f1 /proc/loadavg | sed 's/^/load after\t/' >>"$results/machine"
