#!/usr/bin/env bash
# Whether the SHA256SUMS in a directory is signed by one of docs/release-signers: the command that docs/get-the-binary.md
# has for users.
# usage: .circleci/verify-signature.sh DIRECTORY
set -euo pipefail

signers=$(cd "$(dirname "$0")/.." && pwd)/docs/release-signers
ssh-keygen -Y verify -f "$signers" -I release@circleci-aws-oidc -n circleci-aws-oidc-release \
  -s "$1/SHA256SUMS.sig" <"$1/SHA256SUMS" || {
  printf 'error: SHA256SUMS.sig is no signature of a key in docs/release-signers\n' >&2
  printf '  hint: compare RELEASE_SIGNING_KEY of the context aws-oidc-signing with docs/release-signers of this tag\n' >&2
  exit 1
}
