#!/usr/bin/env bash
# The scripts find what cargo has built, however its target directory is set: each way, in a small workspace with the
# tools.sh and checks.sh of this tree.
# usage: scripts/end-to-end/target-dir.sh
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"

# As cargo spells it.
work=$(cd "$(mktemp -d)" && pwd -P)
trap 'rm -rf "$work"' EXIT
tree=$work/tree
mkdir -p "$tree/scripts" "$tree/src" "$tree/.cargo" "$work/elsewhere"
cp -R "$root/scripts/lib" "$tree/scripts"
printf '[package]\nname = "probe"\nversion = "0.1.0"\nedition = "2024"\n' >"$tree/Cargo.toml"
printf 'fn main() {}\n' >"$tree/src/main.rs"
(cd "$tree" && cargo generate-lockfile --offline --quiet)
unset CARGO_TARGET_DIR CARGO_BUILD_TARGET_DIR

# built VARIABLE=VALUE...: builds the workspace's program from another directory, and prints where it is said to be.
built() {
  # shellcheck disable=SC2016 # The inner shell expands it.
  (cd "$work/elsewhere" && env "$@" bash -euo pipefail -c '. "$0/lib/tools.sh" && . "$0/lib/checks.sh" && dev_binary probe' "$tree/scripts")
}

# check_built CLAIM DIRECTORY VARIABLE=VALUE...
check_built() {
  local claim=$1 expected=$2/debug/probe
  shift 2
  check_output "$claim" "$expected" built "$@"
  check "$claim: the program is there" test -x "$expected"
  rm -r "${expected%/debug/probe}"
}

check_built 'nothing is set' "$tree/target"
check_built 'CARGO_TARGET_DIR' "$work/variable" "CARGO_TARGET_DIR=$work/variable"
check_built 'CARGO_TARGET_DIR, relative to the root' "$tree/relative" CARGO_TARGET_DIR=relative
check_built 'CARGO_BUILD_TARGET_DIR' "$work/build" "CARGO_BUILD_TARGET_DIR=$work/build"
printf '[build]\ntarget-dir = "configured"\n' >"$tree/.cargo/config.toml"
check_built 'build.target-dir' "$tree/configured"
check_built 'CARGO_TARGET_DIR before build.target-dir' "$work/variable" "CARGO_TARGET_DIR=$work/variable"
rm -r "$tree/.cargo"
mkdir "$work/home"
printf '[build]\ntarget-dir = "%s"\n' "$work/of the user" >"$work/home/config.toml"
check_built "build.target-dir of the user's configuration" "$work/of the user" "CARGO_HOME=$work/home"

# spelled: lines of a script that have `target/` at the start of a path, or below the root.
spelled() {
  git -C "$1" grep --no-index -nE '(^|[]["'"'"'=(<>[:space:]])target/|\$\{?(root|repository)\}?/target' -- scripts |
    grep -vE '^[^:]*:[0-9]+: *#' || true
}
check_output 'no script names the directory itself' '' spelled "$root"
# In two pieces, or this file would be found.
name=target
printf "%s$name%s\n" 'cp ' '/debug/a b' '"$root/' '/debug/a"' 'x >' '/y' '# cp ' '/a b' >"$tree/scripts/bad.sh"
check_output 'one that does would be found' 3 grep -c bad.sh <(spelled "$tree")
checks_done
