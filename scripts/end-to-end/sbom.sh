#!/usr/bin/env bash
# The bill of materials of a release: its form, and that it describes this binary.
# usage: scripts/end-to-end/sbom.sh STATIC_BINARY
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"

binary=$(realpath "$1")
python=$(python_has sbom)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 "$root/scripts/lib/sbom.py" "$work/sbom.json"
check 'the bill is well formed, complete and true' \
  "$python/bin/python" "$root/scripts/lib/sbom-check.py" "$work/sbom.json" "$binary"
python3 "$root/scripts/lib/sbom.py" "$work/again.json"
check 'a second run writes the same file' cmp "$work/sbom.json" "$work/again.json"
# Counter-check: a bill without one of the crates, or with another version of it, does not pass.
sed 's/"name": "ring"/"name": "rang"/' "$work/sbom.json" >"$work/wrong.json"
check_fails 'a bill without a crate is refused' \
  "$python/bin/python" "$root/scripts/lib/sbom-check.py" "$work/wrong.json" "$binary"
checks_done
