#!/usr/bin/env bash
# Publishes the orb of a release: the very file whose text the second stage ran as its orb.
# usage: RELEASE_SUMS=LINES .circleci/publish-orb.sh TAG RELEASE
#
# Needs CircleCI's CLI, and in CIRCLE_TOKEN a token of an owner of the namespace's organization.
set -euo pipefail

tag=$1
root=$(cd "$(dirname "$0")/.." && pwd)
orb=$(cat "$root/orb/namespace")/aws-oidc
: "${CIRCLE_TOKEN:?a token of an owner of the namespace}"
[[ $tag =~ ^v[0-9]+\.[0-9]+\.[0-9]+$ ]] || {
  printf 'error: the tag `%s` names no version; expected v1.2.3\n' "$tag" >&2
  exit 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$root/.circleci/take-release.sh" "$2" "$work/release"
# The CLI reads the token from this variable; other processes can read a command line.
CIRCLECI_CLI_TOKEN=$CIRCLE_TOKEN circleci orb publish --skip-update-check "$work/release/orb.yml" "$orb@${tag#v}"
