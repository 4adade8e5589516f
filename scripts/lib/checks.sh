# shellcheck shell=bash
# Claims of an end-to-end script: each prints a line, the first that does not hold ends the script.
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

checks_done() { printf '%s: %s claims hold\n' "$(basename "$0")" "$checks"; }

# dev_binary NAME: builds a development tool of ours and prints its path.
# As a part of the workspace: alone, it would build most dependencies once more, with fewer features than the tests.
dev_binary() {
  (cd "$root" && cargo build --quiet --locked --workspace --bin "$1" >&2)
  printf '%s\n' "$target_dir/debug/$1"
}
