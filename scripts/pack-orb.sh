#!/usr/bin/env bash
# Packs orb/src: scripts/pack-orb.sh [--version V] [--sums FILE] [OUT], where OUT is dist/orb.yml by default.
# shellcheck disable=SC2250 # Braces only where they are needed.
set -euo pipefail

# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/lib/tools.sh"

out=$root/dist/orb.yml
options=()
while (($#)); do
  case $1 in
  --version | --sums) options+=("$1" "${2:?$1 needs a value}") && shift 2 ;;
  -*) echo "usage: $0 [--version V] [--sums FILE] [OUT]" >&2 && exit 2 ;;
  *) out=$1 && shift ;;
  esac
done

mkdir -p "$(dirname "$out")"
(cd "$root" && cargo build --quiet --locked --workspace --bin orb-runner)
# A failed run does not change the old file.
trap 'rm -f "$out.new"' EXIT
# For the bash of macOS an empty array is an error, unless it is expanded like this.
"$target_dir/debug/orb-runner" pack "$root/orb/src" ${options[@]+"${options[@]}"} >"$out.new"
mv "$out.new" "$out"
