# shellcheck shell=bash
# What the benchmarks share. Sourced by bash, after tools.sh.

# shellcheck disable=SC2034 # Who sources this uses the variables.

: "${root:?tools.sh comes first}" "${target_dir:?}" "${tools:?}"

# Where the figures are, for scripts/bench/report.py.
results=$target_dir/bench

# bench_binary: sets $binary to BINARY, or else builds it.
bench_binary() {
  binary=${BINARY:-$("$root/scripts/build-static.sh")}
  binary=$(realpath "$binary")
}

# bench_local_sts: sets $local_sts to LOCAL_STS, or else builds a server for release.
bench_local_sts() {
  local_sts=${LOCAL_STS:-}
  [ -z "$local_sts" ] || return 0
  local_sts=$("$root/scripts/build-static.sh" x86_64-unknown-linux-musl local-sts)
}

# bench_measure: sets $measure to the program that measures one process.
bench_measure() {
  apt_has cc=gcc
  measure=$tools/measure
  mkdir -p "$tools" "$results"
  cc -O2 -Wall -Wextra -Werror -static -o "$measure" "$root/scripts/bench/measure.c"
}

# is_count TEXT: whether it is a number of runs.
is_count() { [[ $1 =~ ^[1-9][0-9]*$ ]]; }
