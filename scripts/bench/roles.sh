#!/usr/bin/env bash
# What many roles cost next to one: `profiles` with 1, 10, 100 and 500 roles against `assume`, the static binary over
# TLS on loopback. The release local-sts adds 50 ms to each answer, so that waiting weighs what it weighs in a job.
# usage: scripts/bench/roles.sh [-n RUNS]
#
# Ends with 1 if the median of a bound is broken.
set -euo pipefail
shopt -s inherit_errexit
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
cd "$root"

runs=7
if [ "${1:-}" = -n ]; then runs=${2:-} && shift $((1 + ($# > 1))); fi
if [ $# -gt 0 ] || ! [[ $runs =~ ^[1-9][0-9]*$ ]]; then
  say 'usage: scripts/bench/roles.sh [-n RUNS]'
  exit 2
fi
counts=(1 10 100 500)
most=${counts[-1]}

apt_has cc=gcc
binary=$root/$(scripts/build-static.sh)
cargo build --release --quiet --locked -p local-sts
measure="$tools/measure"
cc -O2 -Wall -Wextra -Werror -static -o "$measure" scripts/bench/measure.c

# --- the server, with a role for each profile

work=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi; rm -rf "$work"' EXIT
mkdir "$work/home"
roles=()
for number in $(seq "$most"); do
  arn=arn:aws:iam::123456789012:role/bench-$number
  roles+=(--trust "$arn=$root/scripts/end-to-end/policies/example-project.json" --fault "$arn=delay:50")
  printf '[profile p%s]\nrole_arn = %s\n' "$number" "$arn" >>"$work/all.ini"
done
for count in "${counts[@]}"; do head -n $((2 * count)) "$work/all.ini" >"$work/$count.ini"; done
target/release/local-sts serve --dir "$work/sts" "${roles[@]}" >"$work/sts.log" 2>&1 &
server=$!
for _ in $(seq 100); do
  grep -qs listens "$work/sts.log" && break
  kill -0 "$server" || { cat "$work/sts.log" >&2 && exit 1; }
  sleep 0.1
done

# --- running it: each run is so many proven exchanges, or the end of the benchmark

# run NAME COUNT ARGUMENTS...: a sample, with what the server's processor did meanwhile.
run() {
  local name=$1 count=$2 before busy
  shift 2
  rm -rf "$work/home/.aws" "$work/sample"
  before=$(wc -l <"$work/sts/requests.jsonl")
  busy=$(server_ticks)
  # As in a job, the token is in the environment; the shell that puts it there has gone before the measuring starts.
  # shellcheck disable=SC2016 # The inner shell expands it.
  env -i "PATH=$PATH" "HOME=$work/home" AWS_REGION=eu-west-1 sh -c 'set -a && . "$0" && exec "$@"' "$work/sts/env" \
    "$measure" "$work/sample" "$binary" "$@" </dev/null >"$work/stdout" 2>"$work/stderr" ||
    { cat "$work/stderr" >&2 && exit 1; }
  if [ $(($(wc -l <"$work/sts/requests.jsonl") - before)) -ne "$count" ] ||
    [ "$(grep -c '^aws_session_token = .' "$work/home/.aws/credentials")" -ne "$count" ]; then
    say "FAILED: $name: not $count calls and as many profiles"
    exit 1
  fi
  printf '%s\t%s\t%s\n' "$name" "$(cat "$work/sample")" $((($(server_ticks) - busy) * 1000 / $(getconf CLK_TCK))) >>"$work/samples"
}

server_ticks() { awk '{ print $14 + $15 }' "/proc/$server/stat"; }

round() {
  run assume 1 assume --profile p1 --role-arn arn:aws:iam::123456789012:role/bench-1
  for count in "${counts[@]}"; do run "profiles $count" "$count" profiles --config-file "$work/$count.ini"; done
}

load=$(cut -d' ' -f1 /proc/loadavg)
say "warming up, then $runs rounds of $((1 + ${#counts[@]})) runs"
round
: >"$work/samples"
for _ in $(seq "$runs"); do round; done

printf 'Roles at once over TLS on loopback, 50 ms added to each answer, whole process. %s\n' \
  "$(uname -sm), $(nproc) cores, load $load before and $(cut -d' ' -f1 /proc/loadavg) after."
printf 'Median (min..max) of %s interleaved runs after a warm-up; ratios to the median of one role by assume.\n\n' "$runs"
python3 scripts/bench/roles-table.py "$work/samples"
