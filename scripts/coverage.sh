#!/usr/bin/env bash
# Which lines the tests reach, a row for each crate. The processes that tests start are counted too.
# usage: scripts/coverage.sh
#
# Takes as long as a build of everything and the stage `rust` of scripts/test.sh. All is written to coverage/ in cargo's
# target directory: lines.lcov has each line with how often it ran.
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/lib/tools.sh"
cd "$root"
apt_has cc=build-essential

rustup_has component llvm-tools 2>/dev/null || { say "error: llvm-tools cannot be added by rustup" && exit 1; }
llvm_cov=$(python_has coverage)/bin/cargo-llvm-cov
out=$target_dir/coverage
mkdir -p "$out"
# What the stage `rust` installs is there already.
ln -sfn "$tools" "$out/tools"
find "$out" -maxdepth 1 -name '*.profraw' -delete

cc -c -fPIC -DDIRECTORY="\"$out\"" scripts/lib/coverage.c -o "$out/coverage.o"

export CARGO_TARGET_DIR="$out"
variables=$("$llvm_cov" llvm-cov show-env --sh)
eval "$variables"
unset LLVM_PROFILE_FILE
export RUSTFLAGS="${RUSTFLAGS:-} -C link-arg=$out/coverage.o"

# All tests, although one may fail.
export TEST_OPTIONS=--no-fail-fast
status=0
scripts/test.sh rust || status=$?
"$llvm_cov" llvm-cov report --lcov --output-path "$out/lines.lcov"
python3 scripts/lib/coverage.py <"$out/lines.lcov"
exit "$status"
