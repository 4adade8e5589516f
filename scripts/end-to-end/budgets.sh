#!/usr/bin/env bash
# What the binary may cost: bytes, and what a call of it costs against an STS that does no work. The record is
# scripts/bench/budgets.tsv; more than 2 % over it fails, and of the peak 2 % and 128 kB.
# usage: scripts/end-to-end/budgets.sh BINARY [--record]     (--record writes what was measured)
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/static-sts.sh
. "$root/scripts/lib/static-sts.sh"

binary=$(realpath "$1")
record=$root/scripts/bench/budgets.tsv
apt_has cc=gcc openssl=openssl strace=strace valgrind=valgrind
work=$(mktemp -d)
trap 'kill "${static_servers[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
cc -O2 -static -o "$work/measure" "$root/scripts/bench/measure.c"

# --- the server, with a CA of its own, and one without TLS

static_certificate "$work" 127.0.0.1
static_sts=(python3 "$root/scripts/bench/static-sts.py")
start_static_sts "$work" "${static_sts[@]}" "$work/cert.pem" "$work/key.pem"
tls=("AWS_ENDPOINT_URL_STS=https://127.0.0.1:$port" "AWS_CA_BUNDLE=$work/ca.pem")
start_static_sts "$work" "${static_sts[@]}"
plain=("AWS_ENDPOINT_URL_STS=http://127.0.0.1:$port")

# --- the commands, in an environment that is the same everywhere

mkdir "$work/home"
# In memory each page of the file is mapped when it is needed. From a disk Linux maps it in blocks that depend on how the
# file came there: the same binary has had peaks 320 kB apart.
in_memory=$(mktemp -d -p /dev/shm 2>/dev/null) && trap 'kill "${static_servers[@]}" 2>/dev/null || true; rm -rf "$work" "$in_memory"' EXIT &&
  cp "$binary" "$in_memory/circleci-aws-oidc" && "$in_memory/circleci-aws-oidc" --version >/dev/null && binary=$in_memory/circleci-aws-oidc
token=$(python3 "$root/scripts/lib/unsigned-token.py")
role=(--role-arn arn:aws:iam::123456789012:role/bench --session-name bench)
clean=(env -i PATH=/usr/bin:/bin "HOME=$work/home" AWS_REGION=eu-west-1)

# run NAME COMMAND-IN-FRONT...: one call.
run() {
  local in_front=("${@:2}")
  case $1 in
  assume)
    "${clean[@]}" "${tls[@]}" "CIRCLE_OIDC_TOKEN_V2=$token" "${in_front[@]}" "$binary" assume "${role[@]}" --to json --quiet
    ;;
  whoami)
    "${clean[@]}" "${tls[@]}" AWS_ACCESS_KEY_ID=ASIAEXAMPLEEXAMPLE23 AWS_SECRET_ACCESS_KEY=secret AWS_SESSION_TOKEN=token \
      "${in_front[@]}" "$binary" whoami --quiet
    ;;
  # From its cache, after the first call.
  credential-process)
    "${clean[@]}" "${plain[@]}" "CIRCLE_OIDC_TOKEN_V2=$token" "${in_front[@]}" "$binary" credential-process "${role[@]}"
    ;;
  help) "${clean[@]}" "${in_front[@]}" "$binary" --help ;;
  *) return 2 ;;
  esac >"$work/stdout" 2>"$work/stderr" || broken "$1 succeeds" "$(cat "$work/stderr")"
}

# least RUNS COMMAND...: the least figure. What comes on top is chance: an interrupted read, a longer signature, other pages
# of the file read ahead.
least() { for _ in $(seq "$1"); do "${@:2}"; done | sort -n | sed -n 1p; }

instructions() {
  run "$1" valgrind --tool=callgrind "--callgrind-out-file=$work/callgrind" "--log-file=$work/callgrind.log"
  awk '/^totals:/ { print $2 }' "$work/callgrind"
}

# Signals and exits are no calls.
system_calls() {
  run "$1" strace -f -o "$work/strace"
  grep -c '^[0-9]* *[a-z_0-9]*(' "$work/strace"
}

peak() {
  rm -f "$work/sample"
  run "$1" "$work/measure" "$work/sample"
  cut -f 2 "$work/sample"
}

# --- the figures

{
  printf 'binary\tbytes\t%s\n' "$(stat -c %s "$binary")"
  printf 'binary\tgzip -9 bytes\t%s\n' "$(gzip -9 -c "$binary" | wc -c)"
  for command in assume whoami credential-process help; do
    run "$command"
    printf '%s\tinstructions\t%s\n' "$command" "$(least 5 instructions "$command")"
    printf '%s\tsystem calls\t%s\n' "$command" "$(least 5 system_calls "$command")"
    printf '%s\tpeak kB\t%s\n' "$command" "$(least 40 peak "$command")"
  done
} >"$work/measured"

if [ "${2:-}" = --record ]; then
  { grep '^#' "$record" && cat "$work/measured"; } >"$work/record"
  cp "$work/record" "$record"
fi
over=0
while IFS=$'\t' read -r command figure measured; do
  limit=$(awk -F '\t' -v command="$command" -v figure="$figure" '$1 == command && $2 == figure { print $3 }' "$record")
  [ -n "$limit" ] || broken "$record has a line for each figure" "none for $command, $figure"
  mark=
  spare=$((limit / 50))
  # What else Linux counts differs by some pages.
  [ "$figure" != 'peak kB' ] || spare=$((spare + 128))
  [ "$measured" -le $((limit + spare)) ] || { mark=' OVER' && over=$((over + 1)); }
  printf '%-18s  %-13s %9s of %9s (%+.1f %%)%s\n' "$command" "$figure" "$measured" "$limit" \
    "$(awk -v m="$measured" -v l="$limit" 'BEGIN { print (m / l - 1) * 100 }')" "$mark"
done <"$work/measured"
[ "$over" -eq 0 ] || broken 'no figure is more than 2 % over its record' \
  "$over are. Where the change is worth it, record the new figures and say why: scripts/end-to-end/budgets.sh BINARY --record"
held 'no figure is more than 2 % over its record'
checks_done
