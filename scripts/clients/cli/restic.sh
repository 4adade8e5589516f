#!/usr/bin/env bash
# Reads the configuration of a repository in the bucket matrix at the server GATE with restic. There is none: a server
# that says so has accepted the credentials.
# usage: restic.sh RESTIC
set -euo pipefail

said=$(RESTIC_PASSWORD=matrix "$1" --no-cache --no-lock -r "s3:${GATE:?}/matrix" cat config 2>&1) ||
  if ! grep -q 'key does not exist\|repository does not exist' <<<"$said"; then
    printf '%s\n' "$said" >&2
    exit 1
  fi
echo ok
