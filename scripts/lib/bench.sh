# shellcheck shell=bash
# What the benchmarks have in common. Sourced by bash, after tools.sh and job.sh.

# shellcheck disable=SC2034 # Who sources this uses the variables.

: "${root:?tools.sh comes first}" "${target_dir:?}" "${tools:?}" "${work:?job.sh comes first}"

# bench_has: the static binary is in $binary, the program that takes a sample of one process in $measure, and the
# server will be the release local-sts.
bench_has() {
  apt_has cc=gcc
  binary=$("$root/scripts/build-static.sh")
  (cd "$root" && cargo build --release --quiet --locked -p local-sts)
  local_sts=$target_dir/release/local-sts
  measure=$tools/measure
  mkdir -p "$tools"
  cc -O2 -Wall -Wextra -Werror -static -o "$measure" "$root/scripts/bench/measure.c"
}
