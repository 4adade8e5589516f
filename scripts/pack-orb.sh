#!/usr/bin/env bash
# Packs orb/src: scripts/pack-orb.sh [--version V] [--sums FILE] [OUT], where OUT is dist/orb.yml by default.
# shellcheck disable=SC2250 # Braces only where they are needed.
set -euo pipefail

repository=$(cd "$(dirname "$0")/.." && pwd)
out=$repository/dist/orb.yml
options=()
while (($#)); do
  case $1 in
  --version | --sums) options+=("$1" "${2:?$1 needs a value}") && shift 2 ;;
  -*) echo "usage: $0 [--version V] [--sums FILE] [OUT]" >&2 && exit 2 ;;
  *) out=$1 && shift ;;
  esac
done

mkdir -p "$(dirname "$out")"
cargo build --quiet --manifest-path "$repository/Cargo.toml" --workspace --bin orb-runner
target=${CARGO_TARGET_DIR:-$repository/target}
# A failed run leaves the old file as it is.
trap 'rm -f "$out.new"' EXIT
# An empty list is an error to the bash of macOS, unless it is written like this.
"$target/debug/orb-runner" pack "$repository/orb/src" ${options[@]+"${options[@]}"} >"$out.new"
mv "$out.new" "$out"
