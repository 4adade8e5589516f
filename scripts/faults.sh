#!/usr/bin/env bash
# Plays the faults of a network, each on each path to credentials: the rows of scripts/faults/table.txt, all error codes of
# STS and all 4xx and 5xx statuses. Checks exit code, attempts, time, files and secrets, and that docs/reliability.md says
# what was seen. Takes some minutes.
# usage: scripts/faults.sh BINARY [--page] [--only WORD]     --page writes the page; --only: the cases with WORD in their name
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/lib/tools.sh"

apt_has openssl=openssl python3=python3
binary=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/certificates"
"$root/scripts/faults/certificates.sh" "$work/certificates"
# Without its cache, which would be left in the tree.
python3 -B "$root/scripts/faults/run.py" "$binary" "$work" "${@:2}"
