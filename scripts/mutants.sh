#!/usr/bin/env bash
# Changes the code of a crate in one place after the other, and shows the changes that its tests do not notice.
# usage: scripts/mutants.sh PACKAGE [--file GLOB]... [--re REGEX]... [--shard K/N] [FILTER...]
#
# cargo-mutants lists the changes; GLOB, REGEX and the shard choose some of them. scripts/lib/mutants.py builds all of
# them at once, in a copy of the tree, and runs the package's own tests with each: those that reach it, until one fails.
# FILTERs choose among its integration tests. Of the binary, all tests take ten minutes before the first mutant.
# The list of all outcomes is mutants/PACKAGE.json in cargo's target directory.
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/lib/tools.sh"
cd "$root"

usage="usage: scripts/mutants.sh PACKAGE [--file GLOB]... [--re REGEX]... [--shard K/N] [FILTER...]"
[ $# -gt 0 ] || { say "$usage" && exit 2; }
package=$1
shift
chosen=(--package "$package")
while [[ ${1:-} == --* ]]; do
  chosen+=("$1" "$2")
  shift 2
done
case $package in
circleci-aws-oidc) crate=cli ;;
*) crate=$package ;;
esac
mutants=$(cargo_has cargo-mutants 27.1.0)
python=$(python_has mutants)
out=$target_dir/mutants
rm -rf "$out/tree"
mkdir -p "$out/tree"
"$mutants" mutants --list --json "${chosen[@]}" >"$out/$package-list.json"
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$out/tree"
# Without debugging information a build is quicker.
CARGO_TARGET_DIR="$out/build" CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_TEST_DEBUG=0 \
  "$python/bin/python" scripts/lib/mutants.py "$crate" "$out/$package-list.json" "$out/tree" "$out/$package.json" "$@"
