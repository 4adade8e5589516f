#!/usr/bin/env bash
# Writes the digests of a published release into orb/src/scripts/pins.txt. The GitHub action runs from a commit, and only a
# commit after the release can hold them; the orb gets them when it is packed.
# usage: scripts/pin-release.sh SHA256SUMS
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/lib/tools.sh"

sums=$(realpath "${1:?usage: scripts/pin-release.sh SHA256SUMS}")
pins=$root/orb/src/scripts/pins.txt
(cd "$root" && cargo build --quiet --locked --workspace --bin orb-runner)
# A failed run does not change the old file.
trap 'rm -f "$pins.new"' EXIT
"$target_dir/debug/orb-runner" pins "$root/orb/src" --sums "$sums" >"$pins.new"
mv "$pins.new" "$pins"
cat "$pins"
say "commit this file; that commit is the one to name in \`uses: …/.github/configure-aws-credentials@COMMIT\`"
