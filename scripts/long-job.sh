#!/usr/bin/env bash
# A job of five hours in some minutes: libfaketime sets the clock of this program forward, a minute at each step. STS fails
# in another way at each renewal, and a client that needs credentials each minute must always have valid ones.
# Prints the table of docs/reliability.md.
# usage: scripts/long-job.sh [BINARY]
# libfaketime is loaded into the program, and a static one loads nothing: the default is a development build, with glibc.
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"

apt_has faketime=faketime
binary=$(realpath "${1:-$(dev_binary circleci-aws-oidc)}")
ldd "$binary" >/dev/null 2>&1 || broken 'libfaketime can be loaded' "$binary is static"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
library=$(faketime -f +0 sh -c 'printf %s "$LD_PRELOAD"')
python3 "$root/scripts/lib/long-job.py" "$library" "$binary" "$work" ||
  broken 'there are valid credentials each minute' "$(tail -n 20 "$work"/*/log)"
held 'there are valid credentials each minute'
