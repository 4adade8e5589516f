# shellcheck shell=bash
# What the benchmarks share. Sourced by bash, after tools.sh and job.sh.

# shellcheck disable=SC2034 # Who sources this uses the variables.

: "${root:?tools.sh comes first}" "${target_dir:?}" "${tools:?}" "${work:?job.sh comes first}"

# bench_has: sets $binary to the static binary, $measure to the program that measures one process, and $local_sts to the
# release build of the server.
bench_has() {
  apt_has cc=gcc
  binary=$("$root/scripts/build-static.sh")
  local_sts=$("$root/scripts/build-static.sh" x86_64-unknown-linux-musl local-sts)
  measure=$tools/measure
  mkdir -p "$tools"
  cc -O2 -Wall -Wextra -Werror -static -o "$measure" "$root/scripts/bench/measure.c"
}
