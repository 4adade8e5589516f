# shellcheck shell=bash
# Claims of an end-to-end script: each prints a line, and the first that fails ends the script.
# Sourced by bash, after tools.sh.

: "${root:?tools.sh comes first}" "${target_dir:?}"

checks=0

held() {
  checks=$((checks + 1))
  printf 'ok: %s\n' "$1"
}

broken() {
  printf 'FAILED: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '%s\n' "$@" >&2
  exit 1
}

# check CLAIM COMMAND...
check() {
  local claim=$1
  shift
  "$@" || broken "$claim" "$* ended with $?"
  held "$claim"
}

# check_fails CLAIM COMMAND...
check_fails() {
  local claim=$1 output
  shift
  if output=$("$@" 2>&1); then
    broken "$claim" "it worked: $output"
  fi
  held "$claim"
}

# check_output CLAIM EXPECTED COMMAND...
check_output() {
  local claim=$1 expected=$2 output
  shift 2
  output=$("$@") || broken "$claim" "$* ended with $?: $output"
  [ "$output" = "$expected" ] || broken "$claim" "expected: $expected" "     got: $output"
  held "$claim"
}

checks_done() { printf '%s: %s checks passed\n' "$(basename "$0")" "$checks"; }

# dev_binary NAME: builds a program of this workspace and prints its path.
# With --workspace: built alone, it would compile most dependencies again, with fewer features than the tests use.
dev_binary() {
  (cd "$root" && cargo build --quiet --locked --workspace --bin "$1" >&2)
  printf '%s\n' "$target_dir/debug/$1"
}
