#!/usr/bin/env bash
# Signs the list of digests of a release: writes SHA256SUMS.sig, which whoever downloads a file by hand can verify with
# ssh-keygen and docs/release-signers. The list has every file of the release but the orb, whose versions never change.
# usage: RELEASE_SUMS=LINES .circleci/sign-release.sh RELEASE OUT_DIR
#
# Needs OpenSSH 8.2, and in RELEASE_SIGNING_KEY the private key of one of docs/release-signers, without a passphrase, as
# one line of base64. The key is in no file and on no command line: ssh-add reads it from a pipe, and the agent ends with
# this script.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
: "${RELEASE_SIGNING_KEY:?a private key, base64}"
work=$(mktemp -d)
trap 'rm -rf "$work"; ssh-agent -k >/dev/null 2>&1 || true' EXIT
"$root/.circleci/take-release.sh" "$1" "$work/release"

agent=$(ssh-agent -s)
eval "$agent" >/dev/null
base64 -d <<<"$RELEASE_SIGNING_KEY" | ssh-add -q -
unset RELEASE_SIGNING_KEY
ssh-add -L >"$work/key.pub"
ssh-keygen -q -Y sign -f "$work/key.pub" -n circleci-aws-oidc-release "$work/release/SHA256SUMS"
# Before anything is public: a key that users do not know makes a signature that none of them can verify.
"$root/.circleci/verify-signature.sh" "$work/release"
mkdir -p "$2"
cp "$work/release/SHA256SUMS.sig" "$2"
