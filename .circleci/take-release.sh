#!/usr/bin/env bash
# Copies the files of a release into a new directory, if they are those that the first stage made.
# usage: RELEASE_SUMS=LINES .circleci/take-release.sh FROM INTO
#
# RELEASE_SUMS has a line of sha256sum for each file. It is part of the config of the second stage, which nobody can
# change once it runs. FROM comes from a cache, which any pipeline of the project can replace, so no list or digest in
# it counts. The copies are checked, not the files in FROM: what is checked is what the caller then publishes.
set -euo pipefail

from=$1
into=$2
sums=${RELEASE_SUMS:-}
sums=${sums%$'\n'}

refuse() {
  printf 'error: this is not the release that the first stage made: %s\n' "$1" >&2
  printf '  hint: publish nothing from this pipeline; look for another pipeline that saved a cache of the same key\n' >&2
  rm -rf "$into"
  exit 1
}

mkdir "$into"
[ -n "$sums" ] || refuse 'the config has no digests (RELEASE_SUMS)'
while read -r digest file; do
  [[ $digest =~ ^[0-9a-f]{64}$ && $file =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ ]] ||
    refuse 'a line of RELEASE_SUMS is not a digest and a file name'
  # A link could name another file for each reader.
  [ -f "$from/$file" ] && [ ! -L "$from/$file" ] || refuse "there is no file \`$file\`"
  cp "$from/$file" "$into/$file"
done <<<"$sums"
(cd "$into" && sha256sum --check --strict) <<<"$sums" || refuse 'a file has another digest'
