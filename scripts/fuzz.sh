#!/usr/bin/env bash
# Runs every parser of untrusted input on inputs that a fuzzer generates (crates/fuzz).
# usage: scripts/fuzz.sh [SECONDS_PER_TARGET] [TARGET...]     (default 60, all targets)
#
# Fuzzing starts from the cases of the crates' tests and from the files in crates/fuzz/corpus, which no case holds
# (scripts/lib/fuzz-corpus.py). Everything is written to fuzz/ in cargo's target directory: seeds/TARGET/ holds those
# inputs, corpus/TARGET/ the generated ones that reach new code, logs/TARGET.log the fuzzer's output, and
# artifacts/TARGET/ the inputs that break a property.
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/lib/tools.sh"
cd "$root"

out=$target_dir/fuzz
seconds=${1:-60}
[ $# -eq 0 ] || shift
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  mapfile -t targets < <(basename -s .rs crates/fuzz/fuzz_targets/*.rs)
fi
case $seconds in
'' | *[!0-9]* | 0)
  say "error: invalid number of seconds \`$seconds\`; expected a number above 0"
  exit 2
  ;;
*) ;;
esac
for target in "${targets[@]}"; do
  if [ ! -e "crates/fuzz/fuzz_targets/$target.rs" ]; then
    say "error: no target \`$target\` in crates/fuzz/fuzz_targets"
    exit 2
  fi
done

# Searched in the list: naming a missing toolchain could make rustup download it.
if ! rustup toolchain list 2>/dev/null | grep -q '^nightly'; then
  echo 'skipped: no nightly toolchain'
  exit 0
fi
apt_has g++=g++

# What cargo-fuzz would set: counters and comparisons for the fuzzer, and a check of every memory access, because
# dependencies may be unsafe. With --target, build scripts are compiled without these flags.
build() {
  say "building ${#targets[@]} targets"
  local flags=(
    -Zsanitizer=address
    -Cpasses=sancov-module
    -Cllvm-args=-sanitizer-coverage-level=4
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
    -Cllvm-args=-sanitizer-coverage-pc-table
    -Cllvm-args=-sanitizer-coverage-trace-compares
    --cfg=fuzzing
  )
  local bins=()
  for target in "${targets[@]}"; do
    bins+=(--bin "$target")
  done
  RUSTFLAGS="${flags[*]}" CARGO_TARGET_DIR="$out" rustup run nightly \
    cargo build --quiet --release --locked --target "$triple" --manifest-path crates/fuzz/Cargo.toml "${bins[@]}"
}

# fuzz_one TARGET: one line about it on stdout.
fuzz_one() {
  local target=$1 status=0
  local log="$out/logs/$target.log"
  mkdir -p "$out/logs" "$out/corpus/$target" "$out/artifacts/$target"
  # Safe Rust may leak, and some containers do not allow the search for leaks.
  ASAN_OPTIONS=detect_leaks=0 RUST_BACKTRACE=0 "$out/$triple/release/$target" \
    -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$out/artifacts/$target/" "$out/corpus/$target" "$out/seeds/$target" \
    >"$log" 2>&1 || status=$?
  if [ "$status" -eq 0 ]; then
    printf 'ok: %s, %s inputs\n' "$target" "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")"
    return 0
  fi
  printf 'FAILED: %s\n' "$target"
  grep -a -A 3 -e '^thread .* panicked at' -e '^==[0-9]*==ERROR' -e '^ALARM' -e 'out-of-memory' "$log" | head -n 6 || true
  sed -n 's/^.*Test unit written to /  input: /p' "$log"
  printf '  log: %s\n' "$log"
  return 1
}

triple=$(rustup run nightly rustc -vV | sed -n 's/^host: //p')
build
python3 scripts/lib/fuzz-corpus.py "$out/seeds"
export -f fuzz_one
export out seconds triple
# shellcheck disable=SC2016  # the inner shell expands it
if printf '%s\0' "${targets[@]}" | xargs -0 -n 1 -P "$(nproc)" bash -c 'fuzz_one "$1"' fuzz_one; then
  say "fuzz: no property failed in ${#targets[@]} targets, $seconds s each"
else
  say "fuzz: some properties do not hold"
  exit 1
fi
