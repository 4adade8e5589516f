#!/usr/bin/env bash
# Turns a directory of built binaries into a release: writes SHA256SUMS and the orb that accepts these binaries alone.
# usage: scripts/release.sh [--only PLATFORM]... VERSION DIST_DIR
#
# DIST_DIR holds one binary for each platform, under the name that the orb's install command downloads. With --only, a
# subset is enough. VERSION must be the workspace's. A failed run leaves no SHA256SUMS and no orb.yml.
set -euo pipefail
shopt -s inherit_errexit
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/lib/tools.sh"

name=circleci-aws-oidc
platforms=(linux-x86_64 linux-aarch64 macos-x86_64 macos-aarch64 windows-x86_64)

refuse() {
  say "error: $1"
  exit "${2:-1}"
}

# The name of a platform's binary, in DIST_DIR and where it is downloaded from.
file_of() {
  case $1 in
  windows-*) printf '%s-%s.exe\n' "$name" "$1" ;;
  *) printf '%s-%s\n' "$name" "$1" ;;
  esac
}

# The platform of a program, read from its header: a file under the wrong name would pass every other check.
platform_of() {
  local header
  header=$(od -An -v -tx1 -N20 "$1" | tr -d ' \n')
  case $header in
  7f454c4602*3e00) printf 'linux-x86_64\n' ;;
  7f454c4602*b700) printf 'linux-aarch64\n' ;;
  cffaedfe07000001*) printf 'macos-x86_64\n' ;;
  cffaedfe0c000001*) printf 'macos-aarch64\n' ;;
  4d5a*) printf 'windows-x86_64\n' ;;
  *) printf 'no platform of ours\n' ;;
  esac
}

platform_here() {
  case "$(uname -s) $(uname -m)" in
  'Linux x86_64') printf 'linux-x86_64\n' ;;
  'Linux aarch64') printf 'linux-aarch64\n' ;;
  'Darwin x86_64') printf 'macos-x86_64\n' ;;
  'Darwin arm64') printf 'macos-aarch64\n' ;;
  *) printf 'another\n' ;;
  esac
}

# macOS has shasum.
digests_of() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum "$@"; else shasum -a 256 "$@"; fi
}

# --- arguments

only=()
while [[ ${1:-} == -* ]]; do
  [ "$1" = --only ] && [ $# -ge 2 ] || refuse "usage: scripts/release.sh [--only PLATFORM]... VERSION DIST_DIR" 2
  [[ " ${platforms[*]} " == *" $2 "* ]] || refuse "no platform \`$2\`; there are ${platforms[*]}" 2
  only+=("$2")
  shift 2
done
[ $# -eq 2 ] || refuse "usage: scripts/release.sh [--only PLATFORM]... VERSION DIST_DIR" 2
[ ${#only[@]} -eq 0 ] || platforms=("${only[@]}")
version=$1
[ -d "$2" ] || refuse "no directory \`$2\`"
dist=$(cd "$2" && pwd)
rm -f "$dist/SHA256SUMS" "$dist/orb.yml"

package=$(cargo pkgid --offline --locked --manifest-path "$root/Cargo.toml" -p "$name")
workspace_version=${package##*[@#]}
[ "$version" = "$workspace_version" ] ||
  refuse "version \`$version\` was asked for, and Cargo.toml has \`$workspace_version\`"

# --- the binaries

files=()
for platform in "${platforms[@]}"; do
  file=$(file_of "$platform")
  [ -f "$dist/$file" ] || refuse "\`$2\` has no \`$file\`"
  found=$(platform_of "$dist/$file")
  [ "$found" = "$platform" ] || refuse "\`$file\` is a program for $found"
  if [ "$platform" = "$(platform_here)" ]; then
    printed=$("$dist/$file" --version) || refuse "\`$file\` does not run"
    [ "$printed" = "$name $version" ] || refuse "\`$file\` says that it is \`$printed\`"
  fi
  files+=("$file")
done

# --- the release

# Names without a directory, so that `sha256sum -c` works where the files are.
sums=$(cd "$dist" && digests_of "${files[@]}")
printf '%s\n' "$sums" >"$dist/SHA256SUMS.new"
trap 'rm -f "$dist/SHA256SUMS.new"' EXIT
"$root/scripts/pack-orb.sh" --version "$version" --sums "$dist/SHA256SUMS.new" "$dist/orb.yml"
mv "$dist/SHA256SUMS.new" "$dist/SHA256SUMS"

printf 'release %s in %s:\n' "$version" "$dist"
(cd "$dist" && ls -l "${files[@]}" SHA256SUMS orb.yml)
printf '%s\n' "$sums"
