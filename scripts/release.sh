#!/usr/bin/env bash
# Turns a directory of built programs into a release: compresses the binaries, writes SHA256SUMS and the orb that accepts
# these binaries alone.
# usage: scripts/release.sh [--only PLATFORM]... VERSION DIST_DIR
#
# DIST_DIR holds one binary for each platform, under the name that the orb's install command downloads; local-sts for the
# platforms that it is built for; and a bill of materials for both. With --only, the binaries of these platforms are
# enough. VERSION must be the workspace's. A failed run leaves no SHA256SUMS and no orb.yml.
set -euo pipefail
shopt -s inherit_errexit
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/lib/tools.sh"

name=circleci-aws-oidc
platforms=(linux-x86_64 linux-aarch64 macos-x86_64 macos-aarch64 windows-x86_64)
# The programs beside the product. local-sts makes private files as Unix does, so Windows has none.
sts_platforms=(linux-x86_64 linux-aarch64 macos-x86_64 macos-aarch64)
bills=(circleci-aws-oidc.cdx.json local-sts.cdx.json)

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
[ ${#only[@]} -eq 0 ] || platforms=("${only[@]}") sts_platforms=() bills=()
version=$1
[ -d "$2" ] || refuse "no directory \`$2\`"
dist=$(cd "$2" && pwd)
rm -f "$dist/SHA256SUMS" "$dist/orb.yml" "$dist/$name"-*.gz

package=$(cargo pkgid --offline --locked --manifest-path "$root/Cargo.toml" -p "$name")
workspace_version=${package##*[@#]}
[ "$version" = "$workspace_version" ] ||
  refuse "version \`$version\` was asked for, and Cargo.toml has \`$workspace_version\`"

# --- the binaries

files=()

# take PROGRAM PLATFORM FILE: adds the file, if it is this program for this platform.
take() {
  local found printed
  [ -f "$dist/$3" ] || refuse "the directory has no \`$3\`"
  found=$(platform_of "$dist/$3")
  [ "$found" = "$2" ] || refuse "\`$3\` is a program for $found"
  if [ "$2" = "$(platform_here)" ]; then
    printed=$("$dist/$3" --version) || refuse "\`$3\` does not run"
    [ "$printed" = "$1 $version" ] || refuse "\`$3\` says that it is \`$printed\`"
  fi
  files+=("$3")
}

for platform in "${platforms[@]}"; do take "$name" "$platform" "$(file_of "$platform")"; done
# For the bash of macOS an empty array is an error, unless it is expanded like this.
for platform in ${sts_platforms[@]+"${sts_platforms[@]}"}; do take local-sts "$platform" "local-sts-$platform"; done
for bill in ${bills[@]+"${bills[@]}"}; do
  grep -qsF "\"pkg:cargo/${bill%.cdx.json}@$version\"" "$dist/$bill" || refuse "\`$bill\` is missing, or of another version"
  files+=("$bill")
done

# --- the compressed binaries, which `install` asks for first

# Not of local-sts: nothing asks for it. Neither name nor time is in the file.
compressed=()
for file in "${files[@]}"; do
  [[ $file == "$name"-* ]] || continue
  gzip -9 -n <"$dist/$file" >"$dist/$file.gz"
  gzip -dc "$dist/$file.gz" | cmp -s - "$dist/$file" || refuse "\`$file.gz\` does not unpack to \`$file\`"
  compressed+=("$file.gz")
done
files+=("${compressed[@]}")

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
