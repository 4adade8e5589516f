#!/usr/bin/env bash
# Prints the config of the second stage: test-deploy.yml with the orb of a release in it, byte for byte the orb.yml that
# will be published, and with the digest of every published file.
# usage: .circleci/second-stage.sh DIST
set -euo pipefail
shopt -s inherit_errexit

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$1"
mapfile -t files < <(cut -d' ' -f3 SHA256SUMS)
sums=$(sha256sum -- "${files[@]}" SHA256SUMS orb.yml)
# Deeper in the document, a line of block YAML means the same. An empty line stays empty.
orb=$(sed 's/^\(.\)/    \1/' orb.yml)

orbs=0
places=0
while IFS= read -r line; do
  if [ "$line" = '  aws-oidc: {}' ]; then
    printf '  aws-oidc:\n%s\n' "$orb"
    orbs=$((orbs + 1))
  elif [[ $line =~ ^(\ +)RELEASE_SUMS:\ \"\"$ ]]; then
    printf '%sRELEASE_SUMS: |\n' "${BASH_REMATCH[1]}"
    while IFS= read -r sum; do printf '%s  %s\n' "${BASH_REMATCH[1]}" "$sum"; done <<<"$sums"
    places=$((places + 1))
  else
    printf '%s\n' "$line"
  fi
done <"$root/.circleci/test-deploy.yml"
if [ "$orbs" -ne 1 ] || [ "$places" -eq 0 ]; then
  printf 'error: test-deploy.yml has %s places for the orb and %s for the digests\n' "$orbs" "$places" >&2
  exit 1
fi
