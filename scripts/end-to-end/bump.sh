#!/usr/bin/env bash
# scripts/bump-version.sh in a copy of the tree: every test that compares versions passes there, and fails where one place
# was left out.
# usage: scripts/end-to-end/bump.sh
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# In the same place each time: the tests know their place, and cargo would not build them again for another one.
copy=$target_dir/bumped/tree
rm -rf "$copy"
mkdir -p "$copy"
(cd "$root" && git ls-files -z --cached --others --exclude-standard | tar -c --null --files-from=-) | tar -x -C "$copy"
[ -e "$copy/CHANGELOG.md" ] || printf '# Changelog\n\n## [Unreleased]\n\n- A change.\n' >"$copy/CHANGELOG.md"
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml")

bump() { "$copy/scripts/bump-version.sh" "$@"; }
for wrong in v7.8.9 7.8 7.8.9-rc1 07.8.9 "$version" 0.0.1 ''; do
  check_fails "the version \`$wrong\` is refused" bump "$wrong"
done
check_output 'a refusal changes nothing' "$version" sed -n 's/^version = "\(.*\)"$/\1/p' "$copy/Cargo.toml"
bump 7.8.9

# Of the crates of other tests nothing is built: the tests of the names, of the orb's review and of the packer.
tests_pass() {
  (cd "$copy" && export CARGO_TARGET_DIR="$target_dir/bumped/target" CARGO_NET_OFFLINE=true &&
    cargo test --quiet --locked -p testkit --test it release::names &&
    cargo test --quiet --locked -p orb-runner --test it -- orb_review packing jobs::install::without_a_digest jobs::install::the_pinned_digests) >"$work/log" 2>&1
}
tests_pass || broken 'the tests that compare versions pass' "$(grep -v '^ *[0-9]*: \|^ *at ' "$work/log" | tail -n 30)"
held 'the tests that compare versions pass'
check_output 'the orb pins the version and no digest of another one' version=7.8.9 cat "$copy/orb/src/scripts/pins.txt"
# own_packages: the packages of the lock file that have no source, with their versions.
own_packages() { awk 'BEGIN { RS = "" } !/\nsource = / && /^\[\[package\]\]/ { gsub(/"/, ""); print $4, $7 }' "$1"; }
own=$(own_packages "$copy/crates/fuzz/Cargo.lock")
[ "$(wc -l <<<"$own")" -gt 3 ] || broken 'the fuzz targets use crates of this tree' "$own"
check_output 'the lock file of the fuzz targets has the version, but for their own crate' 'fuzz 0.1.0' grep -v ' 7\.8\.9$' <<<"$own"
heading="## [7.8.9] - $(date -u +%Y-%m-%d)"
check 'the changelog has the version, under an empty one to come' \
  bash -c 'awk "/^## /" "$1" | head -n 2 | diff - <(printf "%s\n" "## [Unreleased]" "$2")' heads "$copy/CHANGELOG.md" "$heading"

# old_references: where the old version is still written.
old_references() {
  grep -rnF --exclude-dir=target -e "$(cat "$root/orb/namespace")/aws-oidc@${version%.*}" -e "releases/download/v$version" \
    -e "circleci-aws-oidc $version" -e "\"semanticVersion\":\"$version\"" "$1" && return
  [ $? -eq 1 ]
}
[ "$(old_references "$root/orb" | wc -l)" -gt 10 ] || broken 'the search finds references' "$(old_references "$root/orb")"
check_output 'no reference to the old version is left' '' old_references "$copy"

# Counter-check: each place is compared by a test.
examples=("$copy"/orb/src/examples/*.yml)
for place in orb/src/scripts/pins.txt "${examples[0]#"$copy/"}" README.md; do
  cp "$copy/$place" "$work/kept"
  cp "$root/$place" "$copy/$place"
  check_fails "without $place a test fails" tests_pass
  cp "$work/kept" "$copy/$place"
done
# --- the names of a fork, by docs/RELEASING.md

rename=$(awk '/^ *```/ { if (is_open && index(lines, "YOUR-FORK")) printf "%s", lines; is_open = !is_open; lines = ""; next }
  is_open { sub(/^   /, ""); lines = lines $0 "\n" }' "$root/docs/RELEASING.md")
[ -n "$rename" ] || broken 'the page has the commands' 'there is no block with YOUR-FORK'
(cd "$copy" && git init -q && git add -A)
renames() { (cd "$copy" && CARGO_TARGET_DIR="$target_dir/bumped/target" CARGO_NET_OFFLINE=true bash -euo pipefail -c "$rename") >"$work/log" 2>&1; }
renames || broken 'the names of a fork are in every place' "$(tail -n 30 "$work/log")"
check_output 'the names of a fork are in every place' 'repository = "https://github.com/YOUR-ORG/YOUR-FORK"' grep '^repository = ' "$copy/Cargo.toml"
checks_done
