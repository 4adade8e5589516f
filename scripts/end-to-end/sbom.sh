#!/usr/bin/env bash
# The bills of materials of a release: their form, and that each describes its program.
# usage: scripts/end-to-end/sbom.sh STATIC_BINARY STATIC_LOCAL_STS
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"

python=$(python_has sbom)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# check_bill PROGRAM FILE
check_bill() {
  local written=(python3 "$root/scripts/lib/sbom.py" --program "$1") read=("$python/bin/python" "$root/scripts/lib/sbom-check.py")
  "${written[@]}" "$work/sbom.json"
  check "$1: the bill is well formed, complete and true" "${read[@]}" "$work/sbom.json" "$2"
  "${written[@]}" "$work/again.json"
  check "$1: a second run writes the same file" cmp "$work/sbom.json" "$work/again.json"
  # Counter-check: a bill without one of the crates, or with another version of it, does not pass.
  sed 's/"name": "ring"/"name": "rang"/' "$work/sbom.json" >"$work/wrong.json"
  check_fails "$1: a bill without a crate is refused" "${read[@]}" "$work/wrong.json" "$2"
}
check_bill circleci-aws-oidc "$(realpath "$1")"
check_bill local-sts "$(realpath "$2")"
checks_done
