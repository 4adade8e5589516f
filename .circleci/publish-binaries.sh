#!/usr/bin/env bash
# Publishes the files of a release on GitHub, in the repository that Cargo.toml names: all of them or none.
# usage: RELEASE_SUMS=LINES .circleci/publish-binaries.sh TAG RELEASE
#
# RELEASE has SHA256SUMS.sig, too, which comes from a job after the first stage; its signature is checked.
# Needs curl, jq and ssh-keygen, and a token in GITHUB_TOKEN that may write the repository's contents. The release is a draft,
# which is not public, until every file is uploaded: a published orb must find its binaries.
set -euo pipefail
shopt -s inherit_errexit

tag=$1
root=$(cd "$(dirname "$0")/.." && pwd)
repository=$(sed -n 's|^repository = "https://github.com/\(.*\)"$|\1|p' "$root/Cargo.toml")
api=${GITHUB_API_URL:-https://api.github.com}/repos/$repository/releases
: "${GITHUB_TOKEN:?a token that may write the contents of $repository}"

# The token is read from a pipe, because other processes can read a command line.
github() {
  curl --fail-with-body --silent --show-error --connect-timeout 10 --max-time 300 \
    --header 'Accept: application/vnd.github+json' --header 'X-GitHub-Api-Version: 2022-11-28' \
    --config <(printf 'header = "Authorization: Bearer %s"\n' "$GITHUB_TOKEN") "$@"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$root/.circleci/take-release.sh" "$2" "$work/release"
cp --no-dereference "$2/SHA256SUMS.sig" "$work/release"
"$root/.circleci/verify-signature.sh" "$work/release"

body=$(jq -n --arg tag "$tag" '{tag_name: $tag, name: $tag, draft: true, generate_release_notes: true}')
release=$(github --data "$body" "$api")
id=$(jq -re .id <<<"$release")
# GitHub returns a template: `…/assets{?name,label}`.
uploads=$(jq -re .upload_url <<<"$release")
uploads=${uploads%%\{*}

for file in "$work"/release/*; do
  github --header 'Content-Type: application/octet-stream' --data-binary "@$file" "$uploads?name=${file##*/}" |
    jq -re 'if .name then "uploaded \(.name), \(.size) bytes" else "GitHub says: \(.message)" end'
done
github --request PATCH --data '{"draft": false}' "$api/$id" | jq -r '"published \(.html_url)"'
