#!/usr/bin/env bash
# What many roles cost compared with one: `profiles` with each COUNT of roles against `assume`, the static binary over TLS on
# loopback. The release local-sts adds 50 ms to each answer, so that waiting has the share that it has in a job.
# usage: scripts/bench/roles.sh [-n RUNS] [COUNT...]       default: 1 10 100 500; BINARY and LOCAL_STS name programs that are
#                                                          else built
#
# Exits with 1 if a median exceeds its limit.
set -euo pipefail
shopt -s inherit_errexit
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/bench.sh
. "$root/scripts/lib/bench.sh"
cd "$root"

runs=7
if [ "${1:-}" = -n ]; then runs=${2:-} && shift $((1 + ($# > 1))); fi
counts=("$@")
[ $# -gt 0 ] || counts=(1 10 100 500)
for number in "$runs" "${counts[@]}"; do
  is_count "$number" || { say 'usage: scripts/bench/roles.sh [-n RUNS] [COUNT...]' && exit 2; }
done
most=$(printf '%s\n' "${counts[@]}" | sort -n | tail -n 1)

# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"

bench_binary
bench_local_sts
bench_measure

# --- the server, with a role for each profile

mkdir "$work/home"
roles=()
for number in $(seq "$most"); do
  arn=arn:aws:iam::123456789012:role/bench-$number
  roles+=(--trust "$arn=$root/scripts/end-to-end/policies/example-project.json" --fault "$arn=delay:50")
  printf '[profile p%s]\nrole_arn = %s\n' "$number" "$arn" >>"$work/all.ini"
done
for count in "${counts[@]}"; do head -n $((2 * count)) "$work/all.ini" >"$work/$count.ini"; done
start_local_sts "${roles[@]}"
server=${job_servers[0]}

# --- the runs: one that does not get all credentials ends the benchmark

# run NAME COUNT ARGUMENTS...: a sample, with the server's processor time meanwhile.
run() {
  local name=$1 count=$2 before busy
  shift 2
  rm -rf "$work/home/.aws" "$work/sample"
  before=$(wc -l <"$work/sts/requests.jsonl")
  busy=$(server_ticks)
  # As in a job, the token is in the environment. The shell that sets it replaces itself before the measurement starts.
  # shellcheck disable=SC2016 # The inner shell expands it.
  env -i "PATH=$PATH" "HOME=$work/home" AWS_REGION=eu-west-1 sh -c 'set -a && . "$0" && exec "$@"' "$work/sts/env" \
    "$measure" "$work/sample" "$binary" "$@" </dev/null >"$work/stdout" 2>"$work/stderr" ||
    { cat "$work/stderr" >&2 && exit 1; }
  if [ $(($(wc -l <"$work/sts/requests.jsonl") - before)) -ne "$count" ] ||
    [ "$(grep -c '^aws_session_token = .' "$work/home/.aws/credentials")" -ne "$count" ]; then
    say "FAILED: $name: not $count calls and as many profiles"
    exit 1
  fi
  printf '%s\t%s\t%s\n' "$name" "$(cat "$work/sample")" $((($(server_ticks) - busy) * 1000 / $(getconf CLK_TCK))) >>"$results/roles"
}

server_ticks() { awk '{ print $14 + $15 }' "/proc/$server/stat"; }

round() {
  run assume 1 assume --profile p1 --role-arn arn:aws:iam::123456789012:role/bench-1
  for count in "${counts[@]}"; do run "profiles $count" "$count" profiles --config-file "$work/$count.ini"; done
}

load=$(cut -d' ' -f1 /proc/loadavg)
say "warming up, then $runs rounds of $((1 + ${#counts[@]})) runs"
round
: >"$results/roles"
for _ in $(seq "$runs"); do round; done

printf 'Roles at once over TLS on loopback, 50 ms added to each answer, whole process. %s\n' \
  "$(uname -sm), $(nproc) cores, load $load before and $(cut -d' ' -f1 /proc/loadavg) after."
printf 'Median (min..max) of %s interleaved runs after a warm-up; ratios to the median of one role by assume.\n\n' "$runs"
python3 scripts/bench/roles-table.py "$results/roles"
