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
# shellcheck source=scripts/lib/measured-calls.sh
. "$root/scripts/lib/measured-calls.sh"
cc -O2 -static -o "$work/measure" "$root/scripts/bench/measure.c"

# least RUNS COMMAND...: the least figure. What comes on top is chance: an interrupted read, a longer signature, other pages
# of the file read ahead.
least() { for _ in $(seq "$1"); do "${@:2}"; done | sort -n | sed -n 1p; }

instructions() {
  call "$1" valgrind --tool=callgrind "--callgrind-out-file=$work/callgrind" "--log-file=$work/callgrind.log"
  awk '/^totals:/ { print $2 }' "$work/callgrind"
}

# Signals and exits are no calls.
system_calls() {
  call "$1" strace -f -o "$work/strace"
  grep -c '^[0-9]* *[a-z_0-9]*(' "$work/strace"
}

peak() {
  rm -f "$work/sample"
  call "$1" "$work/measure" "$work/sample"
  cut -f 2 "$work/sample"
}

# --- the figures

{
  printf 'binary\tbytes\t%s\n' "$(stat -c %s "$binary")"
  printf 'binary\tgzip -9 bytes\t%s\n' "$(gzip -9 -c "$binary" | wc -c)"
  for command in assume bash-env whoami credential-process help; do
    call "$command"
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
  "$over are. Where only peaks have grown with a new compiler or dependency, run scripts/symbol-order.sh and build again. Where the change is worth it, record the new figures and say why: scripts/end-to-end/budgets.sh BINARY --record"
held 'no figure is more than 2 % over its record'
checks_done
