#!/usr/bin/env bash
# What `trust lint --format sarif` writes, checked by Microsoft's validator: the schema, and the rules of SARIF beyond it.
# usage: scripts/end-to-end/sarif.sh BINARY
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
binary=$(realpath "$1")
tool=$(npm_has @microsoft/sarif-multitool 5.7.0 sarif-multitool) || exit 0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# validated FILE: the validator's own exit code is 0 whatever it finds.
validated() {
  local log
  log=$("$tool" validate "$1" 2>&1)
  grep -Eq '^Done\. 1 files? scanned' <<<"$log" || { printf '%s\n' "$log" && return 1; }
  ! grep -E ': (error|warning) ' <<<"$log"
}

# lint FILE...: its log in $dir/log.sarif.
lint() {
  local code=0
  "$binary" trust lint "$@" --format sarif --quiet >"$dir/log.sarif" 2>"$dir/stderr" || code=$?
  [ "$code" -eq 8 ] || { cat "$dir/stderr" >&2 && return 1; }
}

mkdir "$dir/a b"
cp "$root"/crates/cli/tests/cases/trust-lint.in/*.{json,tf} "$dir/a b"
(cd "$dir/a b" && lint ./*.json role.tf)
validated "$dir/log.sarif"
lint "$dir/a b/role.tf"
grep -qF "\"uri\":\"file:///" "$dir/log.sarif"
validated "$dir/log.sarif"

# The validator sees what it is here for: an absolute path that is not a URL.
sed 's|"uri":"file://|"uri":"|' "$dir/log.sarif" >"$dir/broken.sarif"
if validated "$dir/broken.sarif" >"$dir/found"; then
  say 'error: the validator finds nothing in a log with a bare absolute path'
  exit 1
fi
grep -q SARIF1004 "$dir/found"
say 'sarif: 2 logs are valid, a broken one is not'
