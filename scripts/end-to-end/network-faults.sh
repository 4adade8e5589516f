#!/usr/bin/env bash
# The faults of a network on each path to credentials, and what docs/reliability.md says of them.
# usage: scripts/end-to-end/network-faults.sh BINARY
set -euo pipefail

exec "$(dirname "$0")/../faults.sh" "$1"
